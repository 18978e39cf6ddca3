import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { ItemError } from "../../errors.js";
import { decodeXml, utf16Of } from "../decode.js";
import { isJats } from "./sniff-jats.js";
import type { Archive } from "./archive.js";
import { readFolder } from "./folder.js";
import { gunzip, gzipName } from "./gunzip.js";
import { DEFAULT_ARCHIVE_LIMITS, type ArchiveLimits } from "./limits.js";
import { checkMemberPath, printable } from "./member-path.js";
import {
  archiveEmpty,
  archiveProblem,
  archiveRefused,
  archiveTooLarge,
  archiveUnreadable,
  archiveWithdrawn,
  notASource,
} from "./problems.js";
import { isTex, isWithdrawnStub, SNIFF_BYTES, sniffContent } from "./sniff.js";
import { readTar, type Members } from "./tar.js";
import { readZip } from "./zip.js";

/**
 * Opens a paper's source: a (gzipped) tar, a zip, one (gzipped) LaTeX file, JATS article or PDF, or a folder
 * with the unpacked files. What it is is told from its bytes, not from its name.
 *
 * Everything is held in memory (up to `limits.unpackedBytes` on top of the input file) and nothing is written.
 * Decompression stops where a limit is reached. Members that would do harm are left out and listed in `refused`.
 *
 * @throws {ItemError} with the reasons `archive-empty`, `archive-truncated`, `archive-corrupt`, `archive-encrypted`,
 *   `archive-refused`, `archive-too-large`, `archive-unreadable`, `archive-withdrawn`, `archive-not-latex`,
 *   `archive-not-recognised`
 */
export async function openArchive(path: string, limits: Partial<ArchiveLimits> = {}): Promise<Archive> {
  const source = printable(basename(resolve(path)));
  const allLimits = { ...DEFAULT_ARCHIVE_LIMITS, ...limits };
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await openFolder(source, path, allLimits);
    if (!found.isFile()) throw new Error("it is neither a file nor a folder");
    if (found.size > allLimits.compressedBytes) {
      throw archiveTooLarge(source, `the file has more than ${allLimits.compressedBytes} bytes`);
    }
    return await openFile(source, await readFile(path), allLimits);
  } catch (error) {
    throw error instanceof ItemError ? error : archiveUnreadable(source, error);
  }
}

async function openFolder(source: string, path: string, limits: ArchiveLimits): Promise<Archive> {
  const members = await readFolder(source, path, limits);
  const hash = createHash("sha256");
  for (const [name, content] of members.files) hash.update(`${name}\0${content.length}\0`).update(content);
  return archiveOf(source, "folder", hash.digest("hex"), members);
}

async function openFile(source: string, bytes: Buffer, limits: ArchiveLimits): Promise<Archive> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const outer = sniffContent(bytes);
  if (outer === "zip") return archiveOf(source, "zip", sha256, await readZip(source, bytes, limits));
  const zipped = outer === "gzip";
  const content = () => withinLimit(source, zipped ? gunzip(bytes) : once(bytes), limits.unpackedBytes);
  const kind = sniffContent(await head(source, content()));
  if (kind === "tar") return archiveOf(source, "tar", sha256, await readTar(source, content, limits));
  if (kind !== "text" && kind !== "pdf") throw notASource(source, kind);

  const single = await collect(source, content(), limits.memberBytes);
  if (single.length > limits.memberBytes) {
    throw archiveTooLarge(source, `its ${kind} has more than ${limits.memberBytes} bytes`);
  }
  const form = kind === "pdf" ? "pdf" : formOfText(source, single);
  const name = singleName(form, zipped ? (gzipName(bytes) ?? "") : source);
  return archiveOf(source, form, sha256, { files: new Map([[name, single]]), refused: [] });
}

function formOfText(source: string, bytes: Buffer): "tex" | "xml" {
  const text = utf16Of(bytes) ? decodeXml(bytes) : bytes.toString("latin1");
  if (isJats(bytes)) return "xml";
  if (isTex(text)) return "tex";
  throw isWithdrawnStub(text) ? archiveWithdrawn(source) : notASource(source, "text");
}

const SINGLE_NAMES = {
  tex: { ending: /\.(?:tex|ltx)$/i, fallback: "main.tex" },
  xml: { ending: /\.n?xml$/i, fallback: "article.xml" },
  pdf: { ending: /\.pdf$/i, fallback: "paper.pdf" },
};

/** A single file's name as its author gave it, where that is a name of its kind. */
function singleName(form: keyof typeof SINGLE_NAMES, name: string): string {
  const { ending, fallback } = SINGLE_NAMES[form];
  const checked = checkMemberPath(basename(name), 255);
  return "path" in checked && ending.test(checked.path) ? checked.path : fallback;
}

function archiveOf(
  source: string,
  form: Archive["form"],
  sha256: string,
  { files, refused }: Members,
): Archive {
  if (files.size === 0) throw refused.length ? archiveRefused(source, refused) : archiveEmpty(source);
  return { source, sha256, form, paths: [...files.keys()], refused, read: (path) => files.get(path) };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function* withinLimit(
  source: string,
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw archiveTooLarge(source, `it unpacks to more than ${maxBytes} bytes`);
    yield chunk;
  }
}

const head = (source: string, chunks: AsyncIterable<Buffer>) => collect(source, chunks, SNIFF_BYTES - 1);

/** Joins chunks until there are more than `enough` bytes, or to the end. */
async function collect(source: string, chunks: AsyncIterable<Buffer>, enough: number): Promise<Buffer> {
  const joined: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of chunks) {
      joined.push(chunk);
      total += chunk.length;
      if (total > enough) break;
    }
  } catch (error) {
    throw archiveProblem(source, error);
  }
  return Buffer.concat(joined);
}
