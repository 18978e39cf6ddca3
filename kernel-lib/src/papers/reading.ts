import type { Figure, Paper } from "../model.js";

/** What a reader makes of a paper's source. */
export interface Reading {
  paper: Paper;
  /** Figures and tables in the order of the document; their images are not rendered yet. */
  figures: Figure[];
  /** What could not be followed, one sentence each. */
  warnings: string[];
  /** By figure id: its picture files (paths in the archive) in the rows of the author's arrangement. */
  layout: Map<string, string[][]>;
}
