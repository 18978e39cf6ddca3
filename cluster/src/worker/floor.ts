/**
 * Where a worker's items are at work: those of its shards side by side, or, while it is to be found out which one kills
 * its worker, those under suspicion alone. Is the `gate` of `runStage` for the former.
 */
export class Floor {
  #inside = 0;
  #shut: { opened: Promise<void>; open: () => void } | null = null;
  #empty = () => {};

  /** `null` while it is open, otherwise resolves when it is again. */
  closed(): Promise<void> | null {
    return this.#shut && this.#shut.opened;
  }

  entered(): void {
    this.#inside++;
  }

  left(): void {
    this.#inside--;
    if (this.#inside === 0) this.#empty();
  }

  /** Does work while nothing else is at work; of several one after the other. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#shut) await this.#shut.opened;
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#shut = { opened, open };
    try {
      if (this.#inside > 0) await new Promise<void>((resolve) => (this.#empty = resolve));
      return await work();
    } finally {
      this.#empty = () => {};
      this.#shut = null;
      open();
    }
  }
}
