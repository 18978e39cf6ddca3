import type { Cell } from "./cell.js";

/**
 * Mends interrupts. On stock tslab an interrupt (SIGINT) ends the cell, but what the cell awaited goes on unseen, and
 * nothing tells it to stop. Here the running cell's signal is aborted. When no cell runs, the interrupt goes to
 * background work of earlier cells that asked for its cell's signal; work of other cells is left alone otherwise.
 */
class Listening {
  readonly #cells = new Set<WeakRef<Cell>>();
  readonly #known = new WeakSet<Cell>();

  /** Remembers a cell weakly: its pending work holds on to it, so it is gone when the work is. */
  add(cell: Cell): void {
    if (this.#known.has(cell)) return;
    this.#known.add(cell);
    this.#cells.add(new WeakRef(cell));
  }

  interruptAll(): void {
    const cells = [...this.#cells];
    this.#cells.clear();
    for (const cell of cells) cell.deref()?.interrupt();
  }
}

export const listening = new Listening();

/** @param running the cell that runs now, if any. */
export function mendInterrupt(running: () => Cell | undefined): void {
  process.on("SIGINT", () => {
    const cell = running();
    if (cell) cell.interrupt();
    else listening.interruptAll();
  });
}

/**
 * Mends interrupts that kill the kernel. tslab runs a cell's synchronous part with Node's `breakOnSigint`, which
 * resets the process's signal handling at its end; when the code (or a library that starts child processes) added
 * its own SIGINT handler meanwhile, Node believes that handlers are in place and the next interrupt ended the kernel.
 * Taking them off and on again puts them in place.
 */
export function withSigintHandlers<T>(run: () => T): T {
  try {
    return run();
  } finally {
    const handlers = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
    process.removeAllListeners("SIGINT");
    for (const handler of handlers) process.on("SIGINT", handler);
  }
}
