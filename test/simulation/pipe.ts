import type { Clock, Due } from "./clock.js";

interface Transfer {
  left: number;
  done: () => void;
}

/** The way from a shared file system: what all read at once is shared evenly, and no one reads faster than it can. */
export class Pipe {
  readonly #clock: Clock;
  readonly #all: number;
  readonly #each: number;
  readonly #transfers = new Set<Transfer>();
  #since = 0;
  #next: Due | null = null;

  /** @param all bytes a second in all @param each of one reader */
  constructor(clock: Clock, all: number, each: number) {
    this.#clock = clock;
    this.#all = all;
    this.#each = each;
  }

  /** @returns gives the transfer up */
  read(bytes: number, done: () => void): () => void {
    this.#advance();
    const transfer = { left: bytes, done };
    this.#transfers.add(transfer);
    this.#plan();
    return () => {
      this.#advance();
      this.#transfers.delete(transfer);
      this.#plan();
    };
  }

  get #rate(): number {
    return Math.min(this.#each, this.#all / Math.max(1, this.#transfers.size));
  }

  #advance(): void {
    const bytes = this.#rate * (this.#clock.now - this.#since);
    for (const transfer of this.#transfers) transfer.left -= bytes;
    this.#since = this.#clock.now;
  }

  #plan(): void {
    if (this.#next) this.#next.cancelled = true;
    this.#next = null;
    if (this.#transfers.size === 0) return;
    const least = Math.min(...[...this.#transfers].map(({ left }) => left));
    this.#next = this.#clock.after(least / this.#rate, () => {
      this.#advance();
      const ended = [...this.#transfers].filter(({ left }) => left <= 1);
      for (const transfer of ended) this.#transfers.delete(transfer);
      this.#plan();
      for (const { done } of ended) done();
    });
  }
}
