/** Keeps models in a folder of them: put in their places whole or not at all, by one process at a time. */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { diskProblem, namesIn, safeName, syncFolder } from "../disk/files.js";
import { lockDataset } from "../disk/lock.js";
import { ConfigurationError } from "../errors.js";
import { carryDigests, digestsOf } from "./digests.js";
import { checkType, pathsIn } from "./folder.js";
import { filesOf, KINDS, missingFiles } from "./kinds.js";
import { readRecord, writeRecord, type ModelRecord } from "./record.js";

/** Where models are made ready, in their folder, so that a rename puts them in their places. */
const WORK = ".getting";

/** Does work on the folder of models while no other process does. */
export async function withStore<T>(
  models: string,
  what: string,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const folder = join(models, WORK);
  try {
    await mkdir(folder, { recursive: true });
    const lock = await lockDataset(folder, what);
    try {
      return await work(new Store(models));
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw diskProblem(models, error);
  }
}

/** What was made ready of a model, or begun to be, of any state. */
export async function draftsOf(models: string, id: string): Promise<string[]> {
  const folder = join(models, WORK);
  const names = await namesIn(folder);
  return names.filter((name) => name.startsWith(`${safeName(id)}@`)).map((name) => join(folder, name));
}

export class Store {
  constructor(readonly models: string) {}

  /** @throws {ConfigurationError} where the place of a model is taken by what figloom has not put there */
  async checkPlace(name: string): Promise<void> {
    const place = join(this.models, name);
    if ((await pathsIn(place)).length === 0 || (await readRecord(place)) !== null) return;
    throw new ConfigurationError(`${place} was put there by hand. Move it away, or to another name, first.`);
  }

  /** A folder to make a model ready in; what an interrupted start has left there is there again. */
  async draft(id: string, state: string): Promise<string> {
    const folder = join(this.models, WORK, `${safeName(id)}@${safeName(state)}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Removes what was made ready of a model, of any state. */
  async clear(id: string): Promise<void> {
    for (const folder of await draftsOf(this.models, id)) await rm(folder, { recursive: true, force: true });
  }

  /**
   * Puts a model that is ready in its place, over an earlier one.
   * @param name short name or repository
   * @throws {ConfigurationError} where it is not whole, or of another kind
   */
  async keep(
    name: string,
    draft: string,
    record: Omit<ModelRecord, "version" | "date" | "files">,
    signal: AbortSignal,
  ): Promise<string> {
    const { kind } = record;
    const paths = await pathsIn(draft);
    const missing = missingFiles(kind, paths);
    if (missing.length > 0)
      throw new ConfigurationError(
        `${name} has not what ${KINDS[kind].called} needs: ${missing.join(", ")}.`,
      );
    await checkType(draft, kind);
    const files = await digestsOf(draft, filesOf(kind, paths), { signal });
    await writeRecord(draft, { ...record, version: 1, date: new Date().toISOString(), files });
    const place = join(this.models, name);
    await mkdir(dirname(place), { recursive: true });
    await this.#setAside(name);
    await rename(draft, place);
    await syncFolder(dirname(place));
    await carryDigests(draft, place);
    await this.clear(name);
    return place;
  }

  async remove(name: string): Promise<void> {
    await this.#setAside(name);
    await this.clear(name);
  }

  async #setAside(name: string): Promise<void> {
    const aside = join(await this.draft(name, "old"), "model");
    await rm(aside, { recursive: true, force: true });
    await rename(join(this.models, name), aside).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}
