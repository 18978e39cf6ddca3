/** What takes memory. */
export interface Kept {
  /** Bytes. */
  readonly byteLength: number;
}

/** Keeps what was worked out for the keys asked last, and works it out once for all who ask at the same time. */
export class Recent {
  readonly #kept = new Map<string, { value: Promise<Kept>; bytes: number }>();
  #bytes = 0;

  /** @param limit bytes, about: what was asked last is kept whatever it takes */
  constructor(private readonly limit: number) {}

  /** Each key has one kind of value. */
  get<T extends Kept>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.value as Promise<T>;
    }
    const value = make();
    const entry = { value, bytes: 0 };
    this.#kept.set(key, entry);
    value.then(
      ({ byteLength }) => {
        if (this.#kept.get(key) !== entry) return;
        entry.bytes = byteLength;
        this.#bytes += byteLength;
        this.#makeRoom(key);
      },
      () => this.#kept.get(key) === entry && this.#kept.delete(key),
    );
    return value;
  }

  /** Forgets what was worked out for some keys. */
  forget(which: (key: string) => boolean): void {
    for (const key of [...this.#kept.keys()].filter(which)) this.#drop(key);
  }

  #makeRoom(newest: string): void {
    for (const [key, { bytes }] of this.#kept) {
      if (this.#bytes <= this.limit) return;
      if (key !== newest && bytes > 0) this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)!.bytes;
    this.#kept.delete(key);
  }
}
