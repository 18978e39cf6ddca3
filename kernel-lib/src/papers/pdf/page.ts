/** What a page of a PDF holds, as plain data: all that the reading of a PDF rests on. */

/** `[x0, y0, x1, y1]` in points from the top left of the page as it is shown, turned as the page says. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

export interface Page {
  /** From 1. */
  number: number;
  /** Points. */
  width: number;
  height: number;
  /** In the order in which the file draws them, which need not be the order of reading. */
  lines: Line[];
  /** Boxes of embedded pictures. */
  images: Box[];
  /** Boxes of vector drawings: each path that is painted, without white backgrounds of the page itself. */
  paths: Box[];
}

/** Text on one base line, without a wide gap in it: the lines of two columns side by side are two. */
export interface Line {
  text: string;
  box: Box;
  /** Degrees clockwise that the text is turned on the page as it is shown. */
  angle: 0 | 90 | 180 | 270;
  /** Runs of one font, in reading order; `text` is their texts, with a space wherever there is a gap between words. */
  runs: Run[];
}

export interface Run {
  text: string;
  box: Box;
  /** Name of the font without its subset prefix: `CMBX10`. */
  font: string;
  /** Points, as shown. */
  size: number;
  bold: boolean;
  italic: boolean;
}
