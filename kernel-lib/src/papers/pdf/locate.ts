import type { Archive } from "../archive/archive.js";
import { findFloats, type PdfFloat } from "./floats.js";
import { tightened } from "./ink.js";
import { adoptLayout } from "./layout-readers/adopt.js";
import type { ForeignLayout } from "./layout-readers/region.js";
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
 * @param foreign its layout by another reader, which is followed where it has a caption's figure
 * @throws {ItemError} `pdf-encrypted`, `pdf-broken`, `pdf-empty`, `pdf-too-long`, `pdf-too-large`, `pdf-too-slow`,
 *   `pdf-scanned`; the reason of `signal` when aborted.
 */
export async function locateFloats(
  archive: Archive,
  limits: PdfLimits,
  signal: AbortSignal | undefined,
  foreign?: ForeignLayout,
): Promise<Located> {
  const bytes = archive.read(archive.paths[0]!)!;
  const read = await readPages(bytes, archive.source, limits, signal);
  if (read.pages.every(({ lines }) => lines.length === 0)) throw pdfScanned(archive.source);
  const layout = readLayout(read.pages);
  const found = findFloats(layout);
  const [whole, parts] = apart(foreign ? adoptLayout(found, foreign, layout) : found);
  const floats = await tightened(whole, bytes, archive.source, limits, signal);
  return { ...read, layout, floats, warnings: [...read.warnings, ...parts.map(leftOut)] };
}

/** Floats, and those that say that they go on with an earlier one. */
function apart(found: readonly PdfFloat[]): [whole: PdfFloat[], parts: PdfFloat[]] {
  const [whole, parts]: [PdfFloat[], PdfFloat[]] = [[], []];
  for (const next of found) {
    const first = whole.some(({ float, number }) => float === next.float && number === next.number);
    (first && next.caption.continues ? parts : whole).push(next);
  }
  return [whole, parts];
}

const leftOut = ({ float, number, page }: PdfFloat) =>
  `${float === "table" ? "Table" : "Figure"} ${number} goes on on page ${page}; that part of it is left out.`;
