import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { commitFile, partial, safeName } from "../disk/files.js";
import { JsonlWriter } from "../disk/jsonl.js";
import { lockDataset, type DatasetLock } from "../disk/lock.js";
import { ConfigurationError } from "../errors.js";
import { paperIdOf } from "../papers/identifiers.js";

/** Holds what is needed to go on after an interruption; readers of the folder pass over it. */
const STATE = ".fetch";
const METADATA = "metadata.jsonl";

/** A line of `metadata.jsonl`: arXiv's fields, and what was fetched when from where. */
export interface MetadataLine {
  id: string;
  [field: string]: unknown;
}

/**
 * A folder that papers are fetched into: their files, named by their ids, `metadata.jsonl` as `ingest` reads it, and
 * `quarantine/fetch.jsonl`. A file appears in it whole or not at all. One fetch at a time writes to it.
 */
export class PapersFolder {
  readonly path: string;
  /** Names of the files there are, by paper id. */
  readonly #files: Map<string, Set<string>>;
  readonly #described: Set<string>;
  #metadata: JsonlWriter;
  /** Whether a paper has several lines, of which the last counts. */
  #stale: boolean;
  readonly #lock: DatasetLock;

  private constructor(
    path: string,
    files: Map<string, Set<string>>,
    described: { ids: Set<string>; stale: boolean },
    metadata: JsonlWriter,
    lock: DatasetLock,
  ) {
    this.path = path;
    this.#files = files;
    this.#described = described.ids;
    this.#stale = described.stale;
    this.#metadata = metadata;
    this.#lock = lock;
  }

  /** Opens or makes the folder. @throws {ConfigurationError} while another fetch writes to it */
  static async open(path: string): Promise<PapersFolder> {
    await mkdir(join(path, STATE), { recursive: true });
    const lock = await lockDataset(join(path, STATE), "fetch");
    try {
      const metadata = await JsonlWriter.open(join(path, METADATA));
      return new PapersFolder(path, await filesIn(path), await describedIn(path), metadata, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Where the state of a listing is kept. */
  get state(): string {
    return join(this.path, STATE);
  }

  /** Where the bytes of a file gather until it is whole. */
  part(name: string): string {
    return join(this.path, STATE, `${safeName(name)}.part`);
  }

  /** The name of a paper's source, or of its PDF; `null` where there is none. A paper may be nothing but a PDF. */
  find(paper_id: string, what: "source" | "pdf"): string | null {
    const names = [...(this.#files.get(paper_id) ?? [])].sort();
    const isPdf = (name: string) => name.endsWith(".pdf");
    return names.find((name) => isPdf(name) === (what === "pdf")) ?? names.find(isPdf) ?? null;
  }

  isDescribed(id: string): boolean {
    return this.#described.has(id);
  }

  /** Puts a whole file in its place. */
  async place(part: string, paper_id: string, name: string): Promise<void> {
    await commitFile(part, join(this.path, name));
    this.#files.set(paper_id, (this.#files.get(paper_id) ?? new Set()).add(name));
  }

  /** Puts a folder with a whole paper in its place, for the one that may be there. */
  async placeFolder(from: string, paper_id: string): Promise<void> {
    await rm(join(this.path, paper_id), { recursive: true, force: true });
    await rename(from, join(this.path, paper_id));
    this.#files.set(paper_id, new Set([paper_id]));
  }

  /** Removes a file that a newer one replaces under another name. */
  async remove(paper_id: string, name: string): Promise<void> {
    await rm(join(this.path, name), { force: true });
    this.#files.get(paper_id)?.delete(name);
  }

  /** Writes what is known about a paper; resolves when it is on the disk. */
  async describe(line: MetadataLine): Promise<void> {
    await this.#metadata.append(line);
    if (this.#described.has(line.id)) this.#stale = true;
    this.#described.add(line.id);
  }

  async close(): Promise<void> {
    await this.#metadata.close();
    if (this.#stale) await keepLastLines(join(this.path, METADATA));
    await this.#lock.release();
  }
}

async function filesIn(folder: string): Promise<Map<string, Set<string>>> {
  const files = new Map<string, Set<string>>();
  for (const name of await readdir(folder)) {
    const id = paperIdOf(name);
    files.set(id, (files.get(id) ?? new Set()).add(name));
  }
  return files;
}

async function describedIn(folder: string): Promise<{ ids: Set<string>; stale: boolean }> {
  const ids = new Set<string>();
  let stale = false;
  for await (const { id } of idsOf(join(folder, METADATA))) {
    if (ids.has(id)) stale = true;
    ids.add(id);
  }
  return { ids, stale };
}

/** Of several lines about a paper, all but the last go. */
async function keepLastLines(path: string): Promise<void> {
  const last = new Map<string, number>();
  for await (const { id, number } of idsOf(path)) last.set(id, number);
  async function* kept() {
    for await (const { id, number, line } of idsOf(path)) if (last.get(id) === number) yield `${line}\n`;
  }
  await pipeline(Readable.from(kept()), createWriteStream(partial(path)));
  await commitFile(partial(path), path);
}

async function* idsOf(path: string): AsyncGenerator<{ id: string; number: number; line: string }> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity })) {
    number++;
    if (line.trim() !== "") yield { id: idOf(line, number, path), number, line };
  }
}

function idOf(line: string, number: number, path: string): string {
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    if (typeof id === "string") return id;
  } catch {
    // Said below.
  }
  throw new ConfigurationError(
    `Line ${number} of ${path} is no metadata of a paper; mend or delete it, and start the same again.`,
  );
}
