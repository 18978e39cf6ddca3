/**
 * How long to wait before try `n` (1 for the first retry), in milliseconds: full jitter over a doubling bound, which
 * spreads the retries of what failed together (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export function backoff(n: number, random: () => number, base = 500, most = 30_000): number {
  return random() * Math.min(most, base * 2 ** (n - 1));
}
