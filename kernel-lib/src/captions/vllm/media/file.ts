import { constants } from "node:fs";
import { lstat, open, realpath, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { errorText } from "../../../errors.js";
import { pictureError } from "./problems.js";

/** Bytes; what ingest writes stays far below. */
const FILE_LIMIT = 256 * 2 ** 20;

/** A picture's file, found to be one and inside of the dataset. */
export interface PictureFile {
  /** Absolute, as it was named. */
  path: string;
  /** Without links. */
  real: string;
  /** Bytes. */
  size: number;
}

/** How long it is remembered where folders really lie, in milliseconds: pictures of a paper are read one after another. */
const REMEMBERED = 2000;

/** Where folders really lie. */
class RealFolders {
  readonly #known = new Map<string, Promise<string>>();
  #since = -Infinity;

  of(folder: string): Promise<string> {
    const now = performance.now();
    if (now - this.#since > REMEMBERED) {
      this.#known.clear();
      this.#since = now;
    }
    const known = this.#known.get(folder);
    if (known) return known;
    const real = realpath(folder);
    this.#known.set(folder, real);
    real.catch(() => this.#known.delete(folder));
    return real;
  }
}
const realFolders = new RealFolders();

/**
 * Finds a picture's file without reading it.
 * @param folder the dataset, which may be a stranger's: nothing outside of it is touched, also not through links
 * @throws {ItemError} `image-missing`, `image-outside`, `image-unreadable`, `image-empty`, `image-too-large`
 */
export async function findPicture(path: string, folder: string): Promise<PictureFile> {
  const given = resolve(path);
  if (!given.startsWith(`${resolve(folder)}${sep}`)) throw pictureError("image-outside", path);
  try {
    const [home, root] = await Promise.all([realFolders.of(dirname(given)), realFolders.of(resolve(folder))]);
    if (!`${home}${sep}`.startsWith(`${root}${sep}`)) throw pictureError("image-outside", path);
    const named = join(home, basename(given));
    const direct = await lstat(named);
    const real = direct.isSymbolicLink() ? await realpath(named) : named;
    if (!real.startsWith(`${root}${sep}`)) throw pictureError("image-outside", path);
    const found = real === named ? direct : await lstat(real);
    if (!found.isFile()) throw pictureError("image-unreadable", path, "it is no file");
    if (found.size === 0) throw pictureError("image-empty", path);
    if (found.size > FILE_LIMIT)
      throw pictureError("image-too-large", path, `${found.size} bytes, at most ${FILE_LIMIT} are read`);
    return { path: given, real, size: found.size };
  } catch (error) {
    throw asProblem(path, error);
  }
}

/**
 * Reads a file that was found, and no more of it than was found.
 * @throws {ItemError} `image-missing`, `image-unreadable`
 */
export async function readPicture({ path, real, size }: PictureFile): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const bytes = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) throw pictureError("image-unreadable", path, "it got shorter meanwhile");
      filled += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw asProblem(path, error);
  } finally {
    await file?.close();
  }
}

function asProblem(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  if (code === "ENOENT" || code === "ENOTDIR") return pictureError("image-missing", path, undefined, error);
  return pictureError("image-unreadable", path, errorText(error), error);
}
