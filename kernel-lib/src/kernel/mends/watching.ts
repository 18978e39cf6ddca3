import type { Tslab } from "./tslab.js";

interface Timer {
  callback(): void;
}
interface Timers {
  setTimeout(callback: () => void, milliseconds: number, ...args: unknown[]): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * Mends the watching of files: when some change in the notebook's folder, TypeScript sets a timer for each thing that has to
 * be looked at again, while tslab has room for one and throws at the second ("Unexpected pending rebuildTimer"), so that the
 * next cell fails. Timers that come together share tslab's one, which it runs before each cell.
 */
export function mendWatching({ typescript }: Pick<Tslab, "typescript">): void {
  const sys = typescript.sys as unknown as Record<keyof Timers, unknown>;
  const shared = new WeakMap<object, SharedTimer>();
  for (const name of ["setTimeout", "clearTimeout"] as const) {
    const own = sys[name];
    // tslab makes an object that inherits from this one, and sets functions of its own on it.
    Object.defineProperty(sys, name, {
      configurable: true,
      get: () => own,
      set(this: object, given: Timers[typeof name]) {
        const timer = shared.get(this) ?? new SharedTimer();
        shared.set(this, timer);
        Object.assign(timer.given, { [name]: given });
        Object.defineProperty(this, name, { value: timer[name], writable: true, configurable: true });
      },
    });
  }
}

/** Any number of timers over one that has room for a single one. */
class SharedTimer {
  readonly given = {} as Timers;
  readonly #waiting = new Set<Timer>();
  #one: unknown = null;

  readonly setTimeout = (callback: () => void, milliseconds: number, ...args: unknown[]): Timer => {
    const timer = { callback: () => (callback as (...given: unknown[]) => void)(...args) };
    this.#waiting.add(timer);
    this.#one ??= this.given.setTimeout(() => this.#run(), milliseconds);
    return timer;
  };

  readonly clearTimeout = (timer: unknown): void => {
    this.#waiting.delete(timer as Timer);
    if (this.#waiting.size > 0 || this.#one === null) return;
    this.given.clearTimeout(this.#one);
    this.#one = null;
  };

  /** What is set meanwhile is run, too: the timer is taken until the end. */
  #run(): void {
    try {
      for (const timer of this.#waiting) {
        this.#waiting.delete(timer);
        timer.callback();
      }
    } finally {
      this.#one = null;
    }
  }
}
