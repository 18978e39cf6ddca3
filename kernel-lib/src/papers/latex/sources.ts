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
/** Bytes in which an encoding is declared. */
const MAX_PREAMBLE = 20_000;

/** Reads LaTeX files out of an archive, each once, and finds those that a paper names. */
export class Sources {
  readonly files: SourceFile[] = [];
  private readonly indices = new Map<string, number>();
  private readonly lineStarts = new Map<number, number[]>();
  private byLowerCase: Map<string, string> | null = null;
  private exact: Map<string, string> | null = null;
  /** What the first file that declares an encoding declares: a paper's parts have that of its main file. */
  private encoding: string | null = null;

  constructor(readonly archive: Archive) {}

  /** Index in {@link files} of the file at a path of the archive; `null` where it cannot be read as text. */
  open(path: string): number | null {
    const known = this.indices.get(path);
    if (known !== undefined) return known;
    const bytes = this.archive.read(path);
    if (!bytes || bytes.length > MAX_FILE) return null;
    this.encoding ??= declaredEncoding(bytes);
    const text = decode(bytes, this.encoding ?? UNDECLARED);
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
    const stems = [...new Set(folders.flatMap((folder) => insideArchive(folder, name) ?? []))];
    this.exact ??= new Map(this.archive.paths.map((path) => [path, path]));
    const found = firstOf(this.exact, stems, endings);
    if (found !== null) return found;
    this.byLowerCase ??= new Map(this.archive.paths.map((path) => [path.toLowerCase(), path]));
    const lower = (names: readonly string[]) => names.map((each) => each.toLowerCase());
    return firstOf(this.byLowerCase, lower(stems), lower(endings));
  }
}

/** The first path of the archive that one of the stems has with one of the endings. */
function firstOf(paths: ReadonlyMap<string, string>, stems: readonly string[], endings: readonly string[]) {
  for (const stem of stems)
    for (const ending of endings) {
      const path = paths.get(stem + ending);
      if (path !== undefined) return path;
    }
  return null;
}

function insideArchive(folder: string, name: string): string | null {
  const path = posix.normalize(posix.join(folder, name.replaceAll("\\", "/").replace(/^\/+/, "")));
  return path.startsWith("..") || path === "." ? null : path;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** inputenc's and CJK's names of encodings. */
const ENCODINGS = new Map<string, string>([
  ["cp1251", "windows-1251"],
  ["koi8-r", "koi8-r"],
  ["koi8-u", "koi8-u"],
  ["cp866", "ibm866"],
  ["iso88595", "iso-8859-5"],
  ["cp1250", "windows-1250"],
  ["latin2", "iso-8859-2"],
  ["latin4", "iso-8859-4"],
  ["latin5", "iso-8859-9"],
  ["latin9", "iso-8859-15"],
  ["latin10", "iso-8859-16"],
  ["applemac", "macintosh"],
  ["GBK", "gbk"],
  ["GB", "gbk"],
  ["Bg5", "big5"],
  ["SJIS", "shift_jis"],
  ["JIS", "euc-jp"],
  ["EUC-JP", "euc-jp"],
  ["KS", "euc-kr"],
]);
/** Encoding of what is not UTF-8 where no file declares one. */
const UNDECLARED = "windows-1252";
const DECLARED =
  /\\(?:usepackage\s*\[([^\]]*)\]\s*\{inputenc\}|inputencoding\s*\{([^}]*)\}|begin\s*\{CJK\*?\}(?:\[[^\]]*\])?\{([^}]*)\})/;

/** Encoding that a file declares for what is not UTF-8; `null` where it declares none. */
function declaredEncoding(bytes: Buffer): string | null {
  const [, option, command, cjk] = DECLARED.exec(bytes.subarray(0, MAX_PREAMBLE).toString("latin1")) ?? [];
  const name = (option ?? command ?? cjk)?.trim();
  return (name !== undefined && ENCODINGS.get(name)) || null;
}

/**
 * UTF-16 where a byte order mark says so, or every other byte is zero; UTF-8 where it is valid; else line by line UTF-8
 * or the encoding that the paper declares, since old papers mix the two.
 */
export function decode(bytes: Buffer, encoding = declaredEncoding(bytes) ?? UNDECLARED): string {
  const wide = wideEncoding(bytes);
  if (wide !== null) return new TextDecoder(wide).decode(bytes);
  const whole = tryUtf8(bytes);
  if (whole !== null) return whole;
  const other = new TextDecoder(encoding);
  // Characters of several bytes may hold one that looks like a line end's neighbour: such files are of one piece.
  if (/^(?:gbk|big5|shift_jis|euc)/.test(encoding)) return other.decode(bytes);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    parts.push(tryUtf8(line) ?? other.decode(line));
    start = end;
  }
  return parts.join("");
}

function wideEncoding(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, 2_000);
  const zeros = [0, 0];
  for (let zero = sample.indexOf(0); zero >= 0; zero = sample.indexOf(0, zero + 1)) zeros[zero % 2]!++;
  const most = sample.length * 0.35;
  if (zeros[1]! > most && zeros[0]! < 20) return "utf-16le";
  return zeros[0]! > most && zeros[1]! < 20 ? "utf-16be" : null;
}

function tryUtf8(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
