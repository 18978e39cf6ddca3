import type { Archive } from "../archive/archive.js";
import { findFloats, type PdfFloat } from "./floats.js";
import { readLayout } from "./layout.js";
import { DEFAULT_PDF_LIMITS } from "./limits.js";
import { readPages } from "./read-pages.js";

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
  const { pages } = await readPages(
    archive.read(archive.paths[0]!)!,
    archive.source,
    DEFAULT_PDF_LIMITS,
    signal,
  );
  return {
    pages: pages.map(({ width, height }) => ({ width, height })),
    floats: findFloats(readLayout(pages)),
  };
}
