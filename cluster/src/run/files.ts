/** Files that are there whole or not at all, written by many machines at once. */
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigurationError, errorText } from "figloom/errors";
import { diskProblem } from "figloom/stages";

/** What `link` says where the file system has no hard links, see link(2). */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Puts a file in its place unless there is one of that name: of any number of processes, on any machines, that do so at
 * the same time exactly one succeeds, and everybody sees its whole text. It survives a power cut.
 * @param text unlike any other's, by which a file system's lost answer is told from another's success
 * @returns whether it is ours that stands there
 * @throws {ConfigurationError} where the disk is full, or has no hard links
 */
export async function placeFirst(path: string, text: string): Promise<boolean> {
  const folder = dirname(path);
  const draft = join(folder, `.${randomUUID()}`);
  try {
    await writeFlushed(draft, text);
    const isFirst = await linkFirst(draft, path);
    if (isFirst) await syncFolder(folder);
    return isFirst || (await readText(path)) === text;
  } catch (error) {
    throw diskProblem(folder, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Gives a finished file a second name, unless somebody has that already.
 * @throws {ConfigurationError} where the file system has no hard links
 */
export async function linkFirst(file: string, path: string): Promise<boolean> {
  try {
    await link(file, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "EEXIST") return false;
    if (!NO_LINKS.has(code)) throw error;
    throw new ConfigurationError(
      `The file system of ${dirname(path)} has no hard links (${errorText(error)}), by which workers agree on who ` +
        `does what; put the dataset on one that has, such as NFS, Lustre, BeeGFS with hard links on, ext4 or XFS.`,
      { cause: error },
    );
  }
}

/**
 * Replaces a file's text: readers see the old or the new, whichever of several writers comes last.
 * @param options.flush waits until it would survive a power cut
 * @throws {ConfigurationError} where the disk is full or may not be written
 */
export async function replaceWhole(path: string, text: string, { flush = false } = {}): Promise<void> {
  const draft = join(dirname(path), `.${randomUUID()}`);
  try {
    await makeFolder(dirname(path));
    await writeFlushed(draft, text, flush);
    await rename(draft, path);
    if (flush) await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw diskProblem(dirname(path), error);
  }
}

/** @throws {ConfigurationError} where the disk is full or may not be written */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw diskProblem(path, error);
  }
}

/** What is in a folder survives a power cut, as far as its names go. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `null` where there is no such file, also where it was replaced on its server just now. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** Bytes of the longest file that is one of ours. */
const LONGEST = 64 * 2 ** 20;

/** The same for whoever only looks, perhaps at a stranger's run: a file that is longer than any of ours says nothing. */
export async function readShort(path: string): Promise<string | null> {
  try {
    const file = await open(path, "r");
    try {
      return (await file.stat()).size > LONGEST ? "" : await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** What a file of JSON holds; `undefined` where there is none or it holds no JSON: it may be a stranger's. */
export async function readJson(path: string): Promise<unknown> {
  return parsed((await readShort(path)) ?? "");
}

/** `undefined` for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isAbsence = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR", "EISDIR", "ESTALE"].includes((error as NodeJS.ErrnoException).code ?? "");

async function writeFlushed(path: string, text: string, flush = true): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    if (flush) await file.datasync();
  } finally {
    await file.close();
  }
}
