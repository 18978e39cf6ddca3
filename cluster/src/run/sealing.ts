import { randomUUID } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** A file of results; whoever reads it can see that it is whole. */
export interface SealedFile {
  /** Within the phase's `results/`. */
  name: string;
  lines: number;
  bytes: number;
}

/** Characters that are written at a time. */
const CHUNK = 1_000_000;

/** Writes a file of JSON lines that gets its name when it is whole and on the disk; without lines there is none. */
export class SealedWriter {
  readonly #folder: string;
  readonly #draft: string;
  #file: FileHandle | null = null;
  #waiting = "";
  #lines = 0;
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#draft = join(folder, `.${randomUUID()}`);
  }

  async add(record: unknown): Promise<void> {
    this.#waiting += `${JSON.stringify(record)}\n`;
    this.#lines++;
    if (this.#waiting.length >= CHUNK) await this.#write();
  }

  async finish(name: string): Promise<SealedFile | null> {
    if (this.#lines === 0) return null;
    await this.#write();
    await this.#file!.datasync();
    await this.#close();
    await rename(this.#draft, join(this.#folder, name));
    return { name, lines: this.#lines, bytes: this.#bytes };
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    await rm(this.#draft, { force: true }).catch(() => undefined);
  }

  async #write(): Promise<void> {
    this.#file ??= await open(this.#draft, "wx");
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    await this.#file.appendFile(bytes);
    this.#bytes += bytes.length;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}
