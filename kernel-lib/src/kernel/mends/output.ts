import { currentCell } from "../state.js";
import type { Tslab } from "./tslab.js";

type Write = typeof process.stdout.write;

/**
 * Mends where output goes. Stock tslab gives everything that is printed or displayed to the newest request, so the
 * log lines of background work moved into the next cell, or vanished into a panel's request. Here the asynchronous
 * context tells which cell started the work, also after that cell ended. Only text whose origin is lost (some native
 * event emitters) goes to the newest cell.
 */
export function mendOutput({ jupyter }: Tslab): void {
  for (const name of ["stdout", "stderr"] as const) process[name].write = writeToCell(name);
  jupyter.lastWriteDisplayData = (message, update) =>
    currentCell()?.publish(update ? "update_display_data" : "display_data", message);
}

function writeToCell(name: "stdout" | "stderr"): Write {
  const terminal = process[name].write.bind(process[name]) as Write;
  const decoders = new WeakMap<object, TextDecoder>();
  return ((chunk: string | Uint8Array, ...rest: [never, never]) => {
    const cell = currentCell();
    if (!cell) return terminal(chunk, ...rest);
    const decoder = decoders.get(cell) ?? new TextDecoder();
    decoders.set(cell, decoder);
    cell.write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const written = rest.find((value) => typeof value === "function") as (() => void) | undefined;
    if (written) queueMicrotask(written);
    return true;
  }) as Write;
}
