import { joinedEdges, type AxisScale } from "../../views/bins.js";
import type { DistributionForm, HistogramView } from "../../views/protocol.js";
import type { ColumnRef, LiveQuery } from "../../views/query.js";
import type { Frame } from "../frame.js";
import type { Mask } from "../mask.js";
import { figuresOf, type Figures } from "./figures.js";
import { plannedGrids } from "./grids.js";
import { groupsOf } from "./groups.js";
import { measureSeries, type Column, type Measuring, type ShiftRule } from "./series.js";

export interface DistributionPlan {
  title: string;
  metric: string;
  axis: string;
  form: DistributionForm;
  /** `auto`: logarithmic where all values lie above zero and the greatest is 100 times the least or more. */
  scale: AxisScale | "auto";
  domain: readonly [low: number, high: number] | null;
  series: readonly { name: string; column: ColumnRef }[];
  shifts: ShiftRule;
  /** Draws small multiples, one for each value of a category. */
  by: { column: ColumnRef; label: string } | null;
  live: LiveQuery;
}

/** Narrow bins of one plot, and of each where there are many. */
const BINS = 500;
const PANEL_BINS = 120;

/** Spread from which on a logarithmic axis shows more: two decades. */
const WIDE = 100;

/**
 * Works out how values are spread: everything that the view draws in any of its forms, and none of the values. A handful of
 * passes over each series, and as many again for all its panels.
 * @throws {ConfigurationError} when a column is not there or holds no numbers, or the condition is not right
 */
export async function distribution(frame: Frame, plan: DistributionPlan): Promise<HistogramView> {
  const { domain, by } = plan;
  const rows = await frame.rows(plan.live.query, []);
  const columns: Column[] = [];
  for (const { name, column } of plan.series)
    columns.push({ name, column, values: await frame.numbers(column) });

  const figures = columns.map(({ values }) => figuresOf(values, rows));
  const { grids, whole } = plannedGrids(figures, domain, by ? PANEL_BINS : BINS);
  const scale =
    plan.scale === "linear" || !grids?.log || (plan.scale === "auto" && !isWide(figures)) ? "linear" : "log";
  const measuring: Measuring = { grids, scale, shifts: plan.shifts };
  return {
    title: plan.title,
    metric: plan.metric,
    axis: plan.axis,
    scale,
    edges: grids ? joinedEdges(grids[scale]!, scale) : [],
    series: await measureSeries(frame, columns, rows, measuring, figures),
    form: plan.form,
    domain,
    grids,
    whole,
    panels: by && (await panels(frame, columns, rows, by, measuring)),
    live: plan.live,
  };
}

async function panels(
  frame: Frame,
  columns: readonly Column[],
  rows: Mask,
  by: { column: ColumnRef; label: string },
  measuring: Measuring,
): Promise<HistogramView["panels"]> {
  const { groups, omitted } = await groupsOf(frame, by.column, rows);
  const list = [];
  for (const { name, rows } of groups) {
    const figures = columns.map(({ values }) => figuresOf(values, rows));
    list.push({ name, series: await measureSeries(frame, columns, rows, measuring, figures) });
  }
  return { by: by.column, label: by.label, list, omitted };
}

function isWide(figures: readonly Figures[]): boolean {
  const known = figures.filter(({ n }) => n > 0);
  const [min, max] = [Math.min(...known.map(({ min }) => min!)), Math.max(...known.map(({ max }) => max!))];
  return min > 0 && max >= WIDE * min;
}
