import { cpus, loadavg } from "node:os";
import { median } from "../support/timing.js";

/** A row of the table: what was measured, beside what it should be. */
export type Measured = Record<"what" | "unit" | "bar" | "median" | "most" | "n" | "verdict", string | number>;

export interface Limit {
  unit?: string;
  /** What the median must not be above; nothing is asked without one. */
  bar?: number;
}

export function measured(
  what: string,
  values: readonly number[],
  { unit = "ms", bar }: Limit = {},
): Measured {
  const middle = median(values);
  return {
    what,
    unit,
    bar: bar ?? "–",
    median: rounded(middle),
    most: rounded(Math.max(...values)),
    n: values.length,
    verdict: bar === undefined ? "–" : middle <= bar ? "held" : "MISSED",
  };
}

const rounded = (value: number): number => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

/** Figures mean little without it: processes that wanted to run in the last minute, and the cores that they had. */
export const load = (): string =>
  `${loadavg()[0]!.toFixed(1)} processes in the last minute, ${cpus().length} cores`;
