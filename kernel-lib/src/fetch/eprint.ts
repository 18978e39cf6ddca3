import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { errorText } from "../errors.js";
import { isTex, isWithdrawnStub, SNIFF_BYTES, sniffContent } from "../papers/archive/sniff.js";
import { PassingError } from "../http/problems.js";
import { notAPaper, noSource, withdrawn } from "./problems.js";

/** Most that a source may unpack to while it is checked; no paper comes near it. */
const UNPACKED_LIMIT = 16 * 2 ** 30;

/** Bytes of a stub or a web page that are looked at. */
const HEAD = 4096;

/**
 * Tells what the downloaded bytes are, by the bytes alone, and that they are whole: gzip by its checksum, a PDF by its
 * end mark.
 *
 * @returns the ending that the file is to have: `.tar.gz`, `.gz`, `.tar`, `.pdf`, `.pdf.gz`; bare TeX, which some
 *   servers unpack on the way, is packed again
 * @throws {PassingError} for bytes that are broken, or a web page that says nothing of the paper
 * @throws {ItemError} `withdrawn`, `no-source`, `not-a-paper`
 */
export async function checkEprint(part: string, paper: string): Promise<string> {
  const head = await readHead(part);
  const kind = sniffContent(head);
  const text = head.toString("latin1");
  if (kind === "gzip") return checkGzip(part, paper);
  if (kind === "tar") return ".tar";
  if (kind === "pdf") return (await checkPdf(part), ".pdf");
  if (kind === "html") throw pageProblem(text, paper);
  if (kind === "text" && isWithdrawnStub(text)) throw withdrawn(paper);
  if (kind === "postscript" || (kind === "text" && isTex(text))) return (await pack(part), ".gz");
  if (kind === "empty") throw new PassingError(`the server sent nothing for ${paper}`);
  throw notAPaper(paper, kind === "text" ? "a text that is no TeX" : `a file of kind ${kind}`);
}

/** @throws {PassingError} where the file is no PDF or is cut off */
export async function checkPdf(part: string): Promise<void> {
  const file = await open(part, "r");
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 2048));
    await file.read(tail, 0, tail.length, size - tail.length);
    const start = (await readHead(part)).subarray(0, 1024).includes("%PDF-");
    if (!start) throw new PassingError("what came is no PDF");
    if (!tail.includes("%%EOF")) throw new PassingError("the PDF is cut off");
  } finally {
    await file.close();
  }
}

async function checkGzip(part: string, paper: string): Promise<string> {
  let head = Buffer.alloc(0);
  let size = 0;
  try {
    await pipeline(createReadStream(part), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        if (head.length < HEAD) head = Buffer.concat([head, chunk]).subarray(0, HEAD);
        size += chunk.length;
        if (size > UNPACKED_LIMIT) throw notAPaper(paper, `it unpacks to more than ${UNPACKED_LIMIT} bytes`);
      }
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") !== true) throw error;
    throw new PassingError(`the archive of ${paper} is broken (${errorText(error)})`);
  }
  const kind = sniffContent(head);
  const text = head.toString("latin1");
  if (kind === "tar") return ".tar.gz";
  if (kind === "pdf") return ".pdf.gz";
  if (kind === "text" && isWithdrawnStub(text)) throw withdrawn(paper);
  if (kind === "empty") throw noSource(paper, "");
  return ".gz";
}

/** Ways to say that a paper has no source; that the server itself is not available is another thing. */
const NO_SOURCE =
  /no source|source(?: files?)? (?:(?:is|are) )?(?:not available|unavailable)|unavailable for (?:this|the) (?:article|paper)|no (?:pdf|files) for/i;

/** What a web page in place of a paper means. */
export function pageProblem(html: string, paper: string): Error {
  const said = plainText(html);
  if (/withdrawn/i.test(said)) return withdrawn(paper);
  if (NO_SOURCE.test(said)) return noSource(paper, said.slice(0, 200));
  return new PassingError(`a web page came in place of ${paper}`);
}

/** The words of a web page, for a message; never shown as HTML. */
function plainText(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?(?:<\/\1>|$)/gi, " ")
    .replace(/<[^>]*>?/g, " ")
    .replace(/&[a-z]+;|&#\d+;/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
}

async function pack(part: string): Promise<void> {
  const packed = `${part}.gz`;
  try {
    await pipeline(createReadStream(part), createGzip(), createWriteStream(packed));
    await rename(packed, part);
  } catch (error) {
    await rm(packed, { force: true });
    throw error;
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(Math.max(HEAD, SNIFF_BYTES));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
