import type { Figure, Paper } from "../model.js";

/** What a reader makes of a paper's source. */
export interface Reading {
  paper: Paper;
  /** Figures and tables in the order of the document; their images are not rendered yet. */
  figures: Figure[];
  /** What could not be followed, one sentence each. */
  warnings: string[];
  /** By figure id: the ways to come by its picture, the best first. A figure without any is not in it. */
  pictures: Map<string, PictureSource[]>;
}

/** What a figure says of its picture before that is drawn. */
export const NOT_DRAWN = {
  image_origin: null,
  image_path: null,
  width: null,
  height: null,
  sha256: null,
  phash: null,
} satisfies Partial<Figure>;

/** One way to come by the whole picture of a figure. Plain data: what is drawn from it is the renderer's work. */
export type PictureSource = GraphicsSource | TexSource | PageSource;

export interface GraphicsSource {
  /** The author's files. */
  from: "graphics";
  /** Paths in the archive, in the rows of the author's arrangement; at least one. */
  rows: string[][];
}

/** A part of a page of the paper's PDF. */
export interface PageSource {
  from: "pdf";
  /** Path in the archive. */
  file: string;
  /** From 1. */
  page: number;
  /** `[x0, y0, x1, y1]` in points from the top left of the page as it is shown. */
  bbox: readonly [x0: number, y0: number, x1: number, y1: number];
  /** Name of the layout reader that says so, such as `mineru`; absent for our own. */
  layoutReader?: string;
}

export interface TexSource {
  /** The author's TeX. */
  from: "tex";
  drawings: TexDrawings;
  /** Position in `drawings.floats`. */
  float: number;
}

/**
 * All that TeX draws of a paper, so that one run can draw it. TeX source is kept as bytes, one character (U+0000 to
 * U+00FF) each, since the paper says itself which encoding it is in.
 */
export interface TexDrawings {
  /** The main document's path in the archive. */
  main: string;
  /** The main document up to and with `\begin{document}`; empty where it has none. */
  preamble: string;
  /** What the preamble loads, defines and sets up, without the document class. */
  definitions: string;
  /** The reference list, `thebibliography` or what biblatex reads; empty where there is none. */
  bibliography: string;
  floats: TexFloat[];
}

export interface TexFloat {
  /** File of the archive that it stands in. */
  file: string;
  /** What the body of the paper defines before it. */
  setup: string;
  /** The float with its environment, or what makes it: a macro call. */
  body: string;
  /** It breaks across pages, as long tables do. */
  paged: boolean;
  /** What its reference commands print, by their argument. */
  references: { command: string; labels: string; printed: string }[];
}
