/**
 * The records of figloom: what a paper, a figure, a caption and a score are.
 *
 * Field names are the same everywhere a record goes (TypeScript, the dataset's Parquet columns, a `where`
 * clause, the export), hence snake_case. A missing value is `null`, never `undefined`: every column is always there.
 */

/** The nine disciplines of S1-MMAlign (arXiv 2601.00264). */
export const DISCIPLINES = [
  "Mathematics",
  "Physics",
  "Chemistry",
  "Biology",
  "Astronomy",
  "Earth Science",
  "Medicine",
  "Engineering",
  "Computer Science",
] as const;
/** One of {@link DISCIPLINES}. */
export type Discipline = (typeof DISCIPLINES)[number];

/** What a paper came as. */
export type SourceKind = "latex" | "jats" | "pdf";

/** What a figure's picture was made from. */
export type ImageOrigin = "graphics" | "pdf" | "tex";

/** A half-open range `[start, end)` in UTF-16 code units of some text. */
export type Range = readonly [start: number, end: number];

/** What was read of a paper, apart from its figures and tables. */
export interface Paper {
  /** The input's file name without its endings: `1703.09824` of `1703.09824.tar.gz`. Unique in a dataset. */
  paper_id: string;
  kind: SourceKind;
  /** File name of the input, as given. */
  source: string;
  /** SHA-256 of the input file, hex. A changed file is read again. */
  source_sha256: string;
  title: string | null;
  abstract: string | null;
  discipline: Discipline | null;
  /** arXiv categories such as `astro-ph.IM`, the primary one first. */
  categories: string[];
  licence: string | null;
  arxiv_id: string | null;
  doi: string | null;
  /** Body paragraphs in reading order, floats taken out. */
  paragraphs: Paragraph[];
}

/** A paragraph of a paper's body. */
export interface Paragraph {
  /** Plain text: macros expanded, mathematics as readable Unicode, citations gone, references as numbers. */
  text: string;
  /** Title of the section it stands in. */
  section: string | null;
}

/** A figure or table of a paper: what its author says of it and where, and its picture. */
export interface Figure {
  /** `<paper>#fig3` for the third figure float of a paper, `<paper>#tab1` for a table. Stable for the same source. */
  figure_id: string;
  paper_id: string;
  kind: SourceKind;
  float: "figure" | "table";
  /** Name of the environment or element: `figure*`, `wrapfigure`, `fig`. */
  environment: string;
  /** The author's label (LaTeX `\label`, JATS id). */
  label: string | null;
  /** The number as the reader of the paper sees it: `3`, `A.2`, `S1`. */
  number: string | null;
  /** Plain text, see {@link Paragraph.text}. Empty where the float has no caption. */
  caption: string;
  /** The caption's source, byte for byte as it stands in the file. */
  caption_source: string;
  /** Files inside the input that make up the figure, in reading order, panels included. */
  graphics: string[];
  panels: Panel[];
  contexts: Context[];
  provenance: Provenance;
  /** How sure the reader is that caption and picture belong together, 0..1; `null` where the source itself says so. */
  confidence: number | null;
  /** What the picture was made from: the author's graphics files, a region of the paper's PDF, or a TeX run. */
  image_origin: ImageOrigin | null;
  /** Path of the rendered PNG relative to the dataset, `null` where there is none. */
  image_path: string | null;
  /** Pixels. */
  width: number | null;
  height: number | null;
  /** SHA-256 of the PNG file, hex. */
  sha256: string | null;
  /** 64-bit perceptual hash of the picture, 16 hex digits. */
  phash: string | null;
  /** Why there is no picture, in words a curator understands; `null` where there is one. */
  image_missing: string | null;
}

/** A part of a figure with a picture of its own: a subfigure. */
export interface Panel {
  /** `<paper>#fig3b`. */
  panel_id: string;
  label: string | null;
  /** Letter as printed: `b`. */
  number: string | null;
  caption: string;
  caption_source: string;
  graphics: string[];
  /** Row of the author's arrangement that the panel stands in, from 0. */
  row: number;
}

/** A body paragraph that refers to a figure. */
export interface Context {
  text: string;
  section: string | null;
  /** Position of the paragraph in {@link Paper.paragraphs}. */
  paragraph: number;
  /** The sentences of `text` that hold a reference to the figure. */
  sentences: Range[];
}

/** Where in the input a figure stands. */
export interface Provenance {
  /** File inside the input. */
  file: string | null;
  /** UTF-16 range of the whole float in that file's decoded text. */
  start: number | null;
  end: number | null;
  /** Line of the float's first character, from 1. */
  line: number | null;
  /** PDF: page, from 1. */
  page: number | null;
  /** PDF: `[x0, y0, x1, y1]` in points from the page's top left. */
  bbox: number[] | null;
}

/** A caption made for a figure. Several variants of one figure live side by side. */
export interface Recaption {
  figure_id: string;
  /** Which variant this is: the captioner's id, or `<prompt id>@<model>`. */
  variant: string;
  text: string;
  captioner: string;
  captioner_version: number;
  prompt_id: string | null;
  prompt_hash: string | null;
  model: string | null;
  /** Sampling parameters as JSON. */
  sampling: string | null;
  finish_reason: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  /** Seconds from the first request to the answer that was kept; `null` where nothing was asked. */
  seconds: number | null;
  /** Requests that the caption took, the last one included; `null` where nothing was asked. */
  attempts: number | null;
  /** What a structured answer holds beside the caption, as JSON; its shape is the prompt's. */
  detail: string | null;
}

/** A caption made in a trial of prompts. */
export interface TrialCaption extends Recaption {
  /** Which repetition of the same question it answers, from 0. */
  repeat: number;
}

/** One measurement of one caption. */
export interface Score {
  figure_id: string;
  metric: string;
  /** Which caption: `raw` or a variant. */
  caption: string;
  /** `null` where the metric says nothing, e.g. a caption without a claim. */
  value: number | null;
  scorer: string;
  scorer_version: number;
  /** Share of the caption that the scorer could not see, 0..1; `null` where nothing can be cut off. */
  truncated: number | null;
  /** What the value rests on, as JSON; its shape is the scorer's. */
  detail: string | null;
}

/** A vector of a model that compares pictures with texts. */
export interface Embedding {
  figure_id: string;
  /** Which caption, `raw` or a variant; `null` for the picture. */
  caption: string | null;
  /** Of the picture's file; `null` of a caption, and where a figloom that did not write it down yet made the vector. */
  sha256: string | null;
  /** The scorer's id: vectors of the same model can be compared. */
  model: string;
  /** Of length 1, as single-precision numbers. */
  vector: number[];
}

/** A line of text on a picture: words of one line without a wide gap between them, such as an axis title or a tick label. */
export interface TextLine {
  text: string;
  /** `[x0, y0, x1, y1]` in pixels from the picture's top left; `null` where the reader does not say. */
  box: readonly [x0: number, y0: number, x1: number, y1: number] | null;
  /** Degrees clockwise that it is turned: 0 is upright, 270 runs upwards, as the titles of vertical axes do. */
  angle: number;
  /** The reader's own, 0..1; `null` where there is none, as for a PDF's text layer, which is exact. */
  confidence: number | null;
}

/** The text on the picture of a figure or table. */
export interface PictureText {
  figure_id: string;
  /** SHA-256 of the picture file that was read: of another picture it says nothing. */
  sha256: string;
  /** What read it: `pdf-text` for a PDF's own text layer, otherwise a reader of pixels with its version. */
  reader: string;
  /** Its lines in reading order, with line feeds between them; empty for a picture without text. */
  text: string;
  lines: TextLine[];
}

/** What was measured about the quality of a figure: facts only, see {@link Judgement} for what they are taken for. */
export interface Measurement {
  figure_id: string;
  /** The ingest run that the measured figure is of: a figure that was read again is measured again. */
  figure_run: string;
  /** Size of the picture file; `null` where there is no picture. */
  image_bytes: number | null;
  /** Why the picture file cannot be used; `null` where it can, or where there is none. */
  image_problem: string | null;
  /** Bits per pixel of the grey levels, 0..8, at up to 768 pixels. */
  entropy: number | null;
  /** Different colours, at four bits a channel: 1..4096. */
  colours: number | null;
  /** Share of the pixels that stand out from the commonest colour, 0..1. */
  content: number | null;
  /** 144 bits about the picture's look without margins, 36 hex digits; `null` where there is nothing to see. */
  signature: string | null;
  /** Words of the caption, without such phrases as `Figure 3` or `(Color online)`. */
  words: number;
  /** Share of the caption's characters that stand in words, 0..1; `null` for an empty caption. */
  prose: number | null;
  /** TeX commands left over in the caption outside of `$…$`. */
  commands: number;
  /** Language of the caption, judged with the text around it, as ISO 639-1; `null` where there is too little text. */
  language: string | null;
}

/** How alike two picture files are. */
export interface Likeness {
  /** SHA-256 of the two files, the smaller first. */
  first: string;
  second: string;
  /** Where the two pictures differ most, 0..1: near 1 for copies, see `quality/likeness.ts`. */
  likeness: number;
}

/** Something about a figure that a curator may want to leave out. */
export interface Mark {
  /** Name to filter by: `near-duplicate`. */
  flag: string;
  /** One plain sentence. */
  reason: string;
  /** What was measured, and the limit that it passed; `null` where it is no number. */
  value: number | null;
  limit: number | null;
  /** The figure that this one repeats. */
  of: string | null;
}

/** What a figure's measurements are taken for under the limits of the last check. */
export interface Judgement {
  figure_id: string;
  /** See {@link Measurement.figure_run}. */
  figure_run: string;
  language: string | null;
  /** Empty for a figure that nothing is wrong with. */
  marks: Mark[];
}

/** What failed, why, and what to do about it. Nothing is dropped without one. */
export interface QuarantineLine {
  stage: string;
  /** What it concerns: a paper, a figure, or a member of an archive. */
  item: string;
  /** The input file. */
  file: string;
  /** A short stable code such as `archive-truncated`, to group by. */
  reason: string;
  /** One plain sentence. */
  message: string;
  /** What the user can do. */
  way_out: string;
  /** The error underneath, as the library gave it. */
  raw: string | null;
}

/** What a person says of a figure. */
export type Verdict = "accepted" | "rejected";
