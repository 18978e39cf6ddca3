import { countRows, positionsIn, type Mask } from "../mask.js";
import { ranked } from "../sorting.js";

/** What is known about some rows' values; numbers are `null` without a value. */
export interface Figures {
  n: number;
  missing: number;
  mean: number | null;
  /** `null` below two values. */
  sd: number | null;
  min: number | null;
  q1: number | null;
  median: number | null;
  q3: number | null;
  max: number | null;
  /** Whether all are whole numbers. */
  whole: boolean;
}

const NOTHING: Figures = {
  n: 0,
  missing: 0,
  mean: null,
  sd: null,
  min: null,
  q1: null,
  median: null,
  q3: null,
  max: null,
  whole: false,
};

/** The values of some rows that are finite numbers. */
function finiteIn(values: Float32Array, rows: Mask): Float32Array {
  const found = new Float32Array(countRows(rows));
  let count = 0;
  // Counting loops: `for … of` over a typed array takes ten times as long.
  const positions = positionsIn(rows);
  for (let i = 0; i < positions.length; i++) {
    const value = values[positions[i]!]!;
    found[count] = value;
    // Infinities and NaN leave no difference.
    count += Number(value - value === 0);
  }
  return found.subarray(0, count);
}

/**
 * Moments and quartiles. Quantiles are interpolated between closest ranks (type 7 of Hyndman and Fan 1996). 15.5 million values take
 * 0.4 s.
 */
export function figuresOf(values: Float32Array, rows: Mask): Figures {
  const known = finiteIn(values, rows);
  const n = known.length;
  const missing = countRows(rows) - n;
  if (n === 0) return { ...NOTHING, missing };
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  let whole = true;
  for (let i = 0; i < n; i++) {
    const value = known[i]!;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    if (whole && !Number.isInteger(value)) whole = false;
  }
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (known[i]! - mean) ** 2;
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : null;
  const [q1, median, q3] = quantiles(known, [0.25, 0.5, 0.75]) as [number, number, number];
  return { n, missing, mean, sd, min, q1, median, q3, max, whole };
}

function quantiles(values: Float32Array, shares: readonly number[]): number[] {
  const places = shares.map((share) => share * (values.length - 1));
  const found = ranked(values, [...places.map(Math.floor), ...places.map(Math.ceil)]);
  return places.map((place, i) => {
    const [below, above] = [found[i]!, found[places.length + i]!];
    return below + (place % 1) * (above - below);
  });
}

export interface Whiskers {
  low: number;
  high: number;
  below: number;
  above: number;
}

/** The least and greatest value within 1.5 interquartile ranges of the box (Tukey 1977), and how many lie beyond. */
export function whiskersOf(values: Float32Array, rows: Mask, { q1, q3 }: Figures): Whiskers | null {
  if (q1 === null || q3 === null) return null;
  const [bottom, top] = [q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)];
  const known = finiteIn(values, rows);
  let low = Infinity;
  let high = -Infinity;
  let below = 0;
  let above = 0;
  for (let i = 0; i < known.length; i++) {
    const value = known[i]!;
    if (value < bottom) below++;
    else if (value < low) low = value;
    if (value > top) above++;
    else if (value > high) high = value;
  }
  return { low, high, below, above };
}
