import type { Archive } from "../archive/archive.js";
import { findFloats, type PdfFloat } from "./floats.js";
import { tightened } from "./ink.js";
import { readLayout, type Layout } from "./layout.js";
import type { PdfLimits } from "./limits.js";
import { pdfScanned } from "./problems.js";
import { readPages, type Pages } from "./read-pages.js";

export interface Located extends Pages {
  layout: Layout;
  floats: PdfFloat[];
}

/**
 * What stands on the pages of a PDF, and where its figures and tables are.
 * @throws {ItemError} `pdf-encrypted`, `pdf-broken`, `pdf-empty`, `pdf-too-long`, `pdf-too-large`, `pdf-too-slow`,
 *   `pdf-scanned`; the reason of `signal` when aborted.
 */
export async function locateFloats(
  archive: Archive,
  limits: PdfLimits,
  signal: AbortSignal | undefined,
): Promise<Located> {
  const bytes = archive.read(archive.paths[0]!)!;
  const read = await readPages(bytes, archive.source, limits, signal);
  if (read.pages.every(({ lines }) => lines.length === 0)) throw pdfScanned(archive.source);
  const layout = readLayout(read.pages);
  const floats = await tightened(findFloats(layout), bytes, archive.source, limits, signal);
  return { ...read, layout, floats };
}
