/**
 * When something is due that is written the more rarely the longer a run goes on, so that weeks of it are some
 * megabytes.
 */
export class Pace {
  #last = -Infinity;

  /**
   * @param leastMs between two, at the run's beginning
   * @param mostMs between two, later on
   * @param share of the run's age between two
   */
  constructor(private readonly bounds: { leastMs: number; mostMs: number; share: number }) {}

  /** @param ageMs the run's @param now milliseconds of any clock */
  isDue(ageMs: number, now: number): boolean {
    const { leastMs, mostMs, share } = this.bounds;
    if (now - this.#last < Math.min(mostMs, Math.max(leastMs, ageMs * share))) return false;
    this.#last = now;
    return true;
  }
}
