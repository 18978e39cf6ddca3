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

/** One way to come by the whole picture of a figure. Plain data: what is drawn from it is the renderer's work. */
export type PictureSource = GraphicsSource | PageSource;

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
}
