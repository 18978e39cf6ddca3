import { Gate } from "figloom/stages";

/**
 * Where a worker's items are at work: those of its shards side by side, or, while it is to be found out which one kills
 * its worker, those under suspicion alone. Is the `gate` of `runStage` for the former.
 */
export class Floor {
  #empty = () => {};
  readonly #gate = new Gate(() => this.#empty());

  /** `null` while it is open, otherwise resolves when it is again. */
  closed(): Promise<void> | null {
    return this.#gate.closed();
  }

  entered(): void {
    this.#gate.entered();
  }

  left(): void {
    this.#gate.left();
  }

  /** Does work while nothing else is at work; of several one after the other. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    for (let opened; (opened = this.#gate.closed());) await opened;
    this.#gate.shut();
    try {
      if (!this.#gate.isEmpty) await new Promise<void>((resolve) => (this.#empty = resolve));
      return await work();
    } finally {
      this.#empty = () => {};
      this.#gate.open();
    }
  }
}
