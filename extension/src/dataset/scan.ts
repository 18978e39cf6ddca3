import { PathExt } from "@jupyterlab/coreutils";
import type { Contents } from "@jupyterlab/services";
import { readManifest, readRun, type Manifest, type RunFacts } from "./manifest.js";

/** A dataset in the workspace, as far as its small files tell. */
export interface DatasetEntry extends Manifest {
  /** Relative to the server's root, empty for the root itself. */
  folder: string;
  /** The oldest first. */
  runs: RunFacts[];
  /** Runs whose `run.json` was not read: of thousands, only the latest are. */
  unread: number;
}

/** How far a scan goes. */
export const LIMITS = { folders: 500, depth: 6, runs: 200, manifestBytes: 100_000, atOnce: 6 };

export interface Scan {
  datasets: DatasetEntry[];
  /** Whether there were more folders than the limits let. */
  cut: boolean;
}

type Files = Pick<Contents.IManager, "get">;

/**
 * Looks for datasets in the folders of the workspace, level by level, through the server: no kernel is needed. Hidden
 * folders, `node_modules` and what lies inside of a dataset are passed over.
 */
export async function scanDatasets(files: Files, signal: AbortSignal): Promise<Scan> {
  const datasets: DatasetEntry[] = [];
  let level = [""];
  let looked = 0;
  let cut = false;
  for (let depth = 0; level.length > 0 && depth <= LIMITS.depth; depth++) {
    const now = level.slice(0, LIMITS.folders - looked);
    cut ||= now.length < level.length;
    looked += now.length;
    const next = await inTurns(now, async (folder) => {
      const items = await listing(files, folder);
      const manifest = items.find(({ name }) => name === "dataset.json");
      const found =
        (manifest?.size ?? LIMITS.manifestBytes) < LIMITS.manifestBytes && (await datasetAt(files, folder));
      if (!found) return items.filter(isOpen).map(({ name }) => PathExt.join(folder, name));
      datasets.push(found);
      return [];
    });
    signal.throwIfAborted();
    level = next.flat();
  }
  cut ||= level.length > 0;
  datasets.sort((a, b) => a.folder.localeCompare(b.folder, undefined, { numeric: true }));
  return { datasets, cut };
}

const isOpen = ({ type, name }: Contents.IModel): boolean =>
  type === "directory" && !name.startsWith(".") && name !== "node_modules";

async function datasetAt(files: Files, folder: string): Promise<DatasetEntry | null> {
  const manifest = readManifest((await textOf(files, PathExt.join(folder, "dataset.json"))) ?? "");
  if (!manifest) return null;
  const names = (await listing(files, PathExt.join(folder, "runs")))
    .map(({ name }) => name)
    .filter((name) => /^\d{6,}-/.test(name))
    .sort();
  const latest = names.slice(-LIMITS.runs);
  const texts = await inTurns(latest, (name) =>
    textOf(files, PathExt.join(folder, "runs", name, "run.json")),
  );
  const runs = texts.map((text) => readRun(text ?? "")).filter((run) => run !== null);
  return { ...manifest, folder, runs, unread: names.length - latest.length };
}

/** Bytes of a dataset's tables; pictures are not counted. */
export async function tableBytes(files: Files, { folder, runs }: DatasetEntry): Promise<number> {
  const paths = runs.flatMap((run) => run.files).filter((file) => !file.split("/").includes(".."));
  const folders = [...new Set(paths.map((file) => PathExt.dirname(file)))];
  const wanted = new Set(paths.map((file) => PathExt.join(folder, file)));
  const listed = await inTurns(folders, (path) => listing(files, PathExt.join(folder, path)));
  return listed
    .flat()
    .reduce((sum, { path, size }) => sum + (wanted.has(path.replace(/^\//, "")) ? (size ?? 0) : 0), 0);
}

/** What is not there or may not be read is empty. */
async function listing(files: Files, path: string): Promise<Contents.IModel[]> {
  const found = await files.get(path, { content: true, type: "directory" }).catch(() => null);
  return Array.isArray(found?.content) ? (found.content as Contents.IModel[]) : [];
}

async function textOf(files: Files, path: string): Promise<string | null> {
  const found = await files.get(path, { content: true, type: "file", format: "text" }).catch(() => null);
  return typeof found?.content === "string" ? found.content : null;
}

/** A few requests at the same time. */
async function inTurns<From, To>(all: readonly From[], work: (one: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  const queue = all.entries();
  const lane = async () => {
    for (const [i, one] of queue) results[i] = await work(one);
  };
  await Promise.all(Array.from({ length: LIMITS.atOnce }, lane));
  return results;
}
