import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ConfigurationError } from "../errors.js";
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
  reason: "duplicate-paper-id" | "unusable-paper-id";
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
 * @throws {ConfigurationError} for an input that does not exist or stands for no paper.
 */
export async function listSources(inputs: readonly string[]): Promise<SourceList> {
  const found: string[] = [];
  for (const input of inputs) {
    const paths = await expand(input);
    if (paths.length === 0)
      throw new ConfigurationError(`${input} matches no paper; give archives or folders of them.`);
    found.push(...paths);
  }
  return settle([...new Set(found.map((path) => resolve(path)))]);
}

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

async function expand(input: string): Promise<string[]> {
  const kind = await kindOf(input);
  if (kind === "file") return [input];
  if (kind === "folder") return papersIn(input);
  if (!/[*?]/.test(input)) throw new ConfigurationError(`${input} does not exist.`);
  const matches = await matchPattern(input);
  const expanded = await Promise.all(
    matches.map(async (path) => ((await kindOf(path)) === "folder" ? papersIn(path) : [path])),
  );
  return expanded.flat();
}

/** arXiv's downloads often have no ending: `1904.10879`, `1904.10879v2`, `hep-th9901001`. */
const PAPER_FILE =
  /\.(?:tar|tgz|gz|tex|n?xml|pdf|zip|meca)$|^\d{4}\.\d{4,5}(?:v\d+)?$|^[a-z-]+\d{7}(?:v\d+)?$/i;

async function papersIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith("."),
  );
  if (entries.some(({ name }) => /\.tex$/i.test(name)) || isPackage(entries)) return [folder];
  const papers: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // A linked folder could lead back to this one, so it is not entered.
    if (entry.isDirectory()) papers.push(...(await papersIn(path)));
    else if (PAPER_FILE.test(entry.name) && (await kindOf(path)) === "file") papers.push(path);
  }
  return papers;
}

/** A JATS package as it unpacks: one article beside its pictures, or MECA's manifest beside its content folder. */
function isPackage(entries: readonly { name: string }[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  if (names.has("manifest.xml") && names.has("content")) return true;
  const articles = entries.filter(({ name }) => /\.n?xml$/i.test(name));
  return articles.length === 1 && entries.some(({ name }) => /\.(?:tiff?|jpe?g|png|gif)$/i.test(name));
}

async function matchPattern(pattern: string): Promise<string[]> {
  let paths = [pattern.startsWith("/") ? "/" : ""];
  for (const segment of pattern.split("/").filter((part) => part !== "")) {
    paths = (await Promise.all(paths.map((path) => matchSegment(path, segment)))).flat();
  }
  return [...new Set(paths)].sort();
}

/** The paths that one segment of a pattern leads to from `folder`. */
async function matchSegment(folder: string, segment: string): Promise<string[]> {
  if (segment === "**") return [folder, ...(await foldersBelow(folder))];
  if (!/[*?]/.test(segment)) {
    const path = join(folder, segment);
    return (await kindOf(path)) ? [path] : [];
  }
  const names = await readdir(folder || ".").catch(() => []);
  const matches = names.filter((name) => !name.startsWith(".") && matchesName(name, segment));
  return matches.map((name) => join(folder, name));
}

function matchesName(name: string, segment: string): boolean {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(name);
}

async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder || ".", { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  const below = await Promise.all(
    folders.map(async ({ name }) => [join(folder, name), ...(await foldersBelow(join(folder, name)))]),
  );
  return below.flat();
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  return found.isDirectory() ? "folder" : "file";
}
