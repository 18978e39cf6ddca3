import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ReadableStream as NodeReadableStream } from "node:stream/web";
import { createTarDecoder } from "modern-tar";
import { ConfigurationError, errorText, ItemError } from "../errors.js";
import { arxivIdOf } from "../papers/identifiers.js";
import { MANIFEST, readManifest, type ArchiveEntry } from "./manifest.js";

/** One of arXiv's bulk archives on the disk. */
export interface SourceArchive {
  path: string;
  name: string;
  bytes: number;
  /** What the manifest says of it, where there is one. */
  entry: ArchiveEntry | null;
}

/** A paper's source inside an archive. */
export interface ArchiveMember {
  /** `1703.09824`, `hep-th/9901001`. */
  id: string;
  bytes: number;
  /** Read once, before the next member. */
  content: AsyncIterable<Uint8Array>;
}

/**
 * Finds arXiv's archives: a file, or those of a folder, with the manifest beside them.
 * @throws {ConfigurationError} where there are none
 */
export async function findArchives(path: string): Promise<SourceArchive[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ConfigurationError(`The archives cannot be read: ${errorText(error)}`);
  });
  const folder = found.isDirectory() ? path : dirname(path);
  const names = found.isDirectory() ? (await readdir(path)).sort() : [basename(path)];
  const tars = names.filter((name) => name.endsWith(".tar"));
  if (tars.length === 0)
    throw new ConfigurationError(
      `${path} holds no archives of arXiv (arXiv_src_2401_001.tar, …); --s3 gets them.`,
    );
  const manifest = join(folder, MANIFEST);
  const bytes = await readFile(manifest).catch(() => null);
  const entries = new Map((bytes ? readManifest(bytes, manifest) : []).map((entry) => [entry.name, entry]));
  return Promise.all(
    tars.map(async (name) => {
      const { size } = await stat(join(folder, name));
      return { path: join(folder, name), name, bytes: size, entry: entries.get(name) ?? null };
    }),
  );
}

/**
 * Compares an archive with its manifest. Reads all of it; one without an entry is not looked at.
 * @throws {ItemError} `archive-damaged`
 */
export async function checkArchive(
  { path, name, bytes, entry }: SourceArchive,
  signal?: AbortSignal,
): Promise<void> {
  if (entry === null) return;
  const damaged = (what: string) =>
    new ItemError({
      reason: "archive-damaged",
      message: `${name} is not as its manifest says: ${what}.`,
      wayOut: "Delete it and download it again, or its manifest where that is the older one.",
    });
  if (bytes !== entry.bytes) throw damaged(`it has ${bytes} bytes in place of ${entry.bytes}`);
  if ((await md5Of(path, signal)) !== entry.md5) throw damaged("its MD5 is another");
}

export async function md5Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex");
}

/**
 * The papers in an archive, one after the other; memory holds a piece of one. What is not read of a member is passed
 * over.
 * @throws {ItemError} `archive-damaged`
 */
export async function* membersOf({ path, name }: SourceArchive): AsyncGenerator<ArchiveMember> {
  const bytes = NodeReadableStream.from(createReadStream(path)) as ReadableStream<Uint8Array<ArrayBuffer>>;
  try {
    for await (const { header, body } of bytes.pipeThrough(createTarDecoder({ strict: true }))) {
      const id = header.type === "file" ? arxivIdOf(header.name) : null;
      if (id !== null) yield { id, bytes: header.size, content: body };
      if (!body.locked) await body.cancel();
    }
  } catch (error) {
    if (error instanceof ItemError) throw error;
    throw new ItemError({
      reason: "archive-damaged",
      message: `${name} cannot be read to its end (${errorText(error)}).`,
      wayOut: "Download it again; the papers before the damage were taken.",
      cause: error,
    });
  }
}
