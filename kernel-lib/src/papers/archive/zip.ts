import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from "yauzl";
import { errorText } from "../../errors.js";
import type { ArchiveLimits } from "./limits.js";
import { checkMemberPath, isMacResource, printable, type CheckedPath } from "./member-path.js";
import { archiveEncrypted, archiveProblem, archiveTooLarge, archiveTruncated } from "./problems.js";
import type { Members } from "./tar.js";

const inflate = promisify(inflateRaw);

/** Kinds of files by the upper bits of a Unix mode (`st_mode`), which archivers on Unix and macOS write. */
const FILE_KIND = 0o170000;
const KINDS = { none: 0, folder: 0o040000, file: 0o100000, symlink: 0o120000 };
const STORED = 0;
const DEFLATED = 8;
/** General purpose flag and extra field by which a zip says that a name is UTF-8. */
const UTF8_NAMES = 0x800;
const UNICODE_PATH = 0x7075;

interface Packed {
  path: string;
  entry: Entry;
  /** Its compressed bytes in the file. */
  start: number;
  end: number;
}

/**
 * Reads a zip into memory, by its central directory. Of several members with one path the last wins, as in tars. A
 * member that is encrypted, damaged, packed in another way than deflate, or that lies about its size is refused by
 * itself. So are members that share compressed bytes, out of which small bombs are made (D. Fifield, "A better zip bomb",
 * WOOT 2019). Nothing is unpacked beyond the size that the directory states.
 *
 * @throws {ItemError} `archive-truncated`, `archive-corrupt`, `archive-too-large`, `archive-encrypted`
 */
export async function readZip(source: string, bytes: Buffer, limits: ArchiveLimits): Promise<Members> {
  try {
    return await readMembers(source, bytes, limits);
  } catch (error) {
    const message = errorText(error);
    if (/End of central directory record signature not found/.test(message))
      throw archiveTruncated(source, error);
    if (/strong encryption/.test(message)) throw archiveEncrypted(source);
    throw archiveProblem(source, error);
  }
}

async function readMembers(source: string, bytes: Buffer, limits: ArchiveLimits): Promise<Members> {
  const zip = await fromBufferPromise(bytes, { decodeStrings: false, validateEntrySizes: false });
  if (zip.entryCount > limits.members)
    throw archiveTooLarge(source, `it has more than ${limits.members} members`);
  const members: Members = { files: new Map(), refused: [] };
  const refuse = (path: string, [reason, message]: Refusal) =>
    members.refused.push({ path, reason, message });
  const packed: Packed[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    const checked = checkEntry(entry, name, limits);
    if (checked === "passed-over") continue;
    if ("refused" in checked) members.refused.push(checked.refused);
    else {
      const found = await place(zip, entry);
      if (found) packed.push({ path: checked.path, entry, ...found });
      else refuse(checked.path, DAMAGED);
    }
  }

  const overlapping = overlaps(packed);
  let total = 0;
  for (const { path, entry, start, end } of packed) {
    if (overlapping.has(entry)) {
      refuse(path, OVERLAPPING);
      continue;
    }
    total += entry.uncompressedSize;
    if (total > limits.unpackedBytes)
      throw archiveTooLarge(source, `it unpacks to more than ${limits.unpackedBytes} bytes`);
    const content = await unpack(entry, bytes.subarray(start, end));
    if (content) {
      members.files.delete(path);
      members.files.set(path, content);
    } else refuse(path, DAMAGED);
  }
  return members;
}

type Refusal = readonly [reason: string, message: string];
const ENCRYPTED: Refusal = ["member-encrypted", "It is encrypted, and no password is known."];
const OVERLAPPING: Refusal = [
  "member-overlaps",
  "Its packed bytes are another member's too, as in a zip bomb.",
];
const DAMAGED: Refusal = [
  "member-damaged",
  "Its bytes do not match the size or checksum that the zip states.",
];

/** A file to keep, a member to refuse, or one that no reader misses (a folder, a Mac's file attributes). */
function checkEntry(entry: Entry, name: string, limits: ArchiveLimits): CheckedPath | "passed-over" {
  const refuse = ([reason, message]: Refusal) => ({ refused: { path: printable(name), reason, message } });
  const kind = (entry.externalFileAttributes >>> 16) & FILE_KIND;
  if (name.endsWith("/") || kind === KINDS.folder || isMacResource(name)) return "passed-over";
  if (kind === KINDS.symlink) return refuse(["member-symlink", "It is a symbolic link, not a file."]);
  if (isFromUnix(entry) && kind !== KINDS.file && kind !== KINDS.none)
    return refuse(["member-device", "It is a device, pipe or socket, not a file."]);
  if (entry.isEncrypted()) return refuse(ENCRYPTED);
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    return refuse([
      "member-compression",
      `It is packed by a method that is not read (number ${entry.compressionMethod} of the zip format).`,
    ]);
  if (entry.uncompressedSize > limits.memberBytes)
    return refuse(["member-too-large", `It is larger than ${limits.memberBytes} bytes.`]);
  return checkMemberPath(name, limits.pathBytes);
}

/** Whether the upper bits of the attributes are a Unix mode: made on Unix (3) or macOS (19). */
const isFromUnix = (entry: Entry) => [3, 19].includes(entry.versionMadeBy >>> 8);

/**
 * A member's name: by the zip's own rules, except that bytes which are sound UTF-8 are taken for it where no flag says
 * so, as macOS and old archivers write them. Backslashes, which Windows programs write, are separators.
 */
function nameOf(entry: Entry): string {
  const { fileNameRaw, generalPurposeBitFlag, extraFields } = entry;
  const saysItself = extraFields.some(({ id }) => id === UNICODE_PATH);
  const isUtf8 = !saysItself && !fileNameRaw.toString("utf8").includes("\ufffd");
  const flags = isUtf8 ? generalPurposeBitFlag | UTF8_NAMES : generalPurposeBitFlag;
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, false);
}

/** Where a member's compressed bytes lie; `null` where its own header is not where the directory says. */
async function place(zip: ZipFile, entry: Entry): Promise<{ start: number; end: number } | null> {
  try {
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return { start, end: start + entry.compressedSize };
  } catch {
    return null;
  }
}

/** Entries whose bytes, from their header on, run into those of another. */
function overlaps(packed: readonly Packed[]): Set<Entry> {
  const found = new Set<Entry>();
  const sorted = [...packed].sort((a, b) => offset(a) - offset(b) || a.end - b.end);
  let furthest: Packed | undefined;
  for (const member of sorted) {
    if (furthest && offset(member) < furthest.end) found.add(member.entry).add(furthest.entry);
    if (!furthest || member.end > furthest.end) furthest = member;
  }
  return found;
}
const offset = ({ entry }: Packed) => entry.relativeOffsetOfLocalHeader;

/** A member's content; `null` where it has another size or checksum than stated. */
async function unpack(entry: Entry, packed: Buffer): Promise<Buffer | null> {
  const { uncompressedSize, compressionMethod } = entry;
  const content = compressionMethod === STORED ? packed : await inflated(packed, uncompressedSize);
  return content?.length === uncompressedSize && crc32(content) === entry.crc32 ? content : null;
}

async function inflated(packed: Buffer, size: number): Promise<Buffer | null> {
  try {
    return await inflate(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    return null;
  }
}
