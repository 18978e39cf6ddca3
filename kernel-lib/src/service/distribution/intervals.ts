import { student } from "../../statistics/bootstrap.js";
import { clusteredInterval, type Cluster } from "../../statistics/paired.js";
import type { MeanInterval } from "../../views/protocol.js";
import { positionsIn, type Mask } from "../mask.js";

/** Up to so many papers are drawn again and again; with more, the spread between them gives the same. */
const MOST_DRAWN = 1000;

/** A group's mean with its interval; `note` says why there is none. */
export interface Mean {
  mean: number;
  n: number;
  interval: MeanInterval | null;
  note: string | null;
}

/** What a mean is of: values by position, NaN where there is none. */
export interface Asked {
  values: Float32Array | Float64Array;
  /** The number of each row's paper. */
  papers: Int32Array;
  rows: Mask;
  /** Values are counted from here, so that squares lose no digits. */
  centre: number;
}

/**
 * The mean of some rows' values, with a 95 % interval in which papers are what varies; `null` without a value. Up to 1,000 papers:
 * the bootstrap of `pairedDifference`. More: m ± t · √(k/(k−1) · Σ(sᵢ − nᵢ·m)²) / n over k papers with sum sᵢ of nᵢ values, the
 * variance of a ratio of totals (Cochran, Sampling Techniques, 1977, 6.4; as Liang and Zeger, Biometrika 73 (1986) 13).
 */
export function meanOf({ centre, ...asked }: Asked): Mean | null {
  const { sums, counts } = totals({ centre, ...asked });
  const moments: Moments = { papers: 0, sum: 0, n: 0, squares: 0, products: 0, sizes: 0 };
  for (let paper = 0; paper < sums.length; paper++) {
    const [sum, n] = [sums[paper]!, counts[paper]!];
    if (n === 0) continue;
    moments.papers++;
    moments.sum += sum;
    moments.n += n;
    moments.squares += sum * sum;
    moments.products += sum * n;
    moments.sizes += n * n;
  }
  if (moments.n === 0) return null;
  const mean = centre + moments.sum / moments.n;
  return {
    mean,
    n: moments.n,
    ...(moments.papers <= MOST_DRAWN ? drawn(sums, counts, centre) : normal(moments, mean, centre)),
  };
}

/** Sum and number of each paper's values. */
function totals({ values, papers, rows, centre }: Asked): { sums: Float64Array; counts: Int32Array } {
  let greatest = -1;
  for (let i = 0; i < papers.length; i++) if (papers[i]! > greatest) greatest = papers[i]!;
  const [sums, counts] = [new Float64Array(greatest + 1), new Int32Array(greatest + 1)];
  const positions = positionsIn(rows);
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!;
    const value = values[position]!;
    if (!Number.isFinite(value)) continue;
    sums[papers[position]!]! += value - centre;
    counts[papers[position]!]!++;
  }
  return { sums, counts };
}

/** Over papers. */
interface Moments {
  papers: number;
  sum: number;
  n: number;
  squares: number;
  products: number;
  sizes: number;
}

function drawn(sums: Float64Array, counts: Int32Array, centre: number): Pick<Mean, "interval" | "note"> {
  const clusters: Cluster[] = [];
  sums.forEach((sum, paper) => counts[paper]! > 0 && clusters.push({ sum, n: counts[paper]! }));
  // Which numbers papers have is to make no difference.
  clusters.sort((a, b) => a.n - b.n || a.sum - b.sum);
  const { interval, note } = clusteredInterval(clusters);
  if (!interval) return { interval: null, note };
  const [low, high] = interval;
  return {
    interval: { low: centre + low, high: centre + high, papers: clusters.length, method: "bootstrap" },
    note: null,
  };
}

function normal(moments: Moments, mean: number, centre: number): Pick<Mean, "interval" | "note"> {
  const { papers, n } = moments;
  const above = mean - centre;
  const spread = moments.squares - 2 * above * moments.products + above ** 2 * moments.sizes;
  const half = (student(papers - 1) * Math.sqrt((papers / (papers - 1)) * Math.max(0, spread))) / n;
  return { interval: { low: mean - half, high: mean + half, papers, method: "normal" }, note: null };
}
