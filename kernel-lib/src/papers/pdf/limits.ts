/** How much of a PDF is read. */
export interface PdfLimits {
  /** Pages; a longer document is turned away. @default 2000 */
  pages: number;
  /** Glyphs of a page; the rest is left out. @default 200,000 */
  glyphs: number;
  /** Drawn objects of a page, parts of parts counted; the rest is left out. @default 500,000 */
  objects: number;
  /** Glyphs, pictures and paths of the whole document. @default 10 million */
  parts: number;
  /** Seconds for one page; a slower one is left out. @default 20 */
  pageSeconds: number;
  /** Seconds for the whole document, counted from its turns. @default 180 */
  seconds: number;
}

export const DEFAULT_PDF_LIMITS: Readonly<PdfLimits> = {
  pages: 2000,
  glyphs: 200_000,
  objects: 500_000,
  parts: 10_000_000,
  pageSeconds: 20,
  seconds: 180,
};
