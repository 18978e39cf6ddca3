import { setMaxListeners } from "node:events";

/**
 * What is at work just now, to be given up all at once, whether or not it listens. The user's signal gets one listener
 * for all of it: an `AbortSignal` searches its listeners at every addition, which for thousands of items costs more
 * than the work around them.
 */
export class InFlight {
  readonly #controller = new AbortController();
  readonly #waiting = new Set<(reason: unknown) => void>();
  readonly #outer: AbortSignal;
  readonly #pass = () => this.giveUp(this.#outer.reason);

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    setMaxListeners(0, this.signal);
    if (outer.aborted) this.#pass();
    else outer.addEventListener("abort", this.#pass, { once: true });
  }

  /** For the work itself. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isGivenUp(): boolean {
    return this.signal.aborted;
  }

  /** The promise's value; rejects as soon as everything is given up. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.isGivenUp) reject(this.signal.reason as Error);
      this.#waiting.add(reject);
      promise.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  giveUp(reason: unknown): void {
    this.#controller.abort(reason);
    for (const reject of this.#waiting) reject(reason);
  }

  /** Lets go of the user's signal. */
  close(): void {
    this.#outer.removeEventListener("abort", this.#pass);
  }
}
