/** Plain descriptive statistics. Every function gives `NaN` for no values, `sd` for fewer than two. */

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation, n − 1 in the denominator, in two passes so that large offsets lose no digits. */
export function sd(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** The middle value, or the mean of the two middle ones. Sorts a copy: n log n. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Summary {
  n: number;
  mean: number;
  sd: number;
  median: number;
}

/** The four together; values that are `null` (a metric with nothing to say) are left out and not counted. */
export function summarise(values: readonly (number | null)[]): Summary {
  const known = values.filter((value) => value !== null);
  return { n: known.length, mean: mean(known), sd: sd(known), median: median(known) };
}
