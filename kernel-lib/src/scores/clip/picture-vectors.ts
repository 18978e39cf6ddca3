/** Vectors of the pictures that were asked for last: a figure's captions come one after another. */
export class PictureVectors {
  readonly #kept = new Map<string, Promise<Float32Array>>();
  readonly #given = new Set<string>();

  /** @param capacity pictures; each costs some kilobytes */
  constructor(private readonly capacity = 1024) {}

  /** @param key what says that two pictures are the same, such as a file's SHA-256 */
  async of(key: string, make: () => Promise<Float32Array>): Promise<Float32Array> {
    const vector = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    this.#kept.set(key, vector);
    this.#trim(this.#kept);
    try {
      return await vector;
    } catch (error) {
      if (this.#kept.get(key) === vector) this.#kept.delete(key);
      throw error;
    }
  }

  /** Whether a figure is given its picture's vector for the first time, as far as is remembered. */
  isFirstFor(figure_id: string): boolean {
    const first = !this.#given.has(figure_id);
    this.#given.add(figure_id);
    this.#trim(this.#given);
    return first;
  }

  clear(): void {
    this.#kept.clear();
    this.#given.clear();
  }

  #trim(kept: Map<string, unknown> | Set<string>): void {
    if (kept.size > this.capacity) kept.delete(kept.keys().next().value!);
  }
}
