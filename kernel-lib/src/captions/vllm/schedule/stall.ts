import type { Latencies } from "./latencies.js";
import type { ServerLoad } from "./server-load.js";

/** An engine at work that moves no token for so long stands still. */
const still = 50_000;
/** Where nothing tells whether tokens move, and nothing is known of the usual latency. */
const patient = 300_000;

/**
 * Recognises a server that says it is well while its engine stands still, within a minute where it tells its load. The
 * rule: requests run or wait, and for 50 s neither a token moved nor an answer came. Where it tells nothing, or its
 * engine does not even know of the requests: no answer for 50 s and for three times what 95 % of the latest took.
 */
export class Stall {
  #tokens = -1;
  #movedAt = -Infinity;
  #answeredAt = -Infinity;

  /** Forgets everything: its work starts, or starts again. */
  reset(now: number): void {
    this.#tokens = -1;
    this.#movedAt = this.#answeredAt = now;
  }

  answered(now: number): void {
    this.#answeredAt = now;
  }

  observe(load: ServerLoad, now: number): void {
    const tokens = load.promptTokens + load.generationTokens;
    if (tokens !== this.#tokens) this.#movedAt = now;
    this.#tokens = tokens;
  }

  /**
   * @param oldest when the request that it has had for longest was sent
   * @returns why it counts as hung, in plain words; `null` when it does not
   */
  verdict(load: ServerLoad | null, oldest: number, latencies: Latencies, now: number): string | null {
    const quiet = now - Math.max(this.#answeredAt, oldest);
    if (load && load.running + load.waiting > 0) {
      const flat = Math.min(quiet, now - this.#movedAt);
      if (flat < still) return null;
      return `${load.running} requests run and ${load.waiting} wait, but no token has moved for ${seconds(flat)}`;
    }
    const usual = latencies.quantile(0.95);
    if (quiet < (usual === null ? patient : Math.max(still, 3 * usual))) return null;
    return `it has answered nothing for ${seconds(quiet)}`;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
