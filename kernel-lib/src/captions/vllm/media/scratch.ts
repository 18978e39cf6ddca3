import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { diskProblem, namesIn } from "../../../disk/files.js";
import { identify, liveness, type ProcessIdentity } from "../../../processes/index.js";

/** Below the dataset, where servers that share the disk may read. */
const FOLDER = "media";
const HOLDER = "process.json";
/** After so long without a new file, what belongs to a process of another machine is taken for left behind. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

/**
 * Where pictures stand that are made for servers that share the disk: a folder of this process's own,
 * `<dataset>/media/<pid>-<random>`. What killed processes left there is removed when the next one begins.
 */
export class Scratch {
  readonly #root: string;
  readonly #folder: string;
  #made: Promise<void> | undefined;
  #count = 0;

  constructor(readonly dataset: string) {
    this.#root = join(dataset, FOLDER);
    this.#folder = join(this.#root, `${process.pid}-${randomUUID().slice(0, 8)}`);
  }

  /**
   * Writes a file of its own, whatever else has the same name.
   * @returns its absolute path
   * @throws {ConfigurationError} when the disk is full, or may not be written to
   */
  async write(name: string, bytes: Uint8Array): Promise<string> {
    try {
      await (this.#made ??= this.#make());
      const path = join(this.#folder, `${this.#count++}-${name}`);
      await writeFile(path, bytes, { flag: "wx" });
      return path;
    } catch (error) {
      throw diskProblem(this.dataset, error);
    }
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Removes the folder, and the one around it where it is the last. */
  async close(): Promise<void> {
    if (!this.#made) return;
    await this.#made.catch(() => undefined);
    this.#made = undefined;
    await rm(this.#folder, { recursive: true, force: true });
    // Others may be at work there.
    await rmdir(this.#root).catch(() => undefined);
  }

  async #make(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, HOLDER), JSON.stringify(identify(process.pid)));
    for (const name of await namesIn(this.#root)) await removeIfLeft(join(this.#root, name));
  }
}

async function removeIfLeft(folder: string): Promise<void> {
  const state = await holderState(join(folder, HOLDER));
  const left = state === "dead" || (state !== "alive" && (await isForgotten(folder)));
  if (left) await rm(folder, { recursive: true, force: true });
}

/** Nothing for a folder that is being made, or whose holder cannot be told. */
async function holderState(file: string): Promise<ReturnType<typeof liveness> | undefined> {
  try {
    return liveness(JSON.parse(await readFile(file, "utf8")) as ProcessIdentity);
  } catch {
    return undefined;
  }
}

async function isForgotten(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > FORGOTTEN_MS;
}
