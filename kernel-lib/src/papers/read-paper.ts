import type { Archive } from "./archive/archive.js";
import { findArticle } from "./jats/article.js";
import { readJats } from "./jats/index.js";
import { readLatex } from "./latex/index.js";
import type { Reading } from "./reading.js";

/**
 * Reads a paper's source by what its archive holds: as JATS where there is a JATS article in it, else as LaTeX.
 * @throws {ItemError} where the archive holds neither, or an article that is no well-formed XML.
 */
export function readSource(archive: Archive): Reading {
  const article = findArticle(archive);
  return article ? readJats(archive, article) : readLatex(archive);
}
