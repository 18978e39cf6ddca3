/** A page of a PDF with what was found on it. Plain data; lengths in points from the top left of the page. */
export interface PageView {
  source: string;
  /** From 1. */
  number: number;
  pages: number;
  width: number;
  height: number;
  /** Data URL of the drawn page. */
  picture: string;
  regions: PageRegion[];
}

export type PageBox = readonly [x0: number, y0: number, x1: number, y1: number];

/** A caption and the part of a page that belongs to it. */
export interface PageRegion {
  figure_id: string;
  float: "figure" | "table";
  /** As printed. */
  number: string | null;
  caption: string;
  /** `null` where the picture, or the caption, stands on another page or was not found. */
  box: PageBox | null;
  captionBox: PageBox | null;
  /** 0..1 */
  confidence: number | null;
}
