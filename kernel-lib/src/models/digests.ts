import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.js";
import { writeWhole } from "../disk/files.js";

export interface FileDigest {
  bytes: number;
  /** In hex. */
  sha256: string;
}

/** What was computed, and of which state of the file. */
interface Remembered extends FileDigest {
  modified: number;
}

/**
 * The files' digests. They are remembered in the user's cache and computed anew, at a gigabyte a second or two, when a
 * file's size or time has changed.
 * @param options.anew reads every byte
 */
export async function digestsOf(
  folder: string,
  files: readonly string[],
  options: { signal?: AbortSignal | undefined; anew?: boolean } = {},
): Promise<Record<string, FileDigest>> {
  const memory = memoryOf(folder);
  const known = options.anew ? {} : await recall(memory);
  const now: Record<string, Remembered> = {};
  for (const file of files) {
    const path = join(folder, file);
    const { size, mtimeMs } = await stat(path);
    const before = Object.hasOwn(known, file) ? known[file] : undefined;
    const same = before?.bytes === size && before.modified === mtimeMs;
    now[file] = same
      ? before
      : { bytes: size, sha256: await sha256Of(path, options.signal), modified: mtimeMs };
  }
  // Without the memory it is only slower.
  if (files.some((file) => now[file] !== known[file]))
    await writeWhole(memory, JSON.stringify(now)).catch(() => undefined);
  return Object.fromEntries(
    Object.entries(now).map(([file, { bytes, sha256 }]) => [file, { bytes, sha256 }]),
  );
}

/** Takes what is remembered of a folder along when it gets another name. */
export async function carryDigests(from: string, to: string): Promise<void> {
  await rename(memoryOf(from), memoryOf(to)).catch(() => undefined);
}

/** One digest for all of them, as `sha256sum FILE… | sha256sum` gives it for the files in the order of their names. */
export function digestOfAll(files: Readonly<Record<string, FileDigest>>): string {
  const lines = Object.keys(files)
    .sort()
    .map((file) => `${files[file]!.sha256}  ${file}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

const memoryOf = (folder: string): string =>
  join(cacheFolder(), "models", `${createHash("sha256").update(folder).digest("hex").slice(0, 32)}.json`);

async function recall(memory: string): Promise<Record<string, Remembered>> {
  try {
    const known = JSON.parse(await readFile(memory, "utf8")) as Record<string, Remembered> | null;
    return known ?? {};
  } catch {
    return {};
  }
}
