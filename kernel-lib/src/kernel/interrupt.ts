import { currentCell, kernelState } from "./state.js";
import { stockDisplay } from "./stock.js";

let never: AbortSignal | undefined;
let shared: AbortController | undefined;

/**
 * The signal that long work started by a cell listens to.
 *
 * In a notebook it is the calling cell's own and is aborted when the user interrupts that cell, or interrupts the
 * kernel after the cell ended while its work still goes on. On stock tslab all work shares one signal, which the
 * next interrupt aborts. Elsewhere it never aborts; the command line handles Ctrl-C itself.
 */
export function kernelSignal(): AbortSignal {
  const cell = currentCell();
  if (cell) {
    cell.listen();
    return cell.signal;
  }
  if (kernelState.mended === null && stockDisplay()) return processSignal();
  return (never ??= new AbortController().signal);
}

function processSignal(): AbortSignal {
  if (!shared) {
    shared = new AbortController();
    // Not at once: a handler added while the cell's synchronous part runs makes the next interrupt kill the kernel.
    setImmediate(() =>
      process.once("SIGINT", () => {
        shared?.abort(new DOMException("Interrupted", "AbortError"));
        shared = undefined;
      }),
    );
  }
  return shared.signal;
}
