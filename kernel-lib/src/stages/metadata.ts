import { existsSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
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

/** Where a paper's metadata stand. */
export interface MetadataPlace extends Place {
  /** Absolute. */
  path: string;
}

/**
 * Searches the user's metadata file, or those that lie beside the papers.
 * @throws {ConfigurationError} as {@link MetadataFile.search}
 */
export async function searchMetadata(
  sources: readonly { paper_id: string; path: string }[],
  file: string | null,
): Promise<MetadataFile[]> {
  const files: MetadataFile[] = [];
  for (const path of file === null ? findSidecars(sources.map(({ path }) => path)) : [file])
    files.push(
      await MetadataFile.search(
        path,
        sources.map(({ paper_id }) => paper_id),
      ),
    );
  return files;
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

  /** Where it is said what is known about a paper; several versions of one share it. */
  placeOf(paper_id: string): MetadataPlace | null {
    const place = this.places.get(plainId(paper_id));
    return place ? { path: resolve(this.path), ...place } : null;
  }

  /** What is said about a paper. */
  async about(paper_id: string): Promise<PaperMetadata | null> {
    const place = this.placeOf(paper_id);
    if (!place) return null;
    const file = await (this.file ??= open(this.path));
    return metadataAt(file, place);
  }

  async close(): Promise<void> {
    await (await this.file)?.close();
  }
}

/** arXiv's ids as file names have them: no version, and no slash in the old ones (`hep-th/9901001v2`). */
const plainId = (id: string): string => id.replace(/v\d+$/, "").replaceAll("/", "");

/**
 * Reads what stands at a place that was found earlier, perhaps by another process.
 * @param paper_id whom it has to be about
 * @throws {ConfigurationError} when the file has changed since
 */
export async function metadataOfPlace(paper_id: string, place: MetadataPlace): Promise<PaperMetadata> {
  try {
    const file = await open(place.path);
    try {
      return await metadataAt(file, place, plainId(paper_id));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new ConfigurationError(
      `${place.path} does not say about ${paper_id} any more what it said when the work was planned (${errorText(error)}): plan it anew.`,
      { cause: error },
    );
  }
}

async function metadataAt(file: FileHandle, { start, length }: Place, id?: string): Promise<PaperMetadata> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
  const record = JSON.parse(buffer.toString("utf8")) as Record<string, unknown>;
  if (id !== undefined && plainId(text(record.id) ?? "") !== id) throw new Error("it is about another paper");
  return metadataOf(record);
}

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
