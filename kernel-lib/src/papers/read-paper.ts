import type { Archive } from "./archive/archive.js";
import { findArticle } from "./jats/article.js";
import { readJats } from "./jats/index.js";
import { readLatex } from "./latex/index.js";
import { readPdf, type PdfOptions } from "./pdf/read-pdf.js";
import type { Reading } from "./reading.js";

/**
 * Reads a paper's source by what its archive holds: as JATS where there is a JATS article in it, else as LaTeX.
 * @throws {ItemError} where the archive holds neither, or an article that is no well-formed XML.
 */
export function readSource(archive: Archive): Reading {
  const article = findArticle(archive);
  return article ? readJats(archive, article) : readLatex(archive);
}

/**
 * Reads a paper in whatever form it came: its source as {@link readSource} does, a PDF as `readPdf` with the options.
 * @throws {ItemError} as these two; the reason of `signal` when aborted.
 */
export async function readPaper(
  archive: Archive,
  options: Pick<PdfOptions, "signal" | "layout"> = {},
): Promise<Reading> {
  return archive.form === "pdf" ? readPdf(archive, options) : readSource(archive);
}
