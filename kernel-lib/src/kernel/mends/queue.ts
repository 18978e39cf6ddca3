/** How long a failed request's reply waits, so that requests sent before it are read and cancelled. */
const SETTLE_MS = 50;

export interface QueueRules {
  /** Whether a failure before this request cancels it. */
  cancellable: boolean;
  /** Whether its own failure cancels what was sent before its reply. */
  stopsOthers: boolean;
}

/**
 * Mends what happens after an error. Stock tslab cancels whatever arrives in the 200 ms after a failed request,
 * whoever sent it: a panel's failing request cancelled the user's cells, and a client that sends the next cell right
 * after the reply lost it. Here a failure cancels what was sent before its reply: cells behind a failed one, but
 * nothing that was sent in the knowledge of it; silent requests neither cancel nor are cancelled.
 */
export class ExecutionQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #settling = 0;

  /** Runs `task` after those before it; `null` when it was cancelled. */
  async run<T extends { ok: boolean }>(task: () => Promise<T>, rules: QueueRules): Promise<T | null> {
    if (rules.cancellable && this.#settling > 0) return null;
    const failures = this.#failures;
    let stopped = false;
    const result = this.#tail.then(async () => {
      if (rules.cancellable && failures !== this.#failures) return null;
      const outcome = await task();
      if (!outcome.ok && rules.stopsOthers) {
        this.#failures++;
        this.#settling++;
        stopped = true;
      }
      return outcome;
    });
    this.#tail = result.catch(() => undefined);
    const outcome = await result;
    if (stopped) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      this.#settling--;
    }
    return outcome;
  }
}
