import { setTimeout as sleep } from "node:timers/promises";
import { collectResults, Dataset, type Part, type StageWork } from "figloom/stages";
import type { Done } from "../run/commit.js";
import { markCollected, resultFiles } from "../run/finish.js";
import type { PhaseFolder } from "../run/places.js";

/**
 * What makes a collection worth its while: each is a run of the dataset with files of its own, which readers open. So the
 * longer a run goes on the longer results wait: a fiftieth of its age, between a minute and half an hour.
 */
const BATCH = { shards: 200, bytes: 256 * 2 ** 20, leastMs: 60_000, mostMs: 30 * 60_000, share: 1 / 50 };
/** Between two tries while somebody else writes to the dataset. */
const BUSY_MS = 1000;
/** Tries after which it is said. */
const SAID_AFTER = 5;

/**
 * Whether results are to be brought into the dataset though more will come.
 * @param ageMs of the run
 * @param now milliseconds since 1970
 */
export function isCollectionDue(waiting: readonly Done[], ageMs: number, now = Date.now()): boolean {
  const bytes = waiting.reduce((sum, { results }) => sum + (results?.bytes ?? 0), 0);
  const oldest = Math.min(...waiting.map(({ at }) => Date.parse(at)));
  const patience = Math.min(BATCH.mostMs, Math.max(BATCH.leastMs, ageMs * BATCH.share));
  return waiting.length >= BATCH.shards || bytes >= BATCH.bytes || now - oldest >= patience;
}

interface Collection {
  run: string;
  dataset: string;
  phase: string;
  folder: PhaseFolder;
  work: StageWork;
  shards: readonly Done[];
  /** Aborted where it cannot be waited for others who write to the dataset. */
  patience: AbortSignal;
  /** Tells those who watch. */
  say(text: string): void;
}

/**
 * Brings shards' results into the dataset and marks them. Done twice it does nothing the second time: the dataset knows
 * what it has.
 * @returns whether it was done: somebody else may be writing to the dataset
 */
export async function collectShards({
  run,
  dataset,
  phase,
  folder,
  work,
  shards,
  patience,
  say,
}: Collection): Promise<boolean> {
  const parts: Part[] = [];
  for (const done of shards) {
    const { results, settled } = await resultFiles(folder, done);
    parts.push({ id: `${run}/${phase}/${done.shard}`, entries: results, settled });
  }
  const about = { stage: work.name, stage_version: work.stage.version, shelf: work.shelf };
  const target = await Dataset.openOrCreate(dataset);
  for (let tries = 1; (await collectResults(target, about, parts)) === "busy"; tries++) {
    if (patience.aborted) return false;
    if (tries === SAID_AFTER) say(`The results wait: another program writes to ${dataset} just now.`);
    await sleep(BUSY_MS, undefined, { signal: patience }).catch(() => undefined);
  }
  await markCollected(
    folder,
    shards.map(({ shard }) => shard),
  );
  return true;
}
