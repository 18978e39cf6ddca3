import { posix } from "node:path";
import type { Archive } from "../archive/archive.js";
import { paperIdOf } from "../identifiers.js";
import { isJats } from "../archive/sniff-jats.js";

/** The XML file of an archive that is the paper. */
export interface ArticleFile {
  path: string;
  /** Other articles of the archive, which are not read. */
  others: string[];
}

/**
 * Finds the JATS article of an archive; `null` where there is none. Of several, the one that is named as the archive
 * or its folder is taken, else the largest.
 */
export function findArticle(archive: Archive): ArticleFile | null {
  const articles = archive.paths.filter((path) => /\.n?xml$/i.test(path) && isJats(archive.read(path)!));
  const size = (path: string) => archive.read(path)!.length;
  const [path, ...others] = articles.sort(
    (a, b) => Number(isNamed(archive, b)) - Number(isNamed(archive, a)) || size(b) - size(a),
  );
  return path === undefined ? null : { path, others };
}

function isNamed(archive: Archive, path: string): boolean {
  const stem = posix.basename(path).replace(/\.n?xml$/i, "");
  return stem === paperIdOf(archive.source) || stem === posix.basename(posix.dirname(path));
}
