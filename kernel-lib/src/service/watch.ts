import { stat } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../disk/files.js";

/** Of these, the newest, something may still change: older ones are sealed. */
const LATEST_RUNS = 3;
/** A ledger that is being written counts as changed when it has grown by this factor: a large one seldom. */
const GROWTH = 1.25;

/** What a dataset's folder holds, as a text that is another when there is more to read. Costs a millisecond. */
export async function stateOf(folder: string): Promise<{ state: string; runs: number }> {
  const runs = await namesIn(join(folder, "runs"));
  const latest = runs.slice(-LATEST_RUNS).map((run) => join(folder, "runs", run));
  const maps = (await namesIn(join(folder, "maps"))).map((name) => join(folder, "maps", name));
  const parts = await Promise.all([
    ...latest.flatMap((run) => [changed(join(run, "run.json")), grown(join(run, "ledger", "0.jsonl"))]),
    ...maps.map(changed),
  ]);
  return { state: [...runs, ...parts].join(" "), runs: runs.length };
}

async function changed(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found ? `${found.mtimeMs}:${found.size}` : "-";
}

async function grown(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found ? String(Math.floor(Math.log(found.size + 1) / Math.log(GROWTH))) : "-";
}
