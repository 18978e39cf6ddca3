import type { Latencies } from "./latencies.js";

const minute = 60_000;
/** What is allowed before there is anything to go by. */
const unknown = 10 * minute;
const enough = 20;
const least = 2 * minute;
const most = 30 * minute;

/**
 * How long a request may take on a server, in milliseconds: six times what 95 % of the latest took, between 2 and 30
 * minutes. It is there for requests that got lost: one that is merely long must pass, for what it has done is lost
 * when it is given up.
 */
export function deadline(latencies: Latencies): number {
  if (latencies.count < enough) return unknown;
  return Math.min(most, Math.max(least, 6 * latencies.quantile(0.95)!));
}
