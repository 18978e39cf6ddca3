import type { WorkerState } from "../run/beats.js";

interface Seen {
  made: number;
  at: number;
  /** Of what was made and of the seconds that it took, both fading. */
  recent: { made: number; seconds: number };
}

/** Seconds after which what was counts little more than a third. */
const FADING = 30;

/** How fast workers are lately: what they made between heartbeats, by their own clocks; older ones fade. */
export class Rates {
  readonly #seen = new Map<string, Seen>();

  see(states: readonly Pick<WorkerState, "worker" | "done" | "failed" | "failedBefore" | "at">[]): void {
    for (const { worker, done, failed, failedBefore, at } of states) {
      const made = done + failed - failedBefore;
      const before = this.#seen.get(worker);
      if (!before) this.#seen.set(worker, { made, at, recent: { made: 0, seconds: 0 } });
      else if (at > before.at) {
        const seconds = (at - before.at) / 1000;
        const faded = Math.exp(-seconds / FADING);
        const recent = {
          made: before.recent.made * faded + Math.max(0, made - before.made),
          seconds: before.recent.seconds * faded + seconds,
        };
        this.#seen.set(worker, { made, at, recent });
      }
    }
  }

  /** Items per second. */
  of(worker: string): number {
    const { made, seconds } = this.#seen.get(worker)?.recent ?? { made: 0, seconds: 0 };
    return seconds > 0 ? made / seconds : 0;
  }
}
