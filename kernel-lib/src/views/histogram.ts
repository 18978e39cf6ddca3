import type { HistogramSeries, HistogramView } from "./protocol.js";

const MIN_BINS = 10;
const MAX_BINS = 50;

export interface HistogramOptions {
  title: string;
  metric: string;
  /** Axis label with unit or range. */
  axis: string;
  /** Values of one metric for each caption compared; `null` where the metric says nothing. */
  series: readonly { name: string; values: readonly (number | null)[] }[];
  /** The metric's range, where it has one: the axis then shows all of it, and values beyond count to its ends. */
  domain?: readonly [low: number, high: number];
  /** Bins of equal width on a logarithmic axis. Needs values above zero; otherwise the bins are linear. */
  scale?: "linear" | "log";
}

/**
 * Counts values into bins that all series share. The bin width follows Freedman and Diaconis (1981),
 * 2·IQR·n^(−1/3) over all values, rounded to 1, 2 or 5 times a power of ten, with 10 to 50 bins or so.
 */
export function buildHistogram(options: HistogramOptions): HistogramView {
  const series = options.series.map(({ name, values }) => {
    const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
    return { name, values: known.sort((a, b) => a - b), missing: values.length - known.length };
  });
  const all = series.flatMap(({ values }) => values).sort((a, b) => a - b);
  const log = options.scale === "log" && all.length > 0 && all[0]! > 0 && !options.domain;
  const edges = all.length === 0 ? [] : log ? logEdges(all) : linearEdges(all, options.domain);
  return {
    title: options.title,
    metric: options.metric,
    axis: options.axis,
    scale: log ? "log" : "linear",
    edges,
    series: series.map(({ name, values, missing }) => summary(name, values, missing, edges)),
  };
}

function summary(name: string, sorted: number[], missing: number, edges: number[]): HistogramSeries {
  const n = sorted.length;
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  for (const value of sorted) counts[binOf(value, edges)]! += 1;
  if (n === 0) return { name, n, missing, mean: null, sd: null, median: null, counts };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : null;
  return { name, n, missing, mean, sd, median: quantile(sorted, 0.5), counts };
}

/** The last bin whose lower edge is not above the value; what lies outside counts to the nearest bin. */
function binOf(value: number, edges: number[]): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (edges[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function linearEdges(sorted: number[], domain?: readonly [number, number]): number[] {
  const [low, high] = domain ?? [sorted[0]!, sorted.at(-1)!];
  if (low === high) return [low - halfWidth(low), low + halfWidth(low)];
  const step = binWidth(sorted, high - low);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Multiples of a whole number, so that no rounding error adds up from edge to edge.
  const edges = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  // The last bin is closed; counts such as words or tokens get one more, so that no bin holds two of them by accident.
  if (!domain && sorted.every(Number.isInteger) && edges.at(-1) === high) edges.push(high + step);
  return edges;
}

/** Half the width of the only bin, large enough to be seen beside the value in floating point. */
function halfWidth(value: number): number {
  return Math.max(0.5, Math.abs(value) * 1e-6);
}

function logEdges(sorted: number[]): number[] {
  const logs = sorted.map(Math.log10);
  const [low, high] = [logs[0]!, logs.at(-1)!];
  if (low === high) return [sorted[0]! / 2, sorted[0]! * 2];
  const bins = Math.ceil((high - low) / rawWidth(logs, high - low));
  const width = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => 10 ** (low + i * width));
  return [sorted[0]!, ...edges.slice(1, -1), sorted.at(-1)!];
}

function binWidth(sorted: number[], range: number): number {
  const raw = rawWidth(sorted, range);
  const power = 10 ** Math.floor(Math.log10(raw));
  // Nearest by ratio: the borders are the geometric means of neighbouring steps.
  const ratio = raw / power;
  const factor = ratio < Math.SQRT2 ? 1 : ratio < Math.sqrt(10) ? 2 : ratio < Math.sqrt(50) ? 5 : 10;
  const width = factor * power;
  return sorted.every(Number.isInteger) ? Math.max(1, width) : width;
}

function rawWidth(sorted: number[], range: number): number {
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const width = 2 * spread * sorted.length ** (-1 / 3);
  return Math.min(range / MIN_BINS, Math.max(range / MAX_BINS, width));
}

/** Linear interpolation between closest ranks (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: number[], p: number): number {
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
