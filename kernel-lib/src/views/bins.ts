/** Bins: planned once from a few figures about the values, and joined to wider ones wherever they are drawn. */
import type { Grid, HistogramView } from "./protocol.js";

export type AxisScale = HistogramView["scale"];

/** What is known about the values that share bins. */
export interface Extent {
  n: number;
  min: number;
  max: number;
  /** Quartiles. */
  q1: number;
  q3: number;
  /** Whether all are whole numbers. */
  whole: boolean;
  domain: readonly [low: number, high: number] | null;
}

/** Fewest and most bins that are drawn unless somebody asks for others. */
const FEWEST_DRAWN = 10;
const MOST_DRAWN = 50;
/** Most bins that can be asked for. */
const MOST_OFFERED = 300;

/** Twice the relative error of single precision. */
export const SINGLE = 1.2e-7;

/** Position on an axis: the value, or its logarithm to base ten. */
export const position = (value: number, scale: AxisScale): number =>
  scale === "log" ? Math.log10(value) : value;

/** Value at a position; so many digits that no rounding error shows. */
export const valueAt = (at: number, scale: AxisScale): number =>
  Number((scale === "log" ? 10 ** at : at).toPrecision(12));

/**
 * Narrow bins over all values, and how many of them to join: the width drawn follows Freedman and Diaconis (1981),
 * 2·IQR·n^(−1/3), rounded to 1, 2 or 5 times a power of ten, with 10 to 50 bins or so. On a logarithmic axis the same goes
 * for logarithms.
 * @param most bins at most, or up to two more
 */
export function planGrid(extent: Extent, scale: AxisScale, most: number): Grid {
  const { n, whole, domain } = extent;
  const [from, to] = scale === "linear" && domain ? domain : [extent.min, extent.max];
  const [low, high] = [position(from, scale), position(to, scale)];
  if (low === high) {
    const half = scale === "log" ? Math.log10(2) : Math.max(0.5, Math.abs(low) * 1e-6);
    return { origin: low - half, first: 0, step: 2 * half, bins: 1, join: 1 };
  }
  const range = high - low;
  const counting = whole && scale === "linear";
  const step = Math.max(powerOfTen(Math.ceil(Math.log10(range / most) - 1e-9)), counting ? 1 : 0);
  // Columns have single precision: an end that rounds to an edge is one.
  const slack = (at: number) => (SINGLE * Math.max(scale === "log" ? 1 : 0, Math.abs(at))) / step + 1e-9;
  const first = Math.floor(low / step + slack(low));
  let last = Math.max(first + 1, Math.ceil(high / step - slack(high)));
  // The last bin is closed; whole numbers get one more, so that no bin holds two of them by accident.
  if (counting && !domain && last * step <= high) last += 1;
  const spread = position(extent.q3, scale) - position(extent.q1, scale);
  const wanted = Math.min(range / FEWEST_DRAWN, Math.max(range / MOST_DRAWN, 2 * spread * n ** (-1 / 3)));
  const join = Math.max(1, Math.round(niceWidth(wanted) / step));
  return { origin: 0, first, step, bins: last - first, join };
}

/** Exact for powers that a number can hold exactly, unlike `10 ** n` for negative n on some engines. */
const powerOfTen = (exponent: number): number => Number(`1e${exponent}`);

/** The nearest of 1, 2, 5 and 10 times a power of ten, by ratio: borders are geometric means of neighbouring steps. */
function niceWidth(width: number): number {
  const power = powerOfTen(Math.floor(Math.log10(width)));
  const ratio = width / power;
  const factor = ratio < Math.SQRT2 ? 1 : ratio < Math.sqrt(10) ? 2 : ratio < Math.sqrt(50) ? 5 : 10;
  return factor * power;
}

/** Edges of a grid's own bins, as values. */
export function gridEdges(grid: Grid, scale: AxisScale): number[] {
  return joinedEdges({ ...grid, join: 1 }, scale);
}

/** Edges of the bins that joining gives: multiples of their width, so that they may begin before the grid does. */
export function joinedEdges({ origin, first, step, bins, join }: Grid, scale: AxisScale): number[] {
  const [from, to] = [Math.floor(first / join), Math.ceil((first + bins) / join)];
  return Array.from({ length: to - from + 1 }, (_, i) => valueAt(origin + (from + i) * join * step, scale));
}

/** Counts of the bins that joining gives. */
export function joinedCounts(counts: readonly number[], { first, bins, join }: Grid): number[] {
  const from = Math.floor(first / join);
  const joined = new Array<number>(Math.ceil((first + bins) / join) - from).fill(0);
  counts.forEach((count, i) => {
    const bin = Math.floor((first + i) / join) - from;
    joined[bin] = (joined[bin] ?? 0) + count;
  });
  return joined;
}

/** How many neighbours can be joined, fewest first: 1, 2, 5, 10 … */
export function joinsOf({ bins, join }: Grid): number[] {
  const joins = [];
  for (let power = 1; power <= bins; power *= 10)
    for (const factor of [1, 2, 5]) {
      const drawn = bins / (factor * power);
      if (factor * power === join || (drawn >= 3 && drawn <= MOST_OFFERED)) joins.push(factor * power);
    }
  return joins;
}
