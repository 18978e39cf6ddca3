/** What a distribution's view lets a reader choose, and what it shows then. */
import { gridEdges, joinedCounts, joinedEdges, joinsOf, type AxisScale } from "./bins.js";
import type { DistributionForm, Grid, HistogramSeries, HistogramView } from "./protocol.js";

/** How a distribution is drawn; readers change it. */
export interface Choice {
  form: DistributionForm;
  scale: AxisScale;
  /** Narrow bins that make a bin. */
  join: number;
  /** Shares of a series' values, not counts. */
  shares: boolean;
}

/** A series in a panel. */
export interface Row {
  /** Name of its panel; empty without panels. */
  panel: string;
  /** Value of the category that panels are made by. */
  group: string | null;
  series: HistogramSeries;
  /** Which of the panel's series it is, from 0. */
  index: number;
}

/** Counts in the narrow bins of a row: of all, and of what the selection leaves where there is one. */
export type RowCounts = (row: Row) => { all: readonly number[]; selected: readonly number[] | null };

/** An output of any version as one that has grids: bins of an older one are as narrow as its bins can be. */
export function withGrids(view: HistogramView): HistogramView {
  if (view.grids !== undefined || view.edges.length < 2) return view;
  const { scale, edges } = view;
  const places = [edges[0]!, edges.at(-1)!].map((edge) => (scale === "log" ? Math.log10(edge) : edge));
  const bins = edges.length - 1;
  const grid: Grid = { origin: places[0]!, first: 0, step: (places[1]! - places[0]!) / bins, bins, join: 1 };
  const series = view.series.map((one) => ({ ...one, fine: { [scale]: one.counts } }));
  return { ...view, grids: { [scale]: grid }, series };
}

/** What is drawn before anybody chooses. Series of different length compare by shares. */
export function firstChoice(view: HistogramView): Choice {
  const lengths = new Set(rowsOf(view).flatMap(({ series: { n } }) => (n > 0 ? [n] : [])));
  const join = view.grids?.[view.scale]?.join ?? 1;
  return { form: view.form ?? "histogram", scale: view.scale, join, shares: lengths.size > 1 };
}

/** Axes that can be chosen. */
export function scalesOf({ grids }: HistogramView): AxisScale[] {
  return (["linear", "log"] as const).filter((scale) => grids?.[scale] !== undefined);
}

/** Forms that can be chosen: boxes take figures that older outputs do not have. */
export function formsOf(view: HistogramView): DistributionForm[] {
  const boxes = rowsOf(view).some(({ series }) => series.box);
  return ["histogram", "density", "cdf", ...(boxes ? (["box"] as const) : [])];
}

/** What there is to draw, panel by panel. */
export function rowsOf(view: HistogramView): Row[] {
  const panels = view.panels?.list ?? [{ name: null, series: view.series }];
  return panels.flatMap(({ name, series }) =>
    series.map((one, index) => ({
      panel: view.panels ? panelName(name) : "",
      group: name,
      series: one,
      index,
    })),
  );
}

/** A category's value for people. */
export const panelName = (name: string | null): string => name ?? "no value";

/** The view's own counts, without a selection. */
export const ownCounts =
  (scale: AxisScale): RowCounts =>
  ({ series }) => ({ all: series.fine?.[scale] ?? [], selected: null });

/** Bins that `join` makes on an axis; `null` without a value. */
export function binsAt(
  view: HistogramView,
  { scale, join }: Pick<Choice, "scale" | "join">,
): { grid: Grid; edges: number[]; count(fine: readonly number[]): number[] } | null {
  const grid = view.grids?.[scale];
  if (!grid) return null;
  const joined = { ...grid, join };
  return { grid, edges: joinedEdges(joined, scale), count: (fine) => joinedCounts(fine, joined) };
}

/** The next wider or narrower bins; `null` where there are none. */
export function nextJoin(view: HistogramView, { scale, join }: Choice, wider: boolean): number | null {
  const grid = view.grids?.[scale];
  const joins = grid ? joinsOf(grid) : [];
  const next = wider ? joins.find((one) => one > join) : joins.findLast((one) => one < join);
  return next ?? null;
}

/** Edges of the narrow bins: what a kernel is asked to count in. */
export function fineEdges(view: HistogramView, scale: AxisScale): number[] {
  const grid = view.grids?.[scale];
  return grid ? gridEdges(grid, scale) : [];
}
