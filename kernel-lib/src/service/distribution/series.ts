import { gridEdges, joinedCounts, type AxisScale } from "../../views/bins.js";
import type { Box, Grid, HistogramSeries, Shift } from "../../views/protocol.js";
import type { ColumnRef } from "../../views/query.js";
import type { Frame } from "../frame.js";
import { countBins, type Counts } from "./counts.js";
import { whiskersOf, type Asked, type Figures, type Whiskers } from "./figures.js";
import type { Grids } from "./grids.js";
import { meansOf, type Mean } from "./intervals.js";

/** A series: its column, and the SQL of its values. */
export interface Column {
  name: string;
  column: ColumnRef;
  value: string;
}

/** Rows, and the groups that they fall into. */
export interface Place extends Omit<Asked, "value"> {
  names: readonly (string | null)[];
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

/** All that a view says of each series, group by group. `figures` are those of each column. */
export async function measureSeries(
  frame: Frame,
  columns: readonly Column[],
  place: Place,
  measuring: Measuring,
  figures: readonly (readonly Figures[])[],
): Promise<HistogramSeries[][]> {
  const perColumn: HistogramSeries[][] = [];
  for (const [i, column] of columns.entries())
    perColumn.push(await measureColumn(frame, column, columns, place, measuring, figures[i]!));
  return place.names.map((_, group) => perColumn.map((series) => series[group]!));
}

async function measureColumn(
  frame: Frame,
  column: Column,
  columns: readonly Column[],
  place: Place,
  { grids, scale, shifts }: Measuring,
  figures: readonly Figures[],
): Promise<HistogramSeries[]> {
  const { group, where } = place;
  const asked: Asked = { group, where, value: column.value };
  const counted = new Map<AxisScale, Map<string | null, Counts>>();
  for (const [name, grid] of Object.entries(grids ?? {}) as [AxisScale, Grid][])
    counted.set(name, await countBins(frame, { ...asked, edges: gridEdges(grid, name), scale: name }));
  const whiskers = await whiskersOf(frame, asked, figures);
  const centre = figures.find(({ mean }) => mean !== null)?.mean ?? 0;
  const means = await meansOf(frame, asked, centre);
  const shift = await shiftOf(frame, column, columns, place, shifts);

  return place.names.map((name): HistogramSeries => {
    const known = figures.find((one) => one.name === name);
    const fine = (axis: AxisScale) =>
      counted.get(axis)?.get(name)?.all ?? new Array<number>(grids?.[axis]?.bins ?? 0).fill(0);
    const grid = grids?.[scale];
    return {
      name: column.name,
      n: known?.n ?? 0,
      missing: known?.missing ?? 0,
      mean: known?.mean ?? null,
      sd: known?.sd ?? null,
      median: known?.median ?? null,
      counts: grid ? joinedCounts(fine(scale), grid) : [],
      column: column.column,
      interval: means.get(name)?.interval ?? null,
      box: known ? boxOf(known, whiskers.get(name)) : null,
      shift: shift && shift(name),
      fine: { linear: fine("linear"), ...(grids?.log && { log: fine("log") }) },
    };
  });
}

function boxOf({ min, q1, q3, max }: Figures, whiskers: Whiskers | undefined): Box | null {
  if (min === null || q1 === null || q3 === null || max === null || !whiskers) return null;
  const { low, high, below, above } = whiskers;
  return { min, q1, q3, max, whiskers: [low, high], outside: [below, above] };
}

/** How much a series lies above the one that shifts are measured from; `null` for that one itself. */
async function shiftOf(
  frame: Frame,
  column: Column,
  columns: readonly Column[],
  { group, where }: Place,
  { from, against }: ShiftRule,
): Promise<((name: string | null) => Shift) | null> {
  const base = columns.find(({ name }) => name === from);
  if (!base || base === column) return null;
  const none = { from: base.name, mean: null, interval: null, n: 0 };
  const reason = against(column.name);
  if (reason !== null) return () => ({ ...none, note: reason });
  const means = await meansOf(frame, { group, where, value: `(${column.value} - ${base.value})` }, 0);
  return (name) => {
    const mean: Mean | undefined = means.get(name);
    return mean ? { from: base.name, ...mean } : { ...none, note: "no figure has both values" };
  };
}
