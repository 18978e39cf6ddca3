import type { AxisScale } from "../../views/bins.js";
import type { Frame } from "../frame.js";
import { binOf } from "./sql.js";

export interface CountOptions {
  /** SQL of the values, `NULL` for none. */
  value: string;
  /** SQL of what rows are grouped by. @default one group, `null` */
  group?: string;
  /** SQL of which rows count. */
  where: string;
  /** SQL of which of those are selected. @default all */
  selected?: string;
  edges: readonly number[];
  scale: AxisScale;
}

export interface Counts {
  all: number[];
  selected: number[];
}

/** Counts a group's values in bins that all groups share: one scan. */
export async function countBins(
  frame: Frame,
  { value, group = "NULL", where, selected = "true", edges, scale }: CountOptions,
): Promise<Map<string | null, Counts>> {
  const rows = await frame.all<{ name: string | null; bin: number; n: number; kept: number }>(
    `SELECT name::VARCHAR AS name, bin, count(*)::INTEGER AS n, (count(*) FILTER (WHERE selected))::INTEGER AS kept
     FROM (SELECT name, ${binOf("v", edges, scale)} AS bin, selected
           FROM (SELECT ${group} AS name, ${value} AS v, (${selected}) AS selected FROM frame WHERE ${where})
           WHERE v IS NOT NULL)
     GROUP BY ALL`,
  );
  const groups = new Map<string | null, Counts>();
  for (const { name, bin, n, kept } of rows) {
    let counts = groups.get(name);
    if (!counts) {
      const none = () => new Array<number>(edges.length - 1).fill(0);
      groups.set(name, (counts = { all: none(), selected: none() }));
    }
    counts.all[bin] = n;
    counts.selected[bin] = kept;
  }
  return groups;
}
