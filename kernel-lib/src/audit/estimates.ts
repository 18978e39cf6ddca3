import { bootstrapIntervals, type BootstrapOptions, type Interval } from "../statistics/bootstrap.js";
import type { MetricKind } from "./metrics.js";

/** What is added up over the pairs of a cluster, in this order. Values are counted from {@link PairSums.centre}. */
export const SUMS = [
  "n",
  "from",
  "change",
  "from²",
  "to²",
  "change²",
  "rose",
  "fell",
  /** For both captions of a pair, the share of the other captions that `to` lies above, ties by half. */
  "above",
] as const;

/** Pairs of captions of the same figures, added up by paper. */
export interface PairSums {
  /** A row of {@link SUMS} for each paper, or each group of papers where there are very many. */
  values: Float64Array;
  /** Near the values' mean, so that squares lose no digits. */
  centre: number;
}

/** A statistic with its 95 % confidence interval, clustered by paper; `null` where there is none. */
export interface Estimate {
  value: number | null;
  interval: Interval | null;
}

/** Of one caption. */
const OF_CAPTIONS = ["mean_from", "mean_to", "sd_from", "sd_to", "cv_from", "cv_to"] as const;
/** Of `to` compared with `from`. */
const OF_PAIRS = [
  "change",
  "gain",
  "variance_change",
  "effect",
  "improved",
  "unchanged",
  "superiority",
] as const;
export const ESTIMATES = [...OF_CAPTIONS, ...OF_PAIRS] as const;
export type EstimateName = (typeof ESTIMATES)[number];
export type Estimates = Record<EstimateName, Estimate>;

export interface EstimateOptions extends BootstrapOptions, Pick<MetricKind, "better" | "scale"> {
  /** Whether the two captions' values mean the same; otherwise nothing is said of pairs. */
  comparable: boolean;
}

/**
 * The statistics of pairs of captions `from` → `to` of the same figures, each weighing alike. With a and b the two values
 * of a figure and d = b − a, over n figures:
 *
 * - `mean_*`, `sd_*` (n − 1 in the denominator), `cv_*` = sd / mean.
 * - `change`: mean of d. It is also the signed area between the two cumulative distributions.
 * - `gain`: mean(b) / mean(a) − 1; on the scale `log10` that of the geometric means, 10^change − 1.
 * - `variance_change`: var(b) / var(a) − 1.
 * - `effect`: d_z = mean(d) / sd(d) (Cohen, Statistical Power Analysis, 1988, 2.3.5).
 * - `improved`: share of the figures whose value changed to the better, or rose where neither direction is better;
 *   `unchanged`: share whose value is the same.
 * - `superiority`: probability that some figure's new caption is better than some figure's old one, ties by half
 *   (Mann and Whitney's U / n²; Cliff's delta is 2 · superiority − 1). In a resample it is linearised by placements, as
 *   Obuchowski does for clustered data (Biometrics 53 (1997) 567), and its interval ends at 0 and 1, which a line passes.
 *
 * Ratios are `null` unless the mean that they are divided by lies above zero, and its interval with it.
 */
export function estimatesOf(
  { values, centre }: PairSums,
  { better, scale, comparable, ...options }: EstimateOptions,
): { estimates: Estimates; note: string | null } {
  const width = SUMS.length;
  const totals = new Float64Array(width);
  for (let i = 0; i < values.length; i++) totals[i % width]! += values[i]!;
  const abovePairs = totals[8]! / (2 * totals[0]!);
  const statistics = (sums: Float64Array, into: Float64Array): void => {
    const [n, from, change, from2, to2, change2, rose, fell, above] = sums as unknown as number[];
    const [a, d] = [from! / n!, change! / n!];
    const b = a + d;
    const rounding = (1e-7 * (Math.abs(a) + Math.abs(d))) ** 2 + (1e-12 * centre) ** 2;
    // Below that it is what sums of squares leave of equal values.
    const variance = (squares: number, mean: number) => {
      const found = (squares - n! * mean * mean) / (n! - 1);
      return found > rounding ? found : 0;
    };
    const [varA, varB, varD] = [variance(from2!, a), variance(to2!, b), variance(change2!, d)];
    const superior = above! / n! - abovePairs;
    const lower = better === "lower";
    into[0] = centre + a;
    into[1] = centre + b;
    into[2] = Math.sqrt(varA);
    into[3] = Math.sqrt(varB);
    into[4] = into[2] / into[0];
    into[5] = into[3] / into[1];
    into[6] = d;
    into[7] = scale === "log10" ? 10 ** d - 1 : into[1] / into[0] - 1;
    into[8] = varB / varA - 1;
    into[9] = d / Math.sqrt(varD);
    into[10] = (lower ? fell! : rose!) / n!;
    into[11] = (n! - rose! - fell!) / n!;
    into[12] = lower ? 1 - superior : superior;
  };
  const found = new Float64Array(ESTIMATES.length);
  statistics(totals, found);
  const { intervals, note } = bootstrapIntervals({ values, width }, statistics, ESTIMATES.length, options);
  const estimates = Object.fromEntries(
    ESTIMATES.map((name, i) => {
      const value = Number.isFinite(found[i]) ? found[i]! : null;
      return [name, { value, interval: value === null ? null : intervals[i]! }];
    }),
  ) as Estimates;
  const without = (names: readonly EstimateName[]) => {
    for (const name of names) estimates[name] = { value: null, interval: null };
  };
  if (scale === "log10" || !aboveZero(estimates.mean_from)) without(["cv_from"]);
  if (scale === "log10" || !aboveZero(estimates.mean_to)) without(["cv_to"]);
  if (scale !== "log10" && !aboveZero(estimates.mean_from)) without(["gain"]);
  if (!comparable) without(OF_PAIRS);
  const { superiority } = estimates;
  superiority.interval &&= [Math.max(0, superiority.interval[0]), Math.min(1, superiority.interval[1])];
  return { estimates, note };
}

const aboveZero = ({ value, interval }: Estimate): boolean => (interval?.[0] ?? value ?? 0) > 0;
