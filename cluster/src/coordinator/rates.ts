import type { WorkerState } from "../run/beats.js";

/** How fast workers are lately: what they made between heartbeats, by their own clocks; older ones fade. */
export class Rates {
  readonly #seen = new Map<string, { made: number; at: number; perSecond: number | null }>();

  see(states: readonly Pick<WorkerState, "worker" | "done" | "failed" | "failedBefore" | "at">[]): void {
    for (const { worker, done, failed, failedBefore, at } of states) {
      const made = done + failed - failedBefore;
      const before = this.#seen.get(worker);
      if (!before) this.#seen.set(worker, { made, at, perSecond: null });
      else if (at > before.at) {
        const seconds = (at - before.at) / 1000;
        const now = Math.max(0, made - before.made) / seconds;
        const weight = Math.exp(-seconds / FADING);
        const perSecond = before.perSecond === null ? now : before.perSecond * weight + now * (1 - weight);
        this.#seen.set(worker, { made, at, perSecond });
      }
    }
  }

  of(worker: string): number {
    return this.#seen.get(worker)?.perSecond ?? 0;
  }
}

/** Seconds after which what was counts little more than a third. */
const FADING = 30;
