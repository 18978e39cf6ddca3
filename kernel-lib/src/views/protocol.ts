/**
 * What the kernel sends to the JupyterLab extension. Plain data and no imports from Node, so that both sides share
 * this file. Every view also travels as HTML and as text that stand alone. All strings are untrusted text.
 */
import type { ColumnRef, LiveQuery } from "./query.js";

export const GALLERY_MIME = "application/vnd.figloom.gallery.v1+json";
export const DIFF_MIME = "application/vnd.figloom.diff.v1+json";
export const HISTOGRAM_MIME = "application/vnd.figloom.histogram.v1+json";

/** A half-open range `[start, end)` in UTF-16 code units. */
export type Span = readonly [start: number, end: number];

/** A picture: a small one inline, the full one as a file. */
export interface Picture {
  /** Data URL of a thumbnail (WebP, long side up to 320 px), `null` where there is no image. */
  thumb: string | null;
  /** Path of the full image: relative to the notebook, or absolute where it lies elsewhere; `null` where there is none. */
  path: string | null;
  width: number | null;
  height: number | null;
  /** Why there is no picture. */
  missing: string | null;
}

/** A caption with what support scoring found unsupported in it. */
export interface CaptionText {
  /** `raw` or the variant's name. */
  name: string;
  text: string;
  unsupported: { span: Span; reason: string }[];
  /** Values by metric. */
  scores: Record<string, number | null>;
  /** What made it; left out for the raw caption. */
  made?: CaptionOrigin;
}

/** Where a new caption comes from. */
export interface CaptionOrigin {
  captioner: string;
  prompt_id: string | null;
  prompt_hash: string | null;
  model: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
}

export interface FigureCard {
  figure_id: string;
  paper_id: string;
  paper_title: string | null;
  discipline: string | null;
  float: "figure" | "table";
  number: string | null;
  label: string | null;
  picture: Picture;
  /** The raw caption first. */
  captions: CaptionText[];
  panels: { number: string | null; caption: string }[];
  contexts: { text: string; section: string | null; sentences: Span[] }[];
  /** What was read off the picture, line by line, and what read it; `null` for nothing. */
  figure_text?: { text: string; reader: string } | null;
  /** What the last check marked, each with its reason; empty for a clean figure, and before a check. */
  flags: { name: string; reason: string }[];
  /** One line: which file of which input, and where. */
  provenance: string;
  /** What a person said of it. */
  verdict?: "accepted" | "rejected" | null;
  tags?: string[];
  /** Measured values by name, such as `entropy`. */
  measurements?: Record<string, number>;
}

export interface GalleryView {
  title: string;
  /** How many figures the query has; `cards` may be fewer. */
  total: number;
  /** The first figures: what is shown before, and without, a kernel that gives the rest. */
  cards: FigureCard[];
  /** @default what is here is all there is */
  live?: LiveQuery | null;
}

/** A piece of text that both captions have, or only the old or the new one. */
export interface Change {
  kind: "kept" | "removed" | "added";
  text: string;
  /** By sentence: it stands elsewhere in the other caption, or is a part of a sentence that was rewritten. */
  sentence?: "moved" | "rewritten";
}

/** Two captions of a figure compared. */
export interface CaptionDiff {
  from: CaptionText;
  to: CaptionText;
  changes: Change[];
}

export interface DiffView {
  title: string;
  /** Names of the captions, two or more; the others are compared with the first. */
  captions: string[];
  /** How many figures have all of them; `cards` may be fewer. */
  total: number;
  cards: FigureCard[];
  /** @default what is here is all there is */
  live?: LiveQuery | null;
}

/** How a distribution is drawn. */
export type DistributionForm = "histogram" | "density" | "cdf" | "box";

/** A mean's 95 % confidence interval. Figures of one paper resemble each other, so that papers are what varies. */
export interface MeanInterval {
  low: number;
  high: number;
  /** Papers that the values come from. */
  papers: number;
  /** `bootstrap`: papers drawn with replacement; `normal`: from the spread between papers, where there are many. */
  method: "bootstrap" | "normal";
}

/** Five numbers of Tukey's box plot beside the median. */
export interface Box {
  min: number;
  q1: number;
  q3: number;
  max: number;
  /** The least and the greatest value within 1.5 × (q3 − q1) of the box. */
  whiskers: readonly [low: number, high: number];
  /** Values beyond the whiskers. */
  outside: readonly [below: number, above: number];
}

/** How much a series lies above another over the figures that have a value in both. */
export interface Shift {
  /** The other series' name. */
  from: string;
  /** Mean of the differences figure by figure; `null` where there is none, or none that means something. */
  mean: number | null;
  interval: MeanInterval | null;
  /** Figures with both values. */
  n: number;
  /** Why something is missing. */
  note: string | null;
}

export interface HistogramSeries {
  name: string;
  /** How many values there are. */
  n: number;
  /** How many figures have no value here; not part of `n`. */
  missing: number;
  /** `null` without a value. */
  mean: number | null;
  /** Of the sample (divided by n − 1), `null` below two values. */
  sd: number | null;
  /** `null` without a value. */
  median: number | null;
  /** One count per bin. */
  counts: number[];
  /** The column that the values stand in: what a brush chooses by. */
  column?: ColumnRef;
  interval?: MeanInterval | null;
  box?: Box | null;
  shift?: Shift | null;
  /** Counts in the bins of the view's grids. */
  fine?: { linear?: number[]; log?: number[] };
}

/** Narrow bins, of which `join` neighbours at a time make one that is drawn. Edge i is at `origin + (first + i) · step`. */
export interface Grid {
  origin: number;
  first: number;
  step: number;
  bins: number;
  join: number;
}

/** The same distribution for the figures with one value of a category. */
export interface HistogramPanel {
  /** `null` for figures without one. */
  name: string | null;
  series: HistogramSeries[];
}

export interface HistogramView {
  title: string;
  metric: string;
  /** Axis label with unit or range, e.g. `support (share of claims, 0..1)`. */
  axis: string;
  /** `log` when the bins are equally wide on a logarithmic axis. */
  scale: "linear" | "log";
  /** Bin edges, ascending; one more than there are bins. Empty without a value. */
  edges: number[];
  series: HistogramSeries[];
  /** @default "histogram" */
  form?: DistributionForm;
  /** What every value lies in, as every share in [0, 1]. */
  domain?: readonly [low: number, high: number] | null;
  /** Narrow bins for each axis there can be; steps of `log` are of logarithms to base ten. `null` without a value. */
  grids?: { linear?: Grid; log?: Grid } | null;
  /** Whole numbers only. */
  whole?: boolean;
  /** Small multiples, most figures first. `omitted` counts those left out. */
  panels?: { by: ColumnRef; label: string; list: HistogramPanel[]; omitted: number } | null;
  /** @default what is here is all there is */
  live?: LiveQuery | null;
}
