import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";
import { VERSION } from "../version.js";
import { diskProblem, namesIn, writeWhole } from "../disk/files.js";
import { lockDataset } from "../disk/lock.js";
import { Quarantine } from "./quarantine.js";
import { Reader } from "./query.js";
import { RunSequence } from "./run-sequence.js";
import { sealLeftovers } from "./runs.js";
import { SCHEMA_VERSION, type LedgerEntries, type StageName } from "./schema.js";

const MANIFEST = "dataset.json";

/** What `dataset.json` says. */
interface Manifest {
  name: string;
  schema_version: number;
  figloom_version: string;
  created: string;
}

/** A dataset folder. Reading needs no lock; of writers there is one at a time. */
export class Dataset {
  private constructor(
    /** Absolute path of the folder. */
    readonly folder: string,
    readonly name: string,
    /** Whether its folder and manifest are there. */
    private made: boolean,
  ) {}

  /**
   * Opens the dataset at `path`, or one that is made there when it is first written to.
   * @throws {ConfigurationError} when the folder is something else, or was made by a newer figloom
   */
  static async openOrCreate(path: string): Promise<Dataset> {
    const folder = resolve(path);
    const found = await readManifest(folder);
    if (found) return new Dataset(folder, found.name, true);
    const others = (await namesIn(folder)).filter(
      (name) => !name.startsWith(".") && !name.startsWith(MANIFEST),
    );
    if (others.length > 0)
      throw new ConfigurationError(
        `${folder} has other files in it and no ${MANIFEST}; name a new or empty folder for the dataset.`,
      );
    return new Dataset(folder, basename(folder), false);
  }

  /**
   * Makes sure that there is a dataset in the folder, for those that write to it otherwise than by {@link write}.
   * @throws {ConfigurationError} where none can be made
   */
  async make(): Promise<void> {
    if (this.made) return;
    const manifest: Manifest = {
      name: this.name,
      schema_version: SCHEMA_VERSION,
      figloom_version: VERSION,
      created: new Date().toISOString(),
    };
    try {
      await writeWhole(join(this.folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    } catch (error) {
      throw new ConfigurationError(`No dataset can be made at ${this.folder}: ${errorText(error)}`, {
        cause: error,
      });
    }
    this.made = true;
  }

  /**
   * Opens the dataset at `path`.
   * @throws {ConfigurationError} when there is none
   */
  static async open(path: string): Promise<Dataset> {
    const folder = resolve(path);
    const found = await readManifest(folder);
    if (!found)
      throw new ConfigurationError(`There is no dataset at ${folder}; figloom ingest makes one (--out).`);
    return new Dataset(folder, found.name, true);
  }

  /** Opens a reader on what is on the disk now, whose queries end with the signal; close it when done. */
  read(signal?: AbortSignal): Promise<Reader> {
    return Reader.open(this.folder, signal);
  }

  /**
   * Does work that writes, as the only writer. First, what an earlier, killed writer left is sealed; afterwards what
   * `work` wrote, also when it failed or was cancelled.
   *
   * @param shelf what the results are filed under: the variant of captions, the metric of scores
   * @param signal ends the waiting for a writer of another machine that seems dead
   * @throws {ConfigurationError} when another writer is at work
   */
  async write<S extends StageName, T>(
    about: { stage: S; stage_version: number; shelf?: string },
    work: (writer: Writer<S>) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    await this.make();
    try {
      const lock = await lockDataset(this.folder, about.stage, { signal });
      try {
        await sealLeftovers(this.folder, () => lock.check());
        return await this.#record(about, work, () => lock.check());
      } finally {
        await lock.release();
      }
    } catch (error) {
      throw diskProblem(this.folder, error);
    }
  }

  async #record<S extends StageName, T>(
    { stage, stage_version, shelf = null }: { stage: S; stage_version: number; shelf?: string | null },
    work: (writer: Writer<S>) => Promise<T>,
    check: () => void,
  ): Promise<T> {
    const quarantine = await Quarantine.open(this.folder, stage, check);
    const about = { stage, stage_version, shelf, figloom_version: VERSION };
    const runs = new RunSequence(this.folder, about, { check });
    const finish = async () => {
      await quarantine.close();
      await runs.seal();
    };
    let result: T;
    try {
      result = await work({ quarantine, append: (entry) => runs.append(entry) });
    } catch (error) {
      // On a full disk sealing fails, too: the first error says why, and the next writer seals.
      await finish().catch(() => undefined);
      throw error;
    }
    await finish();
    return result;
  }
}

/** What a stage may write to. */
export interface Writer<S extends StageName> {
  /** Resolves when the result is on the disk. */
  append(entry: LedgerEntries[S]): Promise<void>;
  readonly quarantine: Quarantine;
}

async function readManifest(folder: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST), "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return null;
    if (code === "ENOTDIR") throw new ConfigurationError(`${folder} is a file, not a dataset folder.`);
    throw new ConfigurationError(`${join(folder, MANIFEST)} cannot be read: ${errorText(error)}`);
  }
  const manifest = parseManifest(text);
  if (!manifest)
    throw new ConfigurationError(
      `${join(folder, MANIFEST)} is not what figloom writes; restore or delete it.`,
    );
  if (manifest.schema_version !== SCHEMA_VERSION)
    throw new ConfigurationError(
      `${folder} has schema version ${manifest.schema_version}, this figloom reads version ${SCHEMA_VERSION}; use the figloom that made it (${manifest.figloom_version}) or ingest into a new folder.`,
    );
  return manifest;
}

function parseManifest(text: string): Manifest | null {
  try {
    const value = JSON.parse(text) as Partial<Manifest> | null;
    return typeof value?.name === "string" && typeof value.schema_version === "number"
      ? (value as Manifest)
      : null;
  } catch {
    return null;
  }
}
