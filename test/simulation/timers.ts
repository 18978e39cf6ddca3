import type { Clock, Due } from "./clock.js";

/** What somebody intends to do; all of it is called off when they end. */
export class Timers {
  readonly #clock: Clock;
  readonly #dues = new Set<Due>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(seconds: number, action: () => void): Due {
    const due = this.#clock.after(seconds, () => {
      this.#dues.delete(due);
      action();
    });
    this.#dues.add(due);
    return due;
  }

  cancel(due: Due | null): void {
    if (!due) return;
    due.cancelled = true;
    this.#dues.delete(due);
  }

  end(): void {
    for (const due of this.#dues) due.cancelled = true;
    this.#dues.clear();
  }
}
