/** Work that is done once for all who ask for it, at the same time or later; after a failure it is done anew. */
export class Once<T> {
  #made: Promise<T> | undefined;

  get(work: () => Promise<T>): Promise<T> {
    if (this.#made) return this.#made;
    const made = work();
    this.#made = made;
    made.catch(() => {
      if (this.#made === made) this.#made = undefined;
    });
    return made;
  }

  /** Whoever asks next has it done anew. */
  forget(): void {
    this.#made = undefined;
  }
}
