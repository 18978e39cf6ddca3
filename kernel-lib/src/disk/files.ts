import { createHash, randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";

/**
 * Writes a file so that it is there whole or not at all, also after a power cut, and whoever else writes it at the same
 * time: the last counts. What a killed writer leaves beside it is for {@link clearPartials}.
 */
export async function writeWhole(path: string, bytes: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await withDraft(path, bytes, (draft) => rename(draft, path));
}

/**
 * As {@link writeWhole}, unless the file is there, or its folder is not: of several writers the first counts.
 * @returns whether this one did
 */
export async function writeFirst(path: string, bytes: string | Uint8Array): Promise<boolean> {
  try {
    await withDraft(path, bytes, async (draft) => {
      await link(draft, path);
      await rm(draft);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function withDraft(
  path: string,
  bytes: string | Uint8Array,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = ownPartial(path);
  try {
    const file = await open(draft, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(draft);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Puts a finished temporary file in its place, also after a power cut. */
export async function commitFile(temporary: string, path: string): Promise<void> {
  const file = await open(temporary, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** The name under which `path` is written before it is whole, where there is one writer at a time. */
export const partial = (path: string): string => `${path}.partial`;

/** As {@link partial}, but no other writer's: also one that was taken for dead writes nothing into it. */
export const ownPartial = (path: string): string => partial(`${path}.${randomBytes(6).toString("hex")}`);

/** Removes what earlier writers of a file have left unfinished; one that is still at it fails. */
export async function clearPartials(path: string): Promise<void> {
  const folder = dirname(path);
  const [start, end] = [`${basename(path)}.`, partial("")];
  for (const name of await namesIn(folder))
    if (name.startsWith(start) && name.endsWith(end))
      await rm(join(folder, name), { recursive: true, force: true });
}

/** Makes what happened to the names in a folder last through a power cut. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is durable without.
  const folder = await open(path, "r").catch(() => null);
  try {
    await folder?.sync().catch(() => undefined);
  } finally {
    await folder?.close();
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/**
 * Absolute path of a file that a dataset's own records name; `null` where the name leads out of the folder. A dataset
 * may come from a stranger.
 */
export function within(folder: string, path: string): string | null {
  const root = resolve(folder);
  const full = resolve(root, path);
  return full.startsWith(`${root}${sep}`) ? full : null;
}

const CANNOT_WRITE = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM"]);

/** The error, or where the disk is at fault a {@link ConfigurationError}: going on with the next item will not help. */
export function diskProblem(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === undefined || !CANNOT_WRITE.has(code)) return error;
  const what = code === "ENOSPC" || code === "EDQUOT" ? "The disk is full" : "Writing is not allowed";
  return new ConfigurationError(
    `${what} in ${folder} (${errorText(error)}). What was done is kept: mend that and start the same again.`,
    { cause: error },
  );
}

/**
 * A file name made of an id: letters, digits, `.`, `_`, `-`, never hidden, at most 100 characters. Different ids give
 * different names, also on disks that do not tell `A` from `a`: where characters were lost, or there are capitals, a
 * piece of the id's hash stands at the end. The ids of PubMed Central go without, unless they are in small letters.
 */
export function safeName(id: string): string {
  const name = id.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "_");
  const usual = /^pmc\d+$/i.test(id) ? id.toUpperCase() : id.toLowerCase();
  if (name === usual && name.length > 0 && name.length <= 100) return name;
  return `${name.slice(0, 83)}-${createHash("sha256").update(id).digest("hex").slice(0, 16)}`;
}
