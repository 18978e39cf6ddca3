export interface TakeOptions {
  /** Goes before all that are not urgent. @default false */
  urgent?: boolean;
  signal?: AbortSignal | undefined;
}

/** A part of an allowance, held by one. */
export interface Share {
  readonly amount: number;
  /** Keeps only so much of it. */
  shrink(amount: number): void;
  /** Gives it back; the second time it does nothing. */
  release(): void;
}

interface Waiter {
  amount: number;
  grant(): void;
}

/**
 * An amount of something scarce, such as bytes of memory, that many share: who asks for more than is left waits until
 * others give back. Waiters are served in order, urgent ones first; one that asks for more than there is at all gets it
 * alone. Every operation takes constant time.
 */
export class Allowance {
  #used = 0;
  /** Sets keep the order, and let go of any element at once. */
  readonly #urgent = new Set<Waiter>();
  readonly #others = new Set<Waiter>();

  constructor(readonly limit: number) {}

  /** What is held now. */
  get used(): number {
    return this.#used;
  }

  get waiting(): number {
    return this.#urgent.size + this.#others.size;
  }

  /** @throws the reason of the signal when it is aborted before it is this one's turn */
  take(amount: number, { urgent = false, signal }: TakeOptions = {}): Promise<Share> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const queue = urgent ? this.#urgent : this.#others;
      const waiter: Waiter = {
        amount,
        grant: () => {
          queue.delete(waiter);
          signal?.removeEventListener("abort", leave);
          resolve(this.#hold(amount));
        },
      };
      const leave = () => {
        queue.delete(waiter);
        reject(signal!.reason as Error);
        this.#serve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      queue.add(waiter);
      this.#serve();
    });
  }

  #hold(amount: number): Share {
    this.#used += amount;
    let held = amount;
    const keep = (rest: number) => {
      if (rest >= held) return;
      this.#used -= held - rest;
      held = rest;
      this.#serve();
    };
    return {
      get amount() {
        return held;
      },
      shrink: keep,
      release: () => keep(0),
    };
  }

  #serve(): void {
    for (;;) {
      const next = first(this.#urgent) ?? first(this.#others);
      if (!next || (this.#used > 0 && this.#used + next.amount > this.limit)) return;
      next.grant();
    }
  }
}

const first = <T>(set: Set<T>): T | undefined => set.values().next().value;
