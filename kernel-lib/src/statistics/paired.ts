import { bootstrapIntervals, type BootstrapOptions, type Interval } from "./bootstrap.js";
import { mean } from "./descriptive.js";

/** The same figure under two conditions. */
export interface Pair {
  /** What the pair shares with others, so that they are not independent: its paper. */
  cluster: string;
  /** `null` where there is no value; such a pair is left out. */
  from: number | null;
  to: number | null;
}

/** How much one condition lies above the other, over the same figures. */
export interface PairedDifference {
  /** Mean of `to − from`; `null` without a pair. */
  mean: number | null;
  /** 95 % confidence interval of the mean, `null` where there is none. */
  interval: Interval | null;
  /** Pairs with both values. */
  n: number;
  /** Papers that they come from. */
  papers: number;
  /** Why there is no interval; `null` where there is one. */
  note: string | null;
}

/**
 * Mean of paired differences with a 95 % bootstrap interval. Figures of one paper resemble each other, so that whole
 * papers are drawn, with replacement, each with all its pairs; the mean weighs every pair alike.
 *
 * For the interval see {@link bootstrapIntervals}.
 *
 * Time is resamples × papers: some milliseconds for a trial.
 */
export function pairedDifference(pairs: readonly Pair[], options: BootstrapOptions = {}): PairedDifference {
  const known = pairs.flatMap(({ cluster, from, to }) =>
    from === null || to === null ? [] : [{ cluster, difference: to - from }],
  );
  const clusters = sums(known);
  const papers = clusters.length;
  const centre = known.length > 0 ? mean(known.map(({ difference }) => difference)) : null;
  return { mean: centre, n: known.length, papers, ...clusteredInterval(clusters, options) };
}

/** Values that are not independent, as those of one paper: their sum and number. */
export interface Cluster {
  sum: number;
  n: number;
}

/** The 95 % bootstrap interval of the mean of all values, each weighing alike, see {@link bootstrapIntervals}. */
export function clusteredInterval(
  clusters: readonly Cluster[],
  options: BootstrapOptions = {},
): Pick<PairedDifference, "interval" | "note"> {
  const values = Float64Array.from(clusters.flatMap(({ sum, n }) => [sum, n]));
  const mean = (totals: Float64Array, into: Float64Array) => {
    into[0] = totals[0]! / totals[1]!;
  };
  const { intervals, note } = bootstrapIntervals({ values, width: 2 }, mean, 1, options);
  return { interval: intervals[0]!, note };
}

function sums(known: readonly { cluster: string; difference: number }[]): Cluster[] {
  const clusters = new Map<string, Cluster>();
  for (const { cluster, difference } of known) {
    const { sum, n } = clusters.get(cluster) ?? { sum: 0, n: 0 };
    clusters.set(cluster, { sum: sum + difference, n: n + 1 });
  }
  return [...clusters.values()];
}
