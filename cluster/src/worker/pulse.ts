import type { WorkerState } from "../run/beats.js";

/**
 * Which workers are seen to live: their counters move while we look. One whose heart was not seen to beat yet is not
 * taken for alive, nor for dead.
 */
export class Pulse {
  readonly #seen = new Map<string, { beat: number; changed: number | null }>();

  /** @param freshMs milliseconds that a beat counts for */
  constructor(
    private readonly freshMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  see(states: readonly Pick<WorkerState, "worker" | "beat">[]): void {
    for (const { worker, beat } of states) {
      const before = this.#seen.get(worker);
      if (!before) this.#seen.set(worker, { beat, changed: null });
      else if (before.beat !== beat) this.#seen.set(worker, { beat, changed: this.now() });
    }
  }

  isAlive(worker: string): boolean {
    const changed = this.#seen.get(worker)?.changed ?? null;
    return changed !== null && this.now() - changed < this.freshMs;
  }
}
