import { randomUUID } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { forgetEarlier, giveBack, takeClaim } from "../../processes/index.js";
import { linesOf } from "../../text/lines.js";
import { diskProblem, namesIn } from "../../disk/files.js";
import { JsonlWriter, LINE_LIMIT } from "../../disk/jsonl.js";
import { readLine, type ReviewLine } from "./line.js";

/** Absolute paths of a dataset's review files, see {@link ReviewLog}. */
export async function reviewFiles(folder: string): Promise<string[]> {
  const parent = reviewsFolder(folder);
  return (await namesIn(parent))
    .filter((name) => /^\d+\.jsonl$/.test(name))
    .map((name) => join(parent, name));
}

const reviewsFolder = (folder: string): string => join(folder, "reviews");

/** How far a file was read. */
interface Bookmark {
  file: string;
  offset: number;
}

/**
 * The review files of a dataset, `reviews/1.jsonl`, `reviews/2.jsonl` …: append-only, each with one writer at a time, so
 * that any number of processes can write at once, also while a stage holds the dataset's lock. Who writes takes the first
 * file that nobody else has claimed at that moment (`reviews/claims/<n>`), so that there are no more files than there
 * ever were writers at once.
 */
export class ReviewLog {
  readonly #folder: string;
  readonly #writer = randomUUID();
  readonly #read = new Map<string, Bookmark>();
  /** The latest time that was read or written, in milliseconds: what a person says after seeing a line counts after it. */
  #latest = 0;

  /** @param folder the dataset's */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * What was written since it was last asked, by whomever. Lines half written are left for later.
   * @returns `anew` when files are not what they were, as after a restored backup: then the lines are all there are
   */
  async news(): Promise<{ anew: boolean; lines: ReviewLine[] }> {
    const lines = await this.#continue();
    if (lines) return { anew: false, lines };
    this.#read.clear();
    return { anew: true, lines: (await this.#continue()) ?? [] };
  }

  /**
   * Writes lines, on the disk when it resolves; they are among the next {@link news}.
   * @throws {ConfigurationError} when the disk is full or must not be written to
   */
  async append(lines: Omit<ReviewLine, "time" | "writer">[]): Promise<void> {
    try {
      const { name, release } = await this.#claim();
      try {
        const writer = await JsonlWriter.open(join(reviewsFolder(this.#folder), `${name}.jsonl`));
        try {
          await Promise.all(
            lines.map((line) => writer.append({ time: this.#tick(), writer: this.#writer, ...line })),
          );
        } finally {
          await writer.close();
        }
      } finally {
        release();
      }
    } catch (error) {
      throw diskProblem(this.#folder, error);
    }
  }

  /** @returns `null` when a file has gone or is another one */
  async #continue(): Promise<ReviewLine[] | null> {
    const paths = await reviewFiles(this.#folder);
    if ([...this.#read.keys()].some((path) => !paths.includes(path))) return null;
    const lines: ReviewLine[] = [];
    for (const path of paths) {
      const { file, size } = await identityOf(path);
      const bookmark = this.#read.get(path) ?? { file, offset: 0 };
      if (bookmark.file !== file || size < bookmark.offset) return null;
      this.#read.set(path, bookmark);
      if (size === bookmark.offset) continue;
      for await (const { bytes, start, whole } of linesOf(path, LINE_LIMIT, bookmark.offset)) {
        if (!whole) break;
        bookmark.offset = start + bytes.length + 1;
        const line = readLine(bytes.toString("utf8"));
        if (!line) continue;
        lines.push(line);
        this.#latest = Math.max(this.#latest, Date.parse(line.time));
      }
    }
    return lines;
  }

  #tick(): string {
    this.#latest = Math.max(Date.now(), this.#latest + 1);
    return new Date(this.#latest).toISOString();
  }

  async #claim(): Promise<{ name: string; release(): void }> {
    for (let number = 1; ; number++) {
      const claims = join(reviewsFolder(this.#folder), "claims", String(number));
      await mkdir(claims, { recursive: true });
      const claim = takeClaim(claims, {});
      if (!claim) continue;
      forgetEarlier(claims, claim);
      return { name: String(number), release: () => giveBack(claims, claim) };
    }
  }
}

async function identityOf(path: string): Promise<{ file: string; size: number }> {
  const { dev, ino, size } = await stat(path);
  return { file: `${dev}:${ino}`, size };
}
