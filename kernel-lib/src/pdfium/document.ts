import type { ContentLimits, Drawn, Opened, PageContents, PageSize } from "./messages.js";
import { takeTurn } from "./process.js";

/** `[x0, y0, x1, y1]` in points from the top left of the page as it is shown. */
export type Region = readonly [x0: number, y0: number, x1: number, y1: number];

/** A PDF that PDFium has open. Pages are counted from 1. */
export interface PdfDocument {
  readonly pages: number;
  readonly info: Opened["info"];
  size(page: number): Promise<PageSize>;
  contents(page: number, limits: ContentLimits, signal?: AbortSignal): Promise<PageContents>;
  /** RGB, on white, with the page's notes and links. */
  draw(page: number, pixelsPerPoint: number): Promise<Drawn>;
  /** Without notes and links; in greys where asked for. The window is widened to whole pixels. */
  drawRegion(page: number, pixelsPerPoint: number, region: Region, grey?: boolean): Promise<Drawn>;
}

/** Opens a PDF; `signal` ends whatever is asked of it. */
export type OpenPdf = (bytes: Uint8Array, signal: AbortSignal) => Promise<PdfDocument>;

/**
 * Does work with PDFium when its turn has come; the document that was opened last is closed afterwards. When a call
 * fails or is aborted, PDFium is of no more use to `work`.
 *
 * Opening throws an error with PDFium's `code` for a file that is encrypted (4) or broken (3), the rest with its words
 * for a page that is broken, and all of them the signal's reason when it is aborted.
 */
export function withPdfium<T>(work: (open: OpenPdf) => Promise<T>): Promise<T> {
  return takeTurn(({ ask }) =>
    work(async (bytes, signal) => {
      const opened = await ask<Opened>({ open: bytes }, signal);
      return {
        ...opened,
        size: (page) => ask({ size: page }, signal),
        contents: (page, limits, stop = signal) => ask({ contents: page, limits }, stop),
        draw: (page, scale) => ask({ draw: page, scale }, signal),
        drawRegion: (page, scale, region, grey) =>
          ask({ draw: page, scale, window: pixelWindow(region, scale), grey }, signal),
      };
    }),
  );
}

function pixelWindow(region: Region, scale: number): [x: number, y: number, width: number, height: number] {
  const [left, top] = [Math.floor(region[0] * scale), Math.floor(region[1] * scale)];
  const [right, bottom] = [Math.ceil(region[2] * scale), Math.ceil(region[3] * scale)];
  return [left, top, Math.max(1, right - left), Math.max(1, bottom - top)];
}
