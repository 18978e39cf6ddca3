/** Keeps what was worked out for the keys asked last, and works it out once for all who ask at the same time. */
export class Recent<T> {
  readonly #kept = new Map<string, Promise<T>>();

  constructor(
    private readonly limit: number,
    private readonly drop: (value: T) => void = () => undefined,
  ) {}

  /** Forgets what was worked out for some keys. */
  forget(which: (key: string) => boolean): void {
    for (const [key, value] of this.#kept) {
      if (!which(key)) continue;
      this.#kept.delete(key);
      void value.then(this.drop, () => undefined);
    }
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known) this.#kept.delete(key);
    const value = known ?? make();
    this.#kept.set(key, value);
    if (!known) {
      value.catch(() => this.#kept.get(key) === value && this.#kept.delete(key));
      const [oldest] = this.#kept;
      if (this.#kept.size > this.limit && oldest) {
        this.#kept.delete(oldest[0]);
        void oldest[1].then(this.drop, () => undefined);
      }
    }
    return value;
  }
}
