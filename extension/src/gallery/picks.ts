/** How many figures can be selected at once. */
export const PICKS_LIMIT = 10_000;

/** The figures that a person has selected in a gallery. They stay selected while others are looked at. */
export class Picks {
  #ids = new Set<string>();
  /** Row that a range extends from. */
  anchor = 0;

  get size(): number {
    return this.#ids.size;
  }

  get ids(): string[] {
    return [...this.#ids];
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  toggle(id: string): void {
    if (this.#ids.delete(id) || this.size >= PICKS_LIMIT) return;
    this.#ids.add(id);
  }

  /** Selects these beside what is selected. @returns whether all of them had room */
  add(ids: readonly string[]): boolean {
    for (const id of ids) {
      if (this.size >= PICKS_LIMIT && !this.#ids.has(id)) return false;
      this.#ids.add(id);
    }
    return true;
  }

  clear(): void {
    this.#ids.clear();
  }
}
