import type { Clock } from "./clock.js";

/** Timers, and calls with a limit of time, that can all be stopped at once, so that none outlives its purpose. */
export class Timers {
  readonly #running = new Map<unknown, (() => void) | undefined>();

  constructor(readonly clock: Clock) {}

  /** @param stopped called when {@link stopAll} comes first */
  after(ms: number, call: () => void, stopped?: () => void): unknown {
    const timer: unknown = this.clock.setTimeout(() => {
      this.#running.delete(timer);
      call();
    }, ms);
    this.#running.set(timer, stopped);
    return timer;
  }

  stop(timer: unknown): void {
    if (this.#running.delete(timer)) this.clock.clearTimeout(timer);
  }

  stopAll(): void {
    const running = [...this.#running];
    this.#running.clear();
    for (const [timer, stopped] of running) {
      this.clock.clearTimeout(timer);
      stopped?.();
    }
  }

  /**
   * What `work` gives; `fallback` when it fails or takes longer than `ms`; `undefined` when all was stopped. Its signal
   * is aborted when its result is wanted no more.
   */
  within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>, fallback: T): Promise<T | undefined> {
    return new Promise((resolve) => {
      const controller = new AbortController();
      const giveUp = (value: T | undefined) => {
        resolve(value);
        controller.abort();
      };
      const timer = this.after(
        ms,
        () => giveUp(fallback),
        () => giveUp(undefined),
      );
      const end = (value: T) => {
        this.stop(timer);
        resolve(value);
      };
      const begin = async () => work(controller.signal);
      begin().then(end, () => end(fallback));
    });
  }

  /** Resolves to `false` when all was stopped before the time was over. */
  pause(ms: number): Promise<boolean> {
    return new Promise((resolve) =>
      this.after(
        ms,
        () => resolve(true),
        () => resolve(false),
      ),
    );
  }
}
