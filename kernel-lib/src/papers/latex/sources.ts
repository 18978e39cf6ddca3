import { posix } from "node:path";
import { TextDecoder } from "node:util";
import type { Archive } from "../archive/archive.js";

/** A file of the archive that was read as LaTeX. */
export interface SourceFile {
  path: string;
  /** Decoded text, untouched: provenance counts in it. */
  text: string;
  /** Same length, with every line end as `\n`. */
  lines: string;
}

/** Bytes that one LaTeX file may have. */
const MAX_FILE = 32 * 1024 * 1024;

/** Reads LaTeX files out of an archive, each once, and finds those that a paper names. */
export class Sources {
  readonly files: SourceFile[] = [];
  private readonly indices = new Map<string, number>();
  private readonly lineStarts = new Map<number, number[]>();
  private byLowerCase: Map<string, string> | null = null;
  private exact: Set<string> | null = null;

  constructor(readonly archive: Archive) {}

  /** Index in {@link files} of the file at a path of the archive; `null` where it cannot be read as text. */
  open(path: string): number | null {
    const known = this.indices.get(path);
    if (known !== undefined) return known;
    const bytes = this.archive.read(path);
    if (!bytes || bytes.length > MAX_FILE) return null;
    const text = decode(bytes);
    const lines = text.includes("\r") ? text.replace(/\r\n/g, " \n").replace(/\r/g, "\n") : text;
    this.indices.set(path, this.files.length);
    return this.files.push({ path, text, lines }) - 1;
  }

  /** Line, from 1, of a position in a file. */
  lineAt(file: number, at: number): number {
    let starts = this.lineStarts.get(file);
    if (!starts) {
      starts = [0];
      const { lines } = this.files[file]!;
      for (let newline = lines.indexOf("\n"); newline >= 0; newline = lines.indexOf("\n", newline + 1))
        starts.push(newline + 1);
      this.lineStarts.set(file, starts);
    }
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Path of the archive that a name written in the paper means, looked for in each folder with each ending. `..`
   * is followed inside the archive only; the case of letters is passed over where no file matches exactly.
   */
  find(name: string, folders: readonly string[], endings: readonly string[]): string | null {
    const stems = new Set(folders.flatMap((folder) => insideArchive(folder, name) ?? []));
    const wanted = [...stems].flatMap((stem) => endings.map((ending) => stem + ending));
    this.byLowerCase ??= new Map(this.archive.paths.map((path) => [path.toLowerCase(), path]));
    this.exact ??= new Set(this.archive.paths);
    for (const path of wanted) if (this.exact.has(path)) return path;
    for (const path of wanted) {
      const found = this.byLowerCase.get(path.toLowerCase());
      if (found !== undefined) return found;
    }
    return null;
  }
}

function insideArchive(folder: string, name: string): string | null {
  const path = posix.normalize(posix.join(folder, name.replaceAll("\\", "/").replace(/^\/+/, "")));
  return path.startsWith("..") || path === "." ? null : path;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const western = new TextDecoder("windows-1252");

/**
 * UTF-16 where a byte order mark says so; UTF-8 where it is valid; else line by line UTF-8 or Windows-1252, since old
 * papers mix the two.
 */
export function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const whole = tryUtf8(bytes);
  if (whole !== null) return whole;
  const parts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    parts.push(tryUtf8(line) ?? western.decode(line));
    start = end;
  }
  return parts.join("");
}

function tryUtf8(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
