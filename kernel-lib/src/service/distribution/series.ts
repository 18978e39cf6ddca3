import { gridEdges, joinedCounts, type AxisScale } from "../../views/bins.js";
import type { Box, Grid, HistogramSeries, Shift } from "../../views/protocol.js";
import type { ColumnRef } from "../../views/query.js";
import type { Frame } from "../frame.js";
import type { Mask } from "../mask.js";
import { countBins } from "./counts.js";
import { whiskersOf, type Figures, type Whiskers } from "./figures.js";
import type { Grids } from "./grids.js";
import { meanOf } from "./intervals.js";

/** A series: its column and the values of that. */
export interface Column {
  name: string;
  column: ColumnRef;
  values: Float32Array;
}

/** Which series are set against which. */
export interface ShiftRule {
  /** Name of the series that shifts are measured from; `null` for none. */
  from: string | null;
  /** Why a series cannot be set against it; `null` where it can. */
  against(name: string): string | null;
}

export interface Measuring {
  grids: Grids | null;
  /** The axis that `counts` are for. */
  scale: AxisScale;
  shifts: ShiftRule;
}

/** All that a view says of each series over some rows. `figures` are those of each column. */
export async function measureSeries(
  frame: Frame,
  columns: readonly Column[],
  rows: Mask,
  measuring: Measuring,
  figures: readonly Figures[],
): Promise<HistogramSeries[]> {
  const series = [];
  for (const [i, column] of columns.entries())
    series.push(await measureColumn(frame, column, columns, rows, measuring, figures[i]!));
  return series;
}

async function measureColumn(
  frame: Frame,
  { name, column, values }: Column,
  columns: readonly Column[],
  rows: Mask,
  { grids, scale, shifts }: Measuring,
  figures: Figures,
): Promise<HistogramSeries> {
  const fine: NonNullable<HistogramSeries["fine"]> = { linear: [] };
  for (const [axis, grid] of Object.entries(grids ?? {}) as [AxisScale, Grid][])
    fine[axis] = [...(await countBins(frame, column, rows, gridEdges(grid, axis), axis))].slice(0, -1);
  const grid = grids?.[scale];
  const { n, missing, mean, sd, median } = figures;
  const { papers } = frame;
  return {
    name,
    n,
    missing,
    mean,
    sd,
    median,
    counts: grid ? joinedCounts(fine[scale] ?? [], grid) : [],
    column,
    interval: meanOf({ values, papers, rows, centre: mean ?? 0 })?.interval ?? null,
    box: boxOf(figures, whiskersOf(values, rows, figures)),
    shift: shiftOf(frame, name, columns, rows, shifts),
    fine,
  };
}

function boxOf({ min, q1, q3, max }: Figures, whiskers: Whiskers | null): Box | null {
  if (min === null || q1 === null || q3 === null || max === null || !whiskers) return null;
  const { low, high, below, above } = whiskers;
  return { min, q1, q3, max, whiskers: [low, high], outside: [below, above] };
}

/** How much a series lies above the one that shifts are measured from; `null` for that one itself. */
function shiftOf(
  { papers }: Frame,
  name: string,
  columns: readonly Column[],
  rows: Mask,
  { from, against }: ShiftRule,
): Shift | null {
  const [base, own] = [
    columns.find((column) => column.name === from),
    columns.find((column) => column.name === name)!,
  ];
  if (!base || base === own) return null;
  const none = { from: base.name, mean: null, interval: null, n: 0 };
  const reason = against(name);
  if (reason !== null) return { ...none, note: reason };
  const values = new Float64Array(own.values.length);
  for (let position = 0; position < values.length; position++)
    values[position] = own.values[position]! - base.values[position]!;
  const mean = meanOf({ values, papers, rows, centre: 0 });
  return mean ? { from: base.name, ...mean } : { ...none, note: "no figure has both values" };
}
