import { createReadStream, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";

/** What is known about a paper from outside its source, in the fields of arXiv's public metadata snapshot. */
export interface PaperMetadata {
  title: string | null;
  abstract: string | null;
  categories: string[];
  licence: string | null;
  doi: string | null;
}

/** Longest line, in UTF-16 code units; the longest of arXiv's own has a few hundred thousand. */
const LINE_LIMIT = 4 * 2 ** 20;

/** Name of the file that is looked for beside the papers. */
const SIDECAR = "metadata.jsonl";

/** The metadata files that lie beside papers. */
export function findSidecars(papers: readonly string[]): string[] {
  const folders = new Set(papers.map((path) => dirname(path)));
  return [...folders].map((folder) => join(folder, SIDECAR)).filter((path) => existsSync(path));
}

/**
 * Reads the lines of the wanted papers out of a metadata file; of several lines about a paper the first counts.
 * Streams: memory grows with the papers that are wanted, not with the file.
 *
 * @throws {ConfigurationError} when the file cannot be read, or a line is no JSON object or longer than 4 MiB
 */
export async function readMetadata(
  path: string,
  wanted: Iterable<string>,
): Promise<Map<string, PaperMetadata>> {
  // Several versions of a paper share what is known about it.
  const ids = new Map<string, string[]>();
  for (const id of wanted) ids.set(plainId(id), [...(ids.get(plainId(id)) ?? []), id]);
  const found = new Map<string, PaperMetadata>();
  let number = 0;
  try {
    for await (const line of linesOf(path)) {
      number++;
      if (line.trim() === "") continue;
      const record = JSON.parse(line) as Record<string, unknown> | null;
      if (typeof record !== "object" || record === null) throw new SyntaxError("It is no object");
      for (const paper_id of ids.get(plainId(text(record.id) ?? "")) ?? [])
        if (!found.has(paper_id)) found.set(paper_id, metadataOf(record));
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

/** Node's own line reader would gather a line without end until the process dies of it. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > LINE_LIMIT) throw new Error(`a line of it is longer than ${LINE_LIMIT} characters`);
  }
  yield rest;
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
