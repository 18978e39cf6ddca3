/**
 * Where a run's files stand: `<dataset>/work/<run>/`. Not in `runs/`, which holds results: those folders are made with
 * the first result, by who holds the dataset's lock, and one piece of work may fill several, or none.
 *
 * ```
 * events.jsonl   what happens, see views/run.ts; written by who does the work, and by nobody else
 * request.json   what others ask of it; who does the work takes it away
 * ```
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { namesIn } from "../disk/files.js";

/** @param verb in small letters */
export function newRunName(verb: string, at: Date): string {
  const time = at.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
  return `${time}-${verb}-${randomBytes(3).toString("hex")}`;
}

/** No path, whoever sends it. */
export const isRunName = (name: string): boolean => /^\d{8}T\d{6}Z-[a-z-]{1,40}-[0-9a-f]{6}$/.test(name);

export const workFolder = (dataset: string, run: string): string => join(dataset, "work", run);

export const eventsFile = (dataset: string, run: string): string =>
  join(workFolder(dataset, run), "events.jsonl");

/** Names of a dataset's runs, newest first. */
export async function runNamesIn(dataset: string): Promise<string[]> {
  return (await namesIn(join(dataset, "work"))).filter(isRunName).reverse();
}
