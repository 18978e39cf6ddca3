import { ReadableStream as NodeReadableStream } from "node:stream/web";
import { createTarDecoder, type TarHeader } from "modern-tar";
import type { RefusedMember } from "./archive.js";
import type { ArchiveLimits } from "./limits.js";
import { checkMemberPath, isMacResource, printable, type CheckedPath } from "./member-path.js";
import { archiveProblem, archiveTooLarge, archiveTruncated } from "./problems.js";

/** The files of an archive by their normalised path, and what was left out of them. */
export interface Members {
  files: Map<string, Buffer>;
  refused: RefusedMember[];
}

/** Kinds of members that a paper has no use for and a reader could be harmed by. */
const REFUSED_TYPES: Readonly<Record<string, readonly [reason: string, message: string]>> = {
  symlink: ["member-symlink", "It is a symbolic link, not a file."],
  link: ["member-hard-link", "It is a hard link, not a file."],
  "character-device": ["member-device", "It is a character device, not a file."],
  "block-device": ["member-device", "It is a block device, not a file."],
  fifo: ["member-fifo", "It is a named pipe, not a file."],
};

/**
 * Reads a tar into memory. Of several members with one path the last wins, as when tar unpacks.
 *
 * @param open starts the bytes of the tar from the beginning; called a second time for archives whose end is
 *   untidy (no closing blocks, something behind them), which tar itself reads without a word.
 * @throws {ItemError} `archive-truncated`, `archive-corrupt`, `archive-too-large`
 */
export async function readTar(
  source: string,
  open: () => AsyncIterable<Buffer>,
  limits: ArchiveLimits,
): Promise<Members> {
  try {
    return await readMembers(source, open(), limits, true);
  } catch (error) {
    if (!isUntidyEnd(error)) throw archiveProblem(source, error);
  }
  try {
    return await readMembers(source, open(), limits, false);
  } catch (error) {
    throw archiveProblem(source, error);
  }
}

async function readMembers(
  source: string,
  bytes: AsyncIterable<Buffer>,
  limits: ArchiveLimits,
  strict: boolean,
): Promise<Members> {
  const members: Members = { files: new Map(), refused: [] };
  // The decoder is typed by the browser's streams, which are Node's by another name.
  const stream = NodeReadableStream.from(bytes) as ReadableStream<Uint8Array<ArrayBuffer>>;
  const entries = stream.pipeThrough(createTarDecoder({ strict }));
  let count = 0;
  for await (const { header, body } of entries) {
    if (++count > limits.members) throw archiveTooLarge(source, `it has more than ${limits.members} members`);
    const checked = checkMember(header, limits);
    if (checked === "passed-over" || "refused" in checked) {
      if (checked !== "passed-over") members.refused.push(checked.refused);
      await body.cancel();
      continue;
    }
    const content = await collect(body);
    if (content.length !== header.size) throw archiveTruncated(source);
    members.files.delete(checked.path);
    members.files.set(checked.path, content);
  }
  return members;
}

/** A file to keep, a member to refuse, or one that no reader misses (a folder, a Mac's file attributes). */
function checkMember(header: TarHeader, limits: ArchiveLimits): CheckedPath | "passed-over" {
  const type = header.type ?? "file";
  const refuse = (reason: string, message: string) => ({
    refused: { path: printable(header.name), reason, message },
  });
  const refusedType = REFUSED_TYPES[type];
  if (refusedType) return refuse(...refusedType);
  if (type === "directory" || isMacResource(header.name)) return "passed-over";
  if (Object.keys(header.pax ?? {}).some((key) => key.startsWith("GNU.sparse."))) {
    return refuse("member-sparse", "It is stored as a sparse file, which is not read.");
  }
  if (header.size > limits.memberBytes) {
    return refuse("member-too-large", `It is larger than ${limits.memberBytes} bytes.`);
  }
  return checkMemberPath(header.name, limits.pathBytes);
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The strict decoder's complaints about what comes after, or should come after, the last member. */
const isUntidyEnd = (error: unknown) =>
  error instanceof Error &&
  /^(?:Tar archive is truncated|Invalid EOF|Invalid tar header)\.$/.test(error.message);
