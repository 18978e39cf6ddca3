/** An audit's statistics once more, by plain loops over pairs: what the report's figures must equal. */
import type { PairSums } from "../../../../kernel-lib/src/audit/estimates.js";

export interface LoopPair {
  paper_id: string;
  from: number;
  to: number;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: number[]) => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
};

/** Values of all statistics where higher is better. */
export function byLoops(pairs: readonly LoopPair[]): Record<string, number> {
  const [a, b] = [pairs.map(({ from }) => from), pairs.map(({ to }) => to)];
  const d = pairs.map(({ from, to }) => to - from);
  let above = 0;
  for (const x of a) for (const y of b) above += y > x ? 1 : y === x ? 0.5 : 0;
  return {
    mean_from: mean(a),
    mean_to: mean(b),
    sd_from: Math.sqrt(variance(a)),
    sd_to: Math.sqrt(variance(b)),
    cv_from: Math.sqrt(variance(a)) / mean(a),
    cv_to: Math.sqrt(variance(b)) / mean(b),
    change: mean(d),
    gain: mean(b) / mean(a) - 1,
    variance_change: variance(b) / variance(a) - 1,
    effect: mean(d) / Math.sqrt(variance(d)),
    improved: d.filter((one) => one > 0).length / d.length,
    unchanged: d.filter((one) => one === 0).length / d.length,
    superiority: above / (a.length * b.length),
  };
}

/** Greatest distance of the two cumulative distributions. */
export function distanceByLoops(pairs: readonly LoopPair[]): number {
  const upto = (values: number[], x: number) => values.filter((value) => value <= x).length / values.length;
  const [a, b] = [pairs.map(({ from }) => from), pairs.map(({ to }) => to)];
  return Math.max(...[...a, ...b].map((x) => Math.abs(upto(a, x) - upto(b, x))));
}

/** What the database adds up, added up here. */
export function sumsByLoops(pairs: readonly LoopPair[], centre = 0): PairSums {
  const sorted = { from: pairs.map(({ from }) => from).sort(less), to: pairs.map(({ to }) => to).sort(less) };
  const n = pairs.length;
  const rows = new Map<string, number[]>();
  for (const { paper_id, from, to } of pairs) {
    const row = rows.get(paper_id) ?? new Array<number>(9).fill(0);
    rows.set(paper_id, row);
    const [a, b] = [from - centre, to - centre];
    const above = share(sorted.from, to) / n + 1 - share(sorted.to, from) / n;
    const found = [1, a, b - a, a * a, b * b, (b - a) ** 2, Number(b > a), Number(b < a), above];
    for (const [i, value] of found.entries()) row[i]! += value;
  }
  return { values: Float64Array.from([...rows.values()].flat()), centre };
}

const less = (a: number, b: number) => a - b;

/** How many sorted values lie below, and half of those that are equal. */
function share(sorted: readonly number[], value: number): number {
  const place = (after: boolean) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value || (after && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (place(false) + place(true)) / 2;
}
