import { open, type FileHandle } from "node:fs/promises";
import { ConfigurationError, errorText, ItemError } from "../errors.js";
import { linesOf } from "../text/lines.js";

/** Longest line that is written and that DuckDB is told to read, in bytes. */
export const LINE_LIMIT = 32 * 1024 * 1024;

interface Waiting {
  line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Appends JSON lines to a file. What {@link append} resolved is on the disk: lines that arrive while the disk is busy
 * wait together for one flush, so that many small results cost few flushes and none waits longer than two of them.
 */
export class JsonlWriter {
  readonly #file: FileHandle;
  #waiting: Waiting[] = [];
  /** Bytes that were given to this writer. */
  bytes = 0;
  #flushing: Promise<void> | null = null;
  /** What went wrong with the file: behind a line that is half written nothing may follow. */
  #broken: { error: unknown } | null = null;

  readonly #check: () => void;

  private constructor(file: FileHandle, check: () => void) {
    this.#file = file;
    this.#check = check;
  }

  /**
   * Opens or makes the file. A last line that a crash left half written is cut off.
   * @param check throws where this process may not write to the file any more: nothing that it learns of too late was
   *   reported to be on the disk
   */
  static async open(path: string, check: () => void = () => undefined): Promise<JsonlWriter> {
    check();
    await cutTornLine(path);
    return new JsonlWriter(await open(path, "a"), check);
  }

  /**
   * Resolves when the record is on the disk. Once writing has failed, everything after it fails, too.
   * @throws {ItemError} `result-too-large` when the record is longer than {@link LINE_LIMIT}; nothing is written then
   */
  append(record: unknown): Promise<void> {
    const line = encode(record);
    this.bytes += Buffer.byteLength(line);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Waits for what was appended and closes the file. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    // Not before its caller knows of it: what fails at once must not be forgotten before it was noted.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#broken) throw this.#broken.error;
        this.#check();
        await this.#file.appendFile(batch.map((waiting) => waiting.line).join(""));
        await this.#file.datasync();
        // Whoever has taken over since may have read the file before these lines were in it.
        this.#check();
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        this.#broken ??= { error };
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#flushing = null;
  }
}

/**
 * The records of a file of JSON lines, streamed; a half-written last line is passed over. None where there is no file.
 * @throws {ConfigurationError} for a whole line that is no JSON
 */
export async function* recordsOf<T>(path: string): AsyncGenerator<T> {
  let number = 0;
  try {
    for await (const { bytes, whole } of linesOf(path, LINE_LIMIT)) {
      number++;
      const line = bytes.toString("utf8");
      if (whole && line.trim() !== "") yield parse<T>(line, `Line ${number} of ${path}`);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** All {@link recordsOf} a file. */
export async function readJsonl<T>(path: string): Promise<T[]> {
  const records: T[] = [];
  for await (const record of recordsOf<T>(path)) records.push(record);
  return records;
}

function parse<T>(line: string, place: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (error) {
    throw new ConfigurationError(`${place} is no JSON (${errorText(error)}); restore it or delete the line.`);
  }
}

/** Half of a surrogate pair, which no UTF-8 file and no strict JSON reader can hold. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function encode(record: unknown): string {
  const line = `${JSON.stringify(record, (_, value: unknown) =>
    typeof value === "string" ? value.replace(LONE_SURROGATE, "\uFFFD") : value,
  )}\n`;
  const bytes = Buffer.byteLength(line);
  if (bytes > LINE_LIMIT)
    throw new ItemError({
      reason: "result-too-large",
      message: `The result has ${bytes} bytes as JSON; the limit is ${LINE_LIMIT}.`,
      wayOut: "Leave the item out; no ordinary paper is that long.",
    });
  return line;
}

async function cutTornLine(path: string): Promise<void> {
  const file = await openIfThere(path, "r+");
  if (!file) return;
  try {
    const { size } = await file.stat();
    const whole = await endOfLastLine(file, size);
    if (whole === size) return;
    await file.truncate(whole);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Offset behind the last line feed, found backwards so that a long ledger is not read. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const window = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - window.length);
    const { bytesRead } = await file.read(window, 0, end - start, start);
    const feed = window.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (feed >= 0) return start + feed + 1;
    end = start;
  }
  return 0;
}

async function openIfThere(path: string, flags: string): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
