import { copyFile, link, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";
import {
  clearPartials,
  namesIn,
  safeName,
  syncFolder,
  within,
  writeFirst,
  writeWhole,
} from "../disk/files.js";
import { JsonlWriter } from "../disk/jsonl.js";
import type { LedgerEntries, StageName, TableName } from "./schema.js";
import { LEDGERS, TABLES } from "./schema.js";
import { VERSION } from "../version.js";
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
  /** Pieces of work that it was brought together from, see `collect.ts`. */
  parts?: string[];
}

type About<S extends StageName> = Pick<RunInfo, "stage_version" | "shelf" | "figloom_version"> & { stage: S };

/** Throws where the dataset's lock is lost. */
export type Check = () => void;

const ledgerFolder = (folder: string, run: string): string => join(folder, "runs", run, "ledger");

/**
 * All runs of a dataset, oldest first.
 * @throws {ConfigurationError} for a `run.json` that cannot be read, or names files outside of the dataset
 */
export async function listRuns(folder: string): Promise<RunInfo[]> {
  const names = await runNames(folder);
  const runs: (RunInfo | null)[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE)
    runs.push(...(await Promise.all(names.slice(at, at + AT_ONCE).map((name) => readInfo(folder, name)))));
  return runs.filter((run) => run !== null);
}

/** Files that are read at the same time: on a shared disk each takes a moment, and long work has thousands. */
const AT_ONCE = 64;

/** `null` for a run whose writer was killed before it began: it has no results. */
async function readInfo(folder: string, name: string): Promise<RunInfo | null> {
  const path = infoFile(folder, name);
  try {
    return checkedInfo(folder, name, JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new ConfigurationError(
      `${path} is not what figloom writes (${errorText(error)}); restore it, or delete its folder to do without its results.`,
      { cause: error },
    );
  }
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

/**
 * Seals what earlier, killed runs left in their ledgers. For the holder of the dataset's lock.
 *
 * A run that was not yet begun is ended: a writer that was taken for dead, and is not, cannot begin it any more.
 *
 * @returns the runs that there were
 */
export async function sealLeftovers(folder: string, check: Check): Promise<RunInfo[]> {
  const runs = await listRuns(folder);
  const begun = new Set(runs.map(({ run }) => run));
  for (const name of await runNames(folder)) if (!begun.has(name)) await end(folder, name);
  for (const run of runs) if (!run.sealed) await seal(folder, run, check);
  return runs;
}

async function end(folder: string, run: string): Promise<void> {
  const now = new Date().toISOString();
  const stage = run.slice(run.indexOf("-") + 1) as StageName;
  if (!Object.hasOwn(LEDGERS, stage)) return;
  const about = { stage, stage_version: 0, shelf: null, figloom_version: VERSION };
  await writeInfoFirst(folder, { run, ...about, started: now, sealed: now, files: {} });
}

/** Writes the results of one run. For the holder of the dataset's lock. */
export class RunWriter<S extends StageName> {
  readonly #folder: string;
  readonly info: RunInfo;
  readonly #ledger: JsonlWriter;
  readonly #check: Check;

  private constructor(folder: string, info: RunInfo, ledger: JsonlWriter, check: Check) {
    this.#folder = folder;
    this.info = info;
    this.#ledger = ledger;
    this.#check = check;
  }

  /** Starts the next run. */
  static async start<S extends StageName>(
    folder: string,
    about: About<S>,
    check: Check,
  ): Promise<RunWriter<S>> {
    const info = await begin(folder, about, check);
    const ledger = await JsonlWriter.open(join(ledgerFolder(folder, info.run), "0.jsonl"), check);
    return new RunWriter(folder, info, ledger, check);
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
    await seal(this.#folder, this.info, this.#check);
  }
}

/**
 * Makes ledgers that others have written, and that are whole, the next run. It is there whole or not at all. For the holder
 * of the dataset's lock.
 * @param parts what it is made of, remembered in {@link RunInfo.parts}
 */
export async function addRun(
  folder: string,
  about: About<StageName>,
  { parts, ledgers }: { parts: string[]; ledgers: string[] },
  check: Check,
): Promise<void> {
  const info = await begin(folder, { ...about, parts }, check, async (run) => {
    for (const [index, ledger] of ledgers.entries())
      await linkOrCopy(ledger, join(ledgerFolder(folder, run), `${index}.jsonl`));
    await syncFolder(ledgerFolder(folder, run));
  });
  await seal(folder, info, check);
}

/** @param fill puts into the run's ledger what is to be there from its first moment */
async function begin(
  folder: string,
  about: About<StageName> & Pick<RunInfo, "parts">,
  check: Check,
  fill: (run: string) => Promise<void> = () => Promise.resolve(),
): Promise<RunInfo> {
  const last = (await runNames(folder)).at(-1);
  const number = last ? Number.parseInt(last, 10) + 1 : 1;
  const run = `${String(number).padStart(6, "0")}-${about.stage}`;
  const info: RunInfo = { run, ...about, started: new Date().toISOString(), sealed: null, files: {} };
  await mkdir(join(folder, "runs"), { recursive: true });
  // Neither a folder nor a run that another writer has made meanwhile is taken for this one's.
  const isOwn = await mkdir(join(folder, "runs", run)).then(() => true, ifThere(false));
  if (isOwn) {
    await mkdir(ledgerFolder(folder, run));
    await fill(run);
    check();
    if (await writeInfoFirst(folder, info)) return info;
  }
  check();
  throw new Error(`${join(folder, "runs", run)} was made by somebody else; start the same again.`);
}

const ifThere =
  <T>(value: T) =>
  (error: unknown): T => {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return value;
    throw error;
  };

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!CANNOT_LINK.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await copyFile(from, to);
  }
}

const CANNOT_LINK = new Set(["EXDEV", "EPERM", "ENOTSUP", "EMLINK", "EOPNOTSUPP"]);

async function seal(folder: string, info: RunInfo, check: Check): Promise<void> {
  check();
  const ledgers = await ledgerFiles(folder, info.run);
  for (const path of ledgers) await (await JsonlWriter.open(path)).close(); // cuts a torn last line
  const tables = Object.keys(LEDGERS[info.stage].rows) as TableName[];
  const shelf = info.shelf === null ? [] : [safeName(info.shelf)];
  const files = Object.fromEntries(
    tables.map((table) => [table, [table, ...shelf, `${info.run}.parquet`].join("/")]),
  );
  const written = await sealTables(folder, info, ledgers, files);
  check();
  const path = infoFile(folder, info.run);
  await clearPartials(path);
  await writeWhole(path, infoText({ ...info, sealed: new Date().toISOString(), files: written }));
}

const infoFile = (folder: string, run: string): string => join(folder, "runs", run, "run.json");
const infoText = (info: RunInfo): string => `${JSON.stringify(info, null, 2)}\n`;

const writeInfoFirst = (folder: string, info: RunInfo): Promise<boolean> =>
  writeFirst(infoFile(folder, info.run), infoText(info));

async function runNames(folder: string): Promise<string[]> {
  return (await namesIn(join(folder, "runs"))).filter((name) => /^\d{6,}-/.test(name));
}
