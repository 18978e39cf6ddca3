/** What binned values say about the distribution that they come from. Positions are values, or their logarithms. */
import type { Grid } from "./protocol.js";

/** Positions at which a density is drawn. */
const POINTS = 256;

export interface Density {
  /** Positions along the axis, ascending. */
  at: number[];
  /** Density at each: shares per unit of the axis, or per decade where positions are logarithms. */
  height: number[];
  /** Standard deviation of the kernel, in units of the axis. */
  bandwidth: number;
}

/**
 * Kernel density estimate with a Gaussian kernel, over binned values (Silverman 1982). The bandwidth is Silverman's rule of
 * thumb, 0.9 · min(sd, IQR / 1.34) · n^(−1/5) (Density Estimation, 1986, eq. 3.31; R's `bw.nrd0`), and no narrower than
 * a bin. At the ends of `domain`, beyond which there is nothing, the density is reflected (2.10 there).
 *
 * `null` where fewer than two bins have values.
 */
export function kernelDensity(
  counts: readonly number[],
  { origin, first, step, bins }: Grid,
  domain: readonly [low: number, high: number] | null = null,
): Density | null {
  const filled = counts.flatMap((count, i) =>
    count > 0 ? [{ count, at: origin + (first + i + 0.5) * step }] : [],
  );
  if (filled.length < 2) return null;
  const n = filled.reduce((sum, { count }) => sum + count, 0);
  const mean = filled.reduce((sum, { count, at }) => sum + count * at, 0) / n;
  const squares = filled.reduce((sum, { count, at }) => sum + count * (at - mean) ** 2, 0);
  const sd = Math.sqrt(squares / (n - 1));
  const robust = ((binnedQuantile(counts, 0.75) - binnedQuantile(counts, 0.25)) * step) / 1.34;
  const bandwidth = Math.max(step, 0.9 * (robust > 0 ? Math.min(sd, robust) : sd) * n ** -0.2);

  const start = origin + first * step;
  const at = Array.from({ length: POINTS }, (_, i) => start + (i / (POINTS - 1)) * bins * step);
  const scale = 1 / (n * bandwidth * Math.sqrt(2 * Math.PI));
  const kernel = (distance: number) => Math.exp(-0.5 * (distance / bandwidth) ** 2);
  const height = at.map((x) => {
    let sum = 0;
    for (const { count, at: value } of filled) {
      sum += count * kernel(x - value);
      if (domain) sum += count * (kernel(x - 2 * domain[0] + value) + kernel(x - 2 * domain[1] + value));
    }
    return sum * scale;
  });
  return { at, height, bandwidth };
}

/** Where a share of the values lies below, in bins from the first; values are taken to be spread evenly in a bin. */
export function binnedQuantile(counts: readonly number[], share: number): number {
  const wanted = share * counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) return i + (wanted - below) / count;
    below += count;
  }
  return counts.length;
}

/** For each edge of the bins the share of values below it: from 0 to 1. */
export function cumulative(counts: readonly number[]): number[] {
  const n = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return [0, ...counts.map((count) => (below += count) / Math.max(1, n))];
}
