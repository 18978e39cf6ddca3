import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/** Settings are small; a tokenizer of a quarter of a million words has 34 MB. */
const MOST_BYTES = 128 * 2 ** 20;

/** @throws {Error} in words that name the file */
export async function readJson(folder: string, name: string): Promise<unknown> {
  const file = join(folder, name);
  await checkSize(file);
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    throw new Error(`its ${basename(file)} is no JSON`);
  }
}

/** @throws {Error} where the file is missing or too large to be what it should be */
export async function checkSize(file: string, most = MOST_BYTES): Promise<void> {
  const size = (await stat(file).catch(() => null))?.size;
  if (size === undefined) throw new Error(`its ${basename(file)} is missing`);
  if (size > most) throw new Error(`its ${basename(file)} has ${Math.ceil(size / 2 ** 20)} MiB, too much`);
}
