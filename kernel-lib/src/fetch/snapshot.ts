import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { ConfigurationError, errorText } from "../errors.js";
import { isArxivId } from "./identifiers.js";
import { dayOf } from "./listing.js";
import type { ArxivRecord } from "./oai.js";
import { matches, type PaperQuery } from "./selection.js";

/**
 * A file of what is known about papers, a JSON object a line, in place of asking arXiv: its public metadata snapshot
 * (https://www.kaggle.com/datasets/Cornell-University/arxiv), or the `metadata.jsonl` of an earlier fetch. Streams;
 * the whole of arXiv takes a minute or two.
 */
export class Snapshot {
  readonly #path: string;
  readonly #query: PaperQuery;
  readonly #signal: AbortSignal;

  constructor(path: string, query: PaperQuery, signal: AbortSignal) {
    this.#path = path;
    this.#query = query;
    this.#signal = signal;
  }

  /** How many papers are wanted, `limit` at most. */
  async complete(limit: number): Promise<number> {
    const papers = this.papers(limit);
    let count = 0;
    while (!(await papers.next()).done) count++;
    return count;
  }

  /** The wanted papers in the order of the file, `limit` at most. @throws {ConfigurationError} for a file that is no such */
  async *papers(limit: number): AsyncGenerator<ArxivRecord> {
    let count = 0;
    for await (const record of this.#records()) {
      if (!matches(record, this.#query)) continue;
      yield record;
      if (++count >= limit) return;
    }
  }

  async *#records(): AsyncGenerator<ArxivRecord> {
    const found = await stat(this.#path).catch((error: unknown) => {
      throw new ConfigurationError(`The metadata cannot be read: ${errorText(error)}`);
    });
    if (!found.isFile()) throw new ConfigurationError(`${this.#path} is no file of metadata.`);
    const lines = createInterface({ input: createReadStream(this.#path, "utf8"), crlfDelay: Infinity });
    let number = 0;
    for await (const line of lines) {
      number++;
      this.#signal.throwIfAborted();
      const record = line.trim() === "" ? null : this.#parse(line, number);
      if (record !== null) yield record;
    }
  }

  /** `null` for what is no paper of arXiv. */
  #parse(line: string, number: number): ArxivRecord | null {
    try {
      const record = JSON.parse(line) as Record<string, unknown>;
      const field = (name: string) => (typeof record[name] === "string" ? record[name].trim() || null : null);
      const id = field("id");
      if (id === null) throw new Error("it has no id");
      if (!isArxivId(id)) return null;
      return {
        id,
        title: field("title"),
        authors: field("authors"),
        abstract: field("abstract"),
        categories: field("categories") ?? "",
        license: field("license"),
        doi: field("doi"),
        comments: field("comments"),
        "journal-ref": field("journal-ref"),
        created: field("created") ?? firstVersion(record.versions),
        update_date: field("update_date"),
      };
    } catch (error) {
      throw new ConfigurationError(
        `Line ${number} of ${this.#path} is no metadata of a paper (${errorText(error)}); it holds one JSON object a line, as arXiv's snapshot does.`,
      );
    }
  }
}

/** Day of the first version, which the snapshot writes as a mail's date. */
function firstVersion(versions: unknown): string | null {
  const [first] = Array.isArray(versions) ? (versions as { created?: unknown }[]) : [];
  const date = new Date(typeof first?.created === "string" ? first.created : NaN);
  return Number.isNaN(date.getTime()) ? null : dayOf(date);
}
