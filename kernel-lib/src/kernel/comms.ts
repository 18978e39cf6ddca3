import { kernelState } from "./state.js";

/**
 * A two-way channel that a panel or renderer opened to this kernel. It works while a cell awaits. What arrives was
 * sent by a browser: check it before use.
 */
export interface Comm {
  readonly id: string;
  readonly target: string;
  /** Sends JSON to the front end; does nothing once closed. */
  send(data: unknown): void;
  /** Closes the channel from this side. `onClose` is not called. */
  close(data?: unknown): void;
  /** Called with each message; may be asynchronous. */
  onMessage?: (data: unknown) => void | Promise<void>;
  /** Called once when the front end closes the channel. */
  onClose?: (data: unknown) => void | Promise<void>;
}

/** Answers a front end that opens a comm: sets `onMessage` and `onClose`, and may send at once. */
export type OpenHandler = (comm: Comm, data: unknown) => void | Promise<void>;

/**
 * Calls `open` whenever the front end opens a comm on `target`; a later registration of the same target replaces
 * the earlier one. What a handler throws is written to stderr of the cell that registered it.
 *
 * On stock tslab comms never arrive and this has no effect.
 *
 * @returns a function that ends the registration; comms already open stay open.
 */
export function onComm(target: string, open: OpenHandler): () => void {
  const entry = { open, cell: kernelState.cells.getStore() };
  kernelState.targets.set(target, entry);
  return () => {
    if (kernelState.targets.get(target) === entry) kernelState.targets.delete(target);
  };
}
