import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";
import { namesIn, safeName, within, writeWhole } from "./files.js";
import { JsonlWriter } from "./jsonl.js";
import type { LedgerEntries, StageName, TableName } from "./schema.js";
import { LEDGERS, TABLES } from "./schema.js";
import { sealTables } from "./seal.js";

/** What `runs/<run>/run.json` says. */
export interface RunInfo {
  /** `000003-score`: runs are numbered, so that their names sort by age. */
  run: string;
  stage: StageName;
  stage_version: number;
  /** What the results are filed under: the variant of captions, the metric of scores. */
  shelf: string | null;
  figloom_version: string;
  started: string;
  /** `null` while the results stand in the ledger only. */
  sealed: string | null;
  /** Parquet files by table, relative to the dataset; empty until sealed. */
  files: Partial<Record<TableName, string>>;
}

const ledgerFolder = (folder: string, run: string): string => join(folder, "runs", run, "ledger");

/**
 * All runs of a dataset, oldest first.
 * @throws {ConfigurationError} for a `run.json` that cannot be read, or names files outside of the dataset
 */
export async function listRuns(folder: string): Promise<RunInfo[]> {
  const runs: RunInfo[] = [];
  for (const name of await runNames(folder)) {
    const path = join(folder, "runs", name, "run.json");
    try {
      runs.push(checkedInfo(folder, name, JSON.parse(await readFile(path, "utf8"))));
    } catch (error) {
      // Killed before it was there: such a run has no results.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw new ConfigurationError(
        `${path} is not what figloom writes (${errorText(error)}); restore it, or delete its folder to do without its results.`,
        { cause: error },
      );
    }
  }
  return runs;
}

function checkedInfo(folder: string, name: string, value: unknown): RunInfo {
  const { run, stage, shelf, files = {} } = (value ?? {}) as Partial<RunInfo>;
  if (run !== name) throw new Error("it is of another run");
  if (stage === undefined || !Object.hasOwn(LEDGERS, stage)) throw new Error("it is of no stage");
  if (shelf !== null && typeof shelf !== "string") throw new Error("its shelf is no text");
  for (const [table, file] of Object.entries(files))
    if (!Object.hasOwn(TABLES, table) || typeof file !== "string" || within(folder, file) === null)
      throw new Error("it names a file that is none of the dataset's");
  return value as RunInfo;
}

/** Absolute paths of a run's ledgers. */
export async function ledgerFiles(folder: string, run: string): Promise<string[]> {
  const parent = ledgerFolder(folder, run);
  return (await namesIn(parent)).filter((name) => name.endsWith(".jsonl")).map((name) => join(parent, name));
}

/** Seals what earlier, killed runs left in their ledgers. For the holder of the dataset's lock. */
export async function sealLeftovers(folder: string): Promise<void> {
  for (const run of await listRuns(folder)) if (!run.sealed) await seal(folder, run);
}

/** Writes the results of one run. For the holder of the dataset's lock. */
export class RunWriter<S extends StageName> {
  readonly #folder: string;
  readonly info: RunInfo;
  readonly #ledger: JsonlWriter;

  private constructor(folder: string, info: RunInfo, ledger: JsonlWriter) {
    this.#folder = folder;
    this.info = info;
    this.#ledger = ledger;
  }

  /** Starts the next run. */
  static async start<S extends StageName>(
    folder: string,
    about: Pick<RunInfo, "stage_version" | "shelf" | "figloom_version"> & { stage: S },
  ): Promise<RunWriter<S>> {
    const last = (await runNames(folder)).at(-1);
    const number = last ? Number.parseInt(last, 10) + 1 : 1;
    const run = `${String(number).padStart(6, "0")}-${about.stage}`;
    const info: RunInfo = { run, ...about, started: new Date().toISOString(), sealed: null, files: {} };
    await mkdir(ledgerFolder(folder, run), { recursive: true });
    await saveInfo(folder, info);
    const ledger = await JsonlWriter.open(join(ledgerFolder(folder, run), "0.jsonl"));
    return new RunWriter(folder, info, ledger);
  }

  /** Resolves when the result is on the disk: from then on no crash loses it. */
  append(entry: LedgerEntries[S]): Promise<void> {
    return this.#ledger.append(entry);
  }

  /** Bytes that the ledger has grown by. */
  get bytes(): number {
    return this.#ledger.bytes;
  }

  /** Turns the ledger into Parquet. Killed half-way, the next writer does it again. */
  async seal(): Promise<void> {
    await this.#ledger.close();
    await seal(this.#folder, this.info);
  }
}

async function seal(folder: string, info: RunInfo): Promise<void> {
  const ledgers = await ledgerFiles(folder, info.run);
  for (const path of ledgers) await (await JsonlWriter.open(path)).close(); // cuts a torn last line
  const tables = Object.keys(LEDGERS[info.stage].rows) as TableName[];
  const shelf = info.shelf === null ? [] : [safeName(info.shelf)];
  const files = Object.fromEntries(
    tables.map((table) => [table, [table, ...shelf, `${info.run}.parquet`].join("/")]),
  );
  const written = await sealTables(folder, info, ledgers, files);
  await saveInfo(folder, { ...info, sealed: new Date().toISOString(), files: written });
}

async function saveInfo(folder: string, info: RunInfo): Promise<void> {
  await writeWhole(join(folder, "runs", info.run, "run.json"), `${JSON.stringify(info, null, 2)}\n`);
}

async function runNames(folder: string): Promise<string[]> {
  return (await namesIn(join(folder, "runs"))).filter((name) => /^\d{6,}-/.test(name));
}
