import type { Archive } from "../archive/archive.js";
import type { PdfFloat } from "./floats.js";
import { DEFAULT_PDF_LIMITS } from "./limits.js";
import { locateFloats } from "./locate.js";

/** Where on its pages a PDF's captions and their pictures stand, for looking at. */
export interface PdfRegions {
  /** In order. Points. */
  pages: { width: number; height: number }[];
  floats: PdfFloat[];
}

/**
 * Finds them as `readPdf` does.
 * @throws {ItemError} as `readPdf`; the reason of `signal` when aborted.
 */
export async function readRegions(archive: Archive, signal: AbortSignal): Promise<PdfRegions> {
  const { pages, floats } = await locateFloats(archive, DEFAULT_PDF_LIMITS, signal);
  return { pages: pages.map(({ width, height }) => ({ width, height })), floats };
}
