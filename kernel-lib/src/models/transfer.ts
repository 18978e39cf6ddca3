/** Brings files of a repository onto the disk and checks every byte. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { commitFile } from "../disk/files.js";
import { ConfigurationError } from "../errors.js";
import type { Courier } from "../http/courier.js";
import { download, dropPart } from "../http/download.js";
import { PassingError } from "../http/problems.js";
import { fileAddress, type Hub, type HubFile } from "./hub.js";

export interface Repository {
  id: string;
  commit: string;
}

export interface Transferred {
  /** Bytes that came now. */
  done: number;
  /** Bytes that an earlier start had left. */
  reused: number;
}

/**
 * Fetches files one by one into a folder, going on where an earlier start stopped. A file has its name only after its
 * size and digest were found to be what the hub's list says.
 * @throws {ConfigurationError} where the disk has too little space, or a file is twice not what it should be
 */
export async function fetchFiles(
  courier: Courier,
  hub: Hub,
  { id, commit }: Repository,
  files: readonly HubFile[],
  folder: string,
  report: (transferred: Transferred) => void,
): Promise<Transferred> {
  const sum: Transferred = { done: 0, reused: 0 };
  const missing: HubFile[] = [];
  for (const file of files)
    if ((await sizeOf(join(folder, file.path))) === file.bytes) sum.reused += file.bytes;
    else missing.push(file);
  await checkSpace(folder, missing);
  for (const file of missing) {
    const path = join(folder, file.path);
    const part = `${path}.part`;
    await mkdir(dirname(path), { recursive: true });
    const had = (await sizeOf(part)) ?? 0;
    const before = { done: sum.done, reused: sum.reused };
    // A part that the server has changed since is begun anew.
    const count = (bytes: number) => {
      sum.reused = before.reused + Math.min(had, bytes);
      sum.done = before.done + Math.max(0, bytes - had);
      report(sum);
    };
    const called = `${id}/${file.path}`;
    const larger = () =>
      new ConfigurationError(
        `${called} is larger than the ${file.bytes} bytes that ${hub.server.name} tells.`,
      );
    let damaged = 0;
    const what = {
      server: hub.server,
      url: fileAddress(hub, id, commit, file.path),
      part,
      name: called,
      limit: file.bytes,
      request: hub.request,
      tooLarge: larger,
      onBytes: count,
    };
    await download(courier, what, async () => {
      if (await isWhole(part, file, courier.signal)) return;
      const text = `${called} came with other bytes than ${hub.server.name} tells`;
      if (damaged++ === 0) throw new PassingError(text);
      throw new ConfigurationError(`${text}, twice. Nothing of it is kept.`);
    });
    await commitFile(part, path);
    await dropPart(part);
    count(file.bytes);
  }
  return sum;
}

const sizeOf = async (path: string): Promise<number | null> =>
  (await stat(path).catch(() => null))?.size ?? null;

/** Space that is left to others, in bytes. */
const MARGIN = 100e6;

async function checkSpace(folder: string, files: readonly HubFile[]): Promise<void> {
  let needed = 0;
  for (const { path, bytes } of files) needed += bytes - ((await sizeOf(`${join(folder, path)}.part`)) ?? 0);
  if (needed <= 0) return;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= needed + MARGIN) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
  throw new ConfigurationError(
    `The disk of ${folder} has ${megabytes(free)} left, and ${megabytes(needed)} are to be fetched. Make space, or name a folder on another disk in FIGLOOM_MODELS.`,
  );
}

async function isWhole(
  path: string,
  { bytes, sha256, blob }: HubFile,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes) return false;
  const hash = sha256 === null ? createHash("sha1").update(`blob ${bytes}\0`) : createHash("sha256");
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex") === (sha256 ?? blob);
}
