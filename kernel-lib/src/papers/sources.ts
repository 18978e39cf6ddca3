import { basename, resolve } from "node:path";
import { ConfigurationError } from "../errors.js";
import { PaperFinder } from "./find-papers.js";
import { paperIdOf } from "./identifiers.js";

/** One paper's input: an archive, a single file, or a folder with an unpacked paper. */
export interface Source {
  path: string;
  /** The name without its endings: `1703.09824` of `1703.09824.tar.gz`. */
  paper_id: string;
  /** The same paper's PDF beside its source: what the source lacks is taken from it. */
  pdf: string | null;
}

/** An input that is not read, and why. */
export interface SkippedSource extends Omit<Source, "pdf"> {
  reason: "duplicate-paper-id" | "unusable-paper-id" | "unreadable-folder";
  message: string;
  way_out: string;
}

export interface SourceList {
  /** Sorted by paper id, each id once. */
  sources: Source[];
  skipped: SkippedSource[];
}

/**
 * Finds the papers that inputs stand for: files, folders and patterns (`papers/*.tar.gz`; `*`, `?` and `**` as in a
 * shell). A folder with `.tex` files directly in it, or with one article and its pictures, is one unpacked paper; any
 * other folder stands for the papers in it and below. Of a folder's files only those that papers come as are taken; a file that is named is always taken.
 *
 * A folder that cannot be read is skipped like a paper that cannot.
 *
 * @throws {ConfigurationError} for an input that does not exist or stands for no paper.
 */
export async function listSources(inputs: readonly string[]): Promise<SourceList> {
  const found = new Set<string>();
  const finder = new PaperFinder();
  for (const input of inputs) {
    let any = false;
    for await (const path of finder.papers(input)) {
      found.add(resolve(path));
      any = true;
    }
    if (any) continue;
    const [why] = finder.unreadable.values();
    throw new ConfigurationError(
      why
        ? `${input} cannot be looked into: ${why}.`
        : `${input} matches no paper; give archives or folders of them.`,
    );
  }
  const { sources, skipped } = settle([...found]);
  return { sources, skipped: [...[...finder.unreadable].map(unreadable), ...skipped] };
}

const unreadable = ([path, why]: [string, string]): SkippedSource => ({
  path: resolve(path),
  paper_id: basename(resolve(path)),
  reason: "unreadable-folder",
  message: `The folder ${path} cannot be looked into: ${why}.`,
  way_out: "Allow reading it, and start the same again.",
});

function settle(paths: readonly string[]): SourceList {
  const taken = new Map<string, Source>();
  const skipped: SkippedSource[] = [];
  // Where a paper is there both ways, its source says more than its PDF, which only helps out.
  for (const path of [...paths.filter((path) => !isPdf(path)), ...paths.filter(isPdf)]) {
    const source = { path, paper_id: paperIdOf(path) };
    const first = taken.get(source.paper_id);
    if (!isUsableId(source.paper_id)) {
      skipped.push({
        ...source,
        reason: "unusable-paper-id",
        message: `${basename(path)} gives no paper id that a file can be named by.`,
        way_out: "Rename the file.",
      });
    } else if (first && isPdf(path) && !isPdf(first.path) && first.pdf === null) {
      first.pdf = path;
    } else if (first) {
      skipped.push({
        ...source,
        reason: "duplicate-paper-id",
        message: `${path} has the same paper id as ${first.path}, which is read in its place.`,
        way_out: "Rename one of them, or leave one out.",
      });
    } else taken.set(source.paper_id, { ...source, pdf: null });
  }
  const sources = [...taken.values()].sort((a, b) => (a.paper_id < b.paper_id ? -1 : 1));
  return { sources, skipped };
}

const isPdf = (path: string) => /\.pdf(?:\.gz)?$/i.test(path);

/** Ids name folders and stand before `#` in figure ids. */
const isUsableId = (id: string) => !/^\.*$|[#\\\p{Cc}]/u.test(id) && Buffer.byteLength(id) <= 200;
