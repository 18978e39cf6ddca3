import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";

/**
 * Looks for the papers that one input stands for, see `listSources`. Memory holds the names of one folder and of those
 * that it lies in.
 */
export class PaperFinder {
  /** Folders that could not be looked into, with the system's word for why. */
  readonly unreadable = new Map<string, string>();

  /** @throws {ConfigurationError} for an input that does not exist */
  async *papers(input: string): AsyncGenerator<string> {
    const kind = await kindOf(input);
    if (kind === "file") yield input;
    else if (kind === "folder") yield* this.#papersIn(input);
    else if (!/[*?]/.test(input)) throw new ConfigurationError(`${input} does not exist.`);
    else yield* this.#matching(input);
  }

  async *#papersIn(folder: string): AsyncGenerator<string> {
    const entries = await this.#entries(folder);
    if (entries.some(({ name }) => /\.tex$/i.test(name)) || isPackage(entries)) return yield folder;
    for (const { name, kind } of entries) {
      const path = join(folder, name);
      // A linked folder could lead back to this one, so it is not entered.
      if (kind === "folder") yield* this.#papersIn(path);
      else if (PAPER_FILE.test(name) && (kind === "file" || (await kindOf(path)) === "file")) yield path;
    }
  }

  async *#matching(pattern: string): AsyncGenerator<string> {
    const segments = pattern.split("/").filter((part) => part !== "");
    const seen = new Set<string>();
    for await (const { path, kind } of this.#descend(pattern.startsWith("/") ? "/" : "", segments)) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (kind === "folder" || (kind === "other" && (await kindOf(path)) === "folder"))
        yield* this.#papersIn(path);
      else yield path;
    }
  }

  /** The paths that the segments of a pattern lead to from `folder`. */
  async *#descend(
    folder: string,
    [segment, ...rest]: readonly string[],
    kind: Entry["kind"] = "folder",
  ): AsyncGenerator<{ path: string; kind: Entry["kind"] }> {
    if (segment === undefined) yield { path: folder, kind };
    else if (segment === "**") {
      yield* this.#descend(folder, rest);
      for (const entry of await this.#entries(folder))
        if (entry.kind === "folder") yield* this.#descend(join(folder, entry.name), [segment, ...rest]);
    } else if (!/[*?]/.test(segment)) {
      const path = join(folder, segment);
      const found = await kindOf(path);
      if (found) yield* this.#descend(path, rest, found);
    } else {
      const pattern = patternOf(segment);
      for (const entry of await this.#entries(folder))
        if (pattern.test(entry.name)) yield* this.#descend(join(folder, entry.name), rest, entry.kind);
    }
  }

  /** What is in a folder by name, hidden files left out; nothing for what is no folder. */
  async #entries(folder: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    try {
      for await (const entry of await opendir(folder || ".", { bufferSize: 1024 })) {
        if (entry.name.startsWith(".")) continue;
        const kind = entry.isDirectory() ? "folder" : entry.isFile() ? "file" : "other";
        entries.push({ name: entry.name, kind });
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") this.unreadable.set(folder || ".", errorText(error));
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

interface Entry {
  name: string;
  /** `other` may be a link to either. */
  kind: "file" | "folder" | "other";
}

/** arXiv's downloads often have no ending: `1904.10879`, `1904.10879v2`, `hep-th9901001`. */
const PAPER_FILE =
  /\.(?:tar|tgz|gz|tex|n?xml|pdf|zip|meca)$|^\d{4}\.\d{4,5}(?:v\d+)?$|^[a-z-]+\d{7}(?:v\d+)?$/i;

/** A JATS package as it unpacks: one article beside its pictures, or MECA's manifest beside its content folder. */
function isPackage(entries: readonly Entry[]): boolean {
  const has = (wanted: string) => entries.some(({ name }) => name === wanted);
  if (has("manifest.xml") && has("content")) return true;
  const articles = entries.filter(({ name }) => /\.n?xml$/i.test(name));
  return articles.length === 1 && entries.some(({ name }) => /\.(?:tiff?|jpe?g|png|gif)$/i.test(name));
}

function patternOf(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su");
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  return found.isDirectory() ? "folder" : "file";
}
