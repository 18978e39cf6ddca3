/** Who is told about servers: whoever works with them, and while nobody does, `otherwise`. */
export class Notices {
  readonly #listeners = new Set<(text: string) => void>();

  constructor(readonly otherwise: (text: string) => void) {}

  say(text: string): void {
    if (this.#listeners.size === 0) this.otherwise(text);
    for (const listener of this.#listeners) listener(text);
  }

  /** @returns ends it */
  listen(listener: (text: string) => void): () => void {
    const own = (text: string) => listener(text);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}
