/** What goes between us and the process that holds PDFium: plain data. */

export type Request =
  | { open: Uint8Array }
  /** Pages are counted from 1. */
  | { size: number }
  | { contents: number; limits: ContentLimits }
  /** The whole page (`scale` pixels a point) or the window `[x, y, width, height]` of it, in pixels of that scale. */
  | { draw: number; scale: number; window?: readonly [number, number, number, number]; grey?: boolean };

export type Reply = Opened | PageSize | PageContents | Drawn | Failed;

export interface Message {
  reply: Reply;
  /** Bytes that PDFium has taken from the system. */
  memory: number;
}

export interface Opened {
  pages: number;
  /** The file's own statement of `Title`, `Author` and the like; empty strings where it says nothing. */
  info: Record<(typeof INFO_FIELDS)[number], string>;
}

const INFO_FIELDS = ["Title", "Author", "Subject", "Keywords", "Creator", "Producer"] as const;

/** Points, as shown. */
export interface PageSize {
  width: number;
  height: number;
}

export interface Drawn {
  width: number;
  height: number;
  /** Row by row, three bytes a pixel (RGB), or one where grey was asked for. */
  pixels: Uint8Array;
}

export interface Failed {
  error: string;
  /** PDFium's `FPDF_ERR_…` where a document could not be opened: 3 for its form, 4 for its password. */
  code?: number;
}

/** How much of a page is read; what is above is left out and `cut` says so. */
export interface ContentLimits {
  glyphs: number;
  objects: number;
}

/** A page as it is shown, turned as the page says; all lengths in points, from the top left. */
export interface PageContents {
  width: number;
  height: number;
  glyphs: Glyphs;
  /** Four numbers a box (x0, y0, x1, y1), what is clipped away taken off. */
  images: Float32Array;
  /** The same of every path and shading that is painted in a colour other than white. */
  paths: Float32Array;
  cut: boolean;
}

/** The glyphs of a page in the order of the file; one entry a glyph, four a box. White space has no glyph. */
export interface Glyphs {
  /** Unicode code points; 0xFFFD where the font does not say. */
  codes: Uint32Array;
  /** Where the ink is. */
  ink: Float32Array;
  /** The whole cell: the advance along the line, ascent and descent across it. */
  cells: Float32Array;
  /** Where the pen stands, two numbers a glyph: on the base line. */
  origins: Float32Array;
  /** Font size as shown. */
  sizes: Float32Array;
  /** Degrees clockwise, 0 to 359. */
  angles: Uint16Array;
  /** Position in `fonts`. */
  fonts: Uint16Array;
  /** 1 where white space stands before the glyph in the text. */
  spaced: Uint8Array;
  /** 1 where nothing is painted, as in the text that is laid over a scanned page. */
  unseen: Uint8Array;
  fontTable: Font[];
}

export interface Font {
  /** Without the prefix of a subset: `CMBX10`. */
  name: string;
  bold: boolean;
  italic: boolean;
}
