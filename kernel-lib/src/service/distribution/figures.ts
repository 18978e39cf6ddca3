import type { Frame } from "../frame.js";
import { double } from "./sql.js";

/** What is asked about: values, apart for each group. */
export interface Asked {
  /** SQL of the values, `NULL` for none. */
  value: string;
  /** SQL of what rows are grouped by; `NULL` for one group. */
  group: string;
  /** SQL of which rows count. */
  where: string;
}

/** What is known about a group's values; numbers are `null` without a value. */
export interface Figures {
  name: string | null;
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

/**
 * Moments and quartiles of each group. Quantiles are interpolated between closest ranks (type 7 of Hyndman and Fan 1996).
 * 15.5 million values take a second on two cores, most of it for the quartiles.
 */
export function figuresOf(frame: Frame, { value, group, where }: Asked): Promise<Figures[]> {
  return frame.all<Figures>(
    `SELECT * EXCLUDE (q), q[1] AS q1, q[2] AS median, q[3] AS q3
     FROM (SELECT name::VARCHAR AS name, count(v)::INTEGER AS n, (count(*) - count(v))::INTEGER AS missing,
                  avg(v) AS mean, stddev_samp(v) AS sd, min(v) AS min, max(v) AS max,
                  quantile_cont(v, [0.25, 0.5, 0.75]) AS q, coalesce(bool_and(v = trunc(v)), false) AS whole
           FROM (SELECT ${group} AS name, ${value} AS v FROM frame WHERE ${where})
           GROUP BY ALL)`,
  );
}

export interface Whiskers {
  low: number;
  high: number;
  below: number;
  above: number;
}

/** Each group's least and greatest value within 1.5 interquartile ranges of its box (Tukey 1977), and how many lie beyond. */
export async function whiskersOf(
  frame: Frame,
  { value, group, where }: Asked,
  figures: readonly Figures[],
): Promise<Map<string | null, Whiskers>> {
  const fences = figures.flatMap(({ name, q1, q3 }) =>
    q1 === null || q3 === null ? [] : [{ name, low: q1 - 1.5 * (q3 - q1), high: q3 + 1.5 * (q3 - q1) }],
  );
  if (fences.length === 0) return new Map();
  const parameters = fences.map(({ name }) => name);
  const table = fences.map(({ low, high }, i) => `($${i + 1}::VARCHAR, ${double(low)}, ${double(high)})`);
  const rows = await frame.all<Whiskers & { name: string | null }>(
    `WITH fences (name, low, high) AS (VALUES ${table.join(", ")})
     SELECT fences.name, min(v) FILTER (WHERE v >= low) AS low, max(v) FILTER (WHERE v <= high) AS high,
            (count(*) FILTER (WHERE v < low))::INTEGER AS below, (count(*) FILTER (WHERE v > high))::INTEGER AS above
     FROM (SELECT (${group})::VARCHAR AS name, ${value} AS v FROM frame WHERE ${where}) AS values
     JOIN fences ON fences.name IS NOT DISTINCT FROM values.name
     WHERE v IS NOT NULL GROUP BY ALL`,
    parameters,
  );
  return new Map(rows.map(({ name, ...whiskers }) => [name, whiskers]));
}
