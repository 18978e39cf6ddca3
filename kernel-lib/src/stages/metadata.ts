import { existsSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";
import { linesOf } from "../text/lines.js";

/** What is known about a paper from outside its source, in the fields of arXiv's public metadata snapshot. */
export interface PaperMetadata {
  title: string | null;
  abstract: string | null;
  categories: string[];
  licence: string | null;
  doi: string | null;
}

/** Longest line, in bytes; the longest of arXiv's own has a few hundred thousand. */
const LINE_LIMIT = 4 * 2 ** 20;

/** Name of the file that is looked for beside the papers. */
const SIDECAR = "metadata.jsonl";

/** The metadata files that lie beside papers. */
export function findSidecars(papers: readonly string[]): string[] {
  const folders = new Set(papers.map((path) => dirname(path)));
  return [...folders].map((folder) => join(folder, SIDECAR)).filter((path) => existsSync(path));
}

/** Where a line stands in its file, in bytes. */
interface Place {
  start: number;
  length: number;
}

/**
 * A metadata file, searched once for the lines of the wanted papers; of several lines about a paper the first counts.
 * Memory holds where they stand, not what they say: of millions of papers that would be gigabytes.
 */
export class MetadataFile {
  /** Opened when first asked. */
  private file: Promise<FileHandle> | undefined;

  private constructor(
    private readonly path: string,
    private readonly places: ReadonlyMap<string, Place>,
  ) {}

  /**
   * @throws {ConfigurationError} when the file cannot be read, or a line is no JSON object or longer than 4 MiB
   */
  static async search(path: string, wanted: Iterable<string>): Promise<MetadataFile> {
    const ids = new Set<string>();
    for (const id of wanted) ids.add(plainId(id));
    const places = new Map<string, Place>();
    let number = 0;
    try {
      for await (const { bytes, start } of linesOf(path, LINE_LIMIT)) {
        number++;
        const line = bytes.toString("utf8");
        if (line.trim() === "") continue;
        const record = JSON.parse(line) as Record<string, unknown> | null;
        if (typeof record !== "object" || record === null) throw new SyntaxError("It is no object");
        const id = plainId(text(record.id) ?? "");
        if (ids.has(id) && !places.has(id)) places.set(id, { start, length: bytes.length });
      }
      return new MetadataFile(path, places);
    } catch (error) {
      const place = error instanceof SyntaxError ? `line ${number} of ${path}` : path;
      throw new ConfigurationError(
        `The metadata cannot be read, at ${place}: ${errorText(error)}. It holds one JSON object a line (id, title, abstract, categories, license, doi).`,
        { cause: error },
      );
    }
  }

  /** What is said about a paper; several versions of one share it. */
  async about(paper_id: string): Promise<PaperMetadata | null> {
    const place = this.places.get(plainId(paper_id));
    if (!place) return null;
    const file = await (this.file ??= open(this.path));
    const { buffer } = await file.read(Buffer.alloc(place.length), 0, place.length, place.start);
    return metadataOf(JSON.parse(buffer.toString("utf8")) as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await (await this.file)?.close();
  }
}

/** arXiv's ids as file names have them: no version, and no slash in the old ones (`hep-th/9901001v2`). */
const plainId = (id: string): string => id.replace(/v\d+$/, "").replaceAll("/", "");

function metadataOf(record: Record<string, unknown>): PaperMetadata {
  const { categories } = record;
  return {
    title: text(record.title),
    abstract: text(record.abstract),
    categories: Array.isArray(categories)
      ? categories.filter((each): each is string => typeof each === "string")
      : (text(categories)?.split(" ") ?? []),
    licence: text(record.license),
    doi: text(record.doi),
  };
}

/** A text on one line, `null` where there is none. */
function text(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const line = value.replace(/\s+/g, " ").trim();
  return line === "" ? null : line;
}
