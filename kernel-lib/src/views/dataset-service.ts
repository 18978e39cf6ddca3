/** What a kernel answers about a dataset, on the comm target {@link DATASET_TARGET}. One interface for each concern. */
import type { Verdict } from "../model.js";
import type { MapView } from "./map.js";
import type { FigureCard, HistogramView } from "./protocol.js";
import type { Clause, ColumnInfo, ColumnRef, Query, SelectionPart } from "./query.js";

/** A page opens it with `{ dataset }`: the folder, absolute or relative to the kernel's. */
export const DATASET_TARGET = "figloom.dataset.v1";

/** A figure as it stands in a grid. */
export interface Tile {
  figure_id: string;
  paper_id: string;
  paper_title: string | null;
  discipline: string | null;
  float: "figure" | "table";
  number: string | null;
  label: string | null;
  /** The first 200 characters of the raw caption. */
  caption: string;
  /** Data URL of a WebP, long side up to 320 px; `null` where there is no picture. */
  thumb: string | null;
  /** Why there is no picture. */
  missing: string | null;
  flags: string[];
  verdict: Verdict | null;
  tags: string[];
  /** The value that the query sorts by; `null` without one. */
  value: number | string | null;
}

export type { Verdict };

/** A stretch of rows that belong together. */
export interface Group {
  /** `null` for figures without one. */
  name: string | null;
  /** For papers the title. */
  title: string | null;
  /** Row that it begins at, from 0, and how many rows it has. */
  from: number;
  count: number;
}

/** A place in a query's rows. `source` is the asking view: its own clause does not narrow it. */
export interface Rows {
  query: Query;
  source: string;
}

export interface AboutDataset {
  name: string;
  /** Absolute. */
  folder: string;
  figures: number;
  tables: number;
  papers: number;
  columns: ColumnInfo[];
  /** `raw` and the variants there are. */
  captions: string[];
  metrics: string[];
}

export interface RowMethods {
  about(argument: Record<string, never>): AboutDataset;
  /** How many rows, and in which groups (the first 10,000). The first question about a query works out its order. */
  rows(argument: Rows): { total: number; groups: Group[] | null };
  /** Up to 500 rows from row `from`; fewer at the end. */
  tiles(argument: Rows & { from: number; count: number }): Tile[];
  /** The row that a figure stands in, `null` where the query does not have it. */
  locate(argument: Rows & { figure_id: string }): number | null;
  /** All about up to 50 figures, in the order asked; those that there are not are left out. */
  cards(argument: { figure_ids: string[] }): FigureCard[];
  /** The ids of rows, up to 10,000. */
  ids(argument: Rows & { from: number; count: number }): string[];
  /** Exact copies and near ones of a figure. */
  duplicates(argument: { figure_id: string }): Tile[];
  /** How many rows have which value of a category, most frequent first, up to 200. A row with several tags or flags counts to each. */
  facets(argument: Rows & { column: ColumnRef }): { value: string | null; count: number }[];
}

export interface SelectionMethods {
  /** Replaces what `source` has in the selection; `null` takes it away. Everybody hears of it by the event. */
  select(argument: { source: string; label: string; clause: Clause | null }): SelectionPart[];
  selection(argument: Record<string, never>): SelectionPart[];
  /** Takes all away. */
  clearSelection(argument: Record<string, never>): SelectionPart[];
}

/** Values of a column, binned. */
export interface Bins {
  /** Ascending, one more than counts. Empty without a value. */
  edges: number[];
  /** All rows of the query. */
  all: number[];
  /** Those that the selection leaves too. */
  selected: number[];
  /** Rows without a value, of all and of the selected. */
  missing: { all: number; selected: number };
  /** Rows of the query, with a value and without: all, and those that the whole selection leaves, the asker's clause too. */
  total: { all: number; selected: number };
}

export interface DistributionMethods {
  /**
   * `edges` asks for these bins, equally wide on the axis, so that they stay in place while the selection changes; what lies
   * outside counts to the nearest. `group` narrows to the rows with a value of a category.
   */
  bins(
    argument: Rows & {
      column: ColumnRef;
      edges?: number[];
      scale: HistogramView["scale"];
      group?: { column: ColumnRef; value: string | null };
    },
  ): Bins;
}

/** Points of a map, in the order of the rows of the query without sort and selection. */
export interface Points {
  /** How many points there are here, 2 million at most. */
  count: number;
  /** Rows of the query. */
  total: number;
  /** Of more rows only every so-manieth is here; 1 when all are. */
  stride: number;
  /** Base64 of Float32, little-endian: x and y in turn. NaN where a figure has no value. */
  xy: string;
  /** Base64 of Uint8: which of `colours` each point has; 255 is none. */
  colour: string;
  /** Names of the colours: the most frequent values of a category first, or bins of a number, ascending. */
  colours: string[];
  scale: "category" | "number";
  /** Which of `colours` stands for all less frequent values; `null` where each value has its own. */
  rest: number | null;
}

export interface PointMethods {
  points(argument: Rows & { x: ColumnRef; y: ColumnRef; colour: ColumnRef | null }): Points;
  /** Base64 of a bit for each point, least significant first: whether the selection leaves it. */
  selectedPoints(argument: Rows): { count: number; bits: string };
  /** The figure that a point is. */
  pointFigure(argument: Rows & { point: number }): Tile | null;
}

/** What a person says about a figure. */
export interface ReviewChange {
  figure_ids: string[];
  /** Left out: stays. `null` takes it away. */
  verdict?: Verdict | null;
  addTags?: string[];
  removeTags?: string[];
}

/** What undo and redo would do; `null` where there is nothing. */
export interface ReviewHistory {
  undo: string | null;
  redo: string | null;
}

export interface Reviewed extends ReviewHistory {
  /** What was done, for people: `accepted 12 figures`. */
  done: string;
  /** How many figures changed. */
  count: number;
  /** As they are now; the first 10,000 of them. */
  figures: { figure_id: string; verdict: Verdict | null; tags: string[] }[];
}

export interface ReviewMethods {
  /** Writes verdicts and tags to the dataset; on the disk when it answers. Up to 10,000 figures. */
  review(argument: ReviewChange): Reviewed;
  undoReview(argument: Record<string, never>): Reviewed | null;
  redoReview(argument: Record<string, never>): Reviewed | null;
  reviewHistory(argument: Record<string, never>): ReviewHistory;
  /** All tags there are, most frequent first. */
  tags(argument: Record<string, never>): { tag: string; count: number }[];
}

export interface PictureMethods {
  /**
   * A figure's full picture as a data URL, for pages that cannot load its file; `null` where there is none. Not from 20 MB
   * on: then it says so.
   */
  picture(argument: { figure_id: string }): string | null;
}

/** Views as outputs hold them, for pages that have no output to begin with. */
export interface ViewMethods {
  /** How a metric's values are spread, or those of a column such as `figure.width`. */
  histogramView(argument: { metric: string }): HistogramView;
  /** All figures as points. */
  mapView(argument: { x: ColumnRef; y: ColumnRef; colour: ColumnRef | null }): MapView;
}

export interface DatasetMethods
  extends
    RowMethods,
    PictureMethods,
    SelectionMethods,
    DistributionMethods,
    PointMethods,
    ReviewMethods,
    ViewMethods {}

export interface DatasetEvents {
  selection: SelectionPart[];
  /** Verdicts or tags changed, here or elsewhere. */
  reviewed: Reviewed;
  /** The dataset has new rows: what was counted before is out of date. */
  changed: { runs: number };
}
