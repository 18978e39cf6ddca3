import { createReadStream, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { ConfigurationError, errorText } from "../errors.js";

/** What is known about a paper from outside its source, in the fields of arXiv's public metadata snapshot. */
export interface PaperMetadata {
  title: string | null;
  abstract: string | null;
  categories: string[];
  licence: string | null;
  doi: string | null;
}

/** Name of the file that is looked for beside the papers. */
export const SIDECAR = "metadata.jsonl";

/** The metadata files that lie beside papers. */
export function findSidecars(papers: readonly string[]): string[] {
  const folders = new Set(papers.map((path) => dirname(path)));
  return [...folders].map((folder) => join(folder, SIDECAR)).filter((path) => existsSync(path));
}

/**
 * Reads the lines of the wanted papers out of a metadata file; of several lines about a paper the first counts.
 * Streams: memory grows with the papers that are wanted, not with the file.
 *
 * @throws {ConfigurationError} when the file cannot be read or a line is no JSON object
 */
export async function readMetadata(
  path: string,
  wanted: Iterable<string>,
): Promise<Map<string, PaperMetadata>> {
  const ids = new Map([...wanted].map((id) => [plainId(id), id]));
  const found = new Map<string, PaperMetadata>();
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number++;
      if (line.trim() === "") continue;
      const record = JSON.parse(line) as Record<string, unknown>;
      const paper_id = ids.get(plainId(text(record.id) ?? ""));
      if (paper_id !== undefined && !found.has(paper_id)) found.set(paper_id, metadataOf(record));
    }
  } catch (error) {
    const place = error instanceof SyntaxError ? `line ${number} of ${path}` : path;
    throw new ConfigurationError(
      `The metadata cannot be read, at ${place}: ${errorText(error)}. It holds one JSON object a line (id, title, abstract, categories, license, doi).`,
      { cause: error },
    );
  }
  return found;
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
