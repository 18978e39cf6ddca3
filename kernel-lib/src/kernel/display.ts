import { randomUUID } from "node:crypto";
import { currentCell, kernelState } from "./state.js";
import { stockDisplay } from "./stock.js";

/**
 * Representations of one thing by MIME type: strings, JSON objects, or bytes (sent as base64). Always give
 * `text/plain`: a front end that knows none of the types shows nothing at all.
 */
export type MimeBundle = Record<string, unknown>;

export interface ShowOptions {
  /** Names the output for later updates; unique within the notebook. @default a random id */
  id?: string;
  /** Hints for the renderers by MIME type, such as `{ "image/png": { width: 320 } }`. */
  metadata?: Record<string, unknown>;
}

/** An output that is on display. */
export interface Display {
  readonly id: string;
  /** Replaces what is shown, also after the cell ended. */
  update(bundle: MimeBundle): void;
}

/** Whether this code runs in a notebook kernel and has a cell to show things under. */
export function inNotebook(): boolean {
  return kernelState.mended !== null ? currentCell() !== undefined : stockDisplay() !== null;
}

/**
 * Shows one thing in several representations under the calling cell; the front end draws the richest it knows.
 * Outside a notebook its `text/plain` is printed to stdout, and an update prints again when the text changed.
 *
 * A message over a few MB makes the notebook slow to open and save: send paths, not data.
 */
export function show(bundle: MimeBundle, options: ShowOptions = {}): Display {
  const id = options.id ?? randomUUID();
  const send = sender();
  const message = (from: MimeBundle) => ({
    data: encode(from),
    metadata: options.metadata ?? {},
    transient: { display_id: id },
  });
  send(message(bundle), false);
  return { id, update: (next) => send(message(next), true) };
}

/** Says that a value is on display already: as the last expression of a cell it is not shown once more. */
export function markShown(value: object): void {
  kernelState.shown.add(value);
}

/** How a display of the calling code travels, decided once: an update stays with the cell that showed it. */
function sender(): (message: { data: MimeBundle }, update: boolean) => void {
  const cell = currentCell();
  if (cell)
    return (message, update) => cell.publish(update ? "update_display_data" : "display_data", message);
  const stock = stockDisplay();
  return stock ?? printer();
}

function printer(): (message: { data: MimeBundle }) => void {
  let printed: unknown;
  return ({ data }) => {
    const text = data["text/plain"];
    if (text === undefined || text === printed) return;
    printed = text;
    process.stdout.write(`${String(text)}\n`);
  };
}

function encode(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    entries.map(([mime, value]) => [
      mime,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
}
