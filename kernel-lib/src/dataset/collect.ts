import { stat } from "node:fs/promises";
import { VERSION } from "../version.js";
import { diskProblem } from "../disk/files.js";
import { recordsOf } from "../disk/jsonl.js";
import { tryLock, type DatasetLock } from "../disk/lock.js";
import { asStored } from "./order.js";
import { Quarantine, type Settled } from "./quarantine.js";
import { LEDGER_BYTES } from "./run-sequence.js";
import { addRun, sealLeftovers } from "./runs.js";
import type { StageName } from "./schema.js";
import type { Dataset } from "./store.js";

/** A piece of a stage's work that was done elsewhere, and will not change any more. */
export interface Part {
  /** Names it for ever: `<run>/<phase>/<shard>`. What was collected under an id is not collected again. */
  id: string;
  /** File of JSON lines: the stage's `LedgerEntries`; `null` for none. On the dataset's disk it is linked, not copied. */
  entries: string | null;
  /** File of JSON lines: {@link Settled}; `null` for none. */
  settled: string | null;
}

/**
 * Brings what workers have done into the dataset, as runs of its own; afterwards readers see it, and nothing is lost whoever is
 * killed. Does not wait for another writer.
 *
 * It may be called with the same parts as often as one likes, by several processes at the same time, and after it was killed
 * at any point: each part counts once, and what was found out about its items since stays.
 *
 * Cost: that of writing the parts as Parquet; memory does not grow with them.
 *
 * @returns `busy` when another writer holds the dataset's lock: nothing was done
 * @throws {ConfigurationError} when the disk is full, or the lock was lost in the middle
 */
export async function collectResults(
  dataset: Dataset,
  about: { stage: StageName; stage_version: number; shelf: string | null },
  parts: readonly Part[],
): Promise<"collected" | "busy"> {
  const { folder } = dataset;
  await dataset.make();
  try {
    const lock = await tryLock(folder, about.stage);
    if (!lock) return "busy";
    try {
      await collect(folder, about, parts, lock);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw diskProblem(folder, error);
  }
  return "collected";
}

async function collect(
  folder: string,
  { stage, ...rest }: { stage: StageName; stage_version: number; shelf: string | null },
  parts: readonly Part[],
  lock: DatasetLock,
): Promise<void> {
  const check = () => lock.check();
  const before = new Set((await sealLeftovers(folder, check)).flatMap(({ parts = [] }) => parts));
  // In their order, so that who reads a range of papers later finds them in few places.
  const fresh = parts.filter(({ id }) => !before.has(id)).sort((a, b) => asStored(a.id, b.id));
  for await (const batch of batchesOf(fresh)) {
    // First, since a run tells that its parts are done with: killed between the two, the next does both.
    await settleAll(folder, stage, batch, check);
    const ledgers = batch.flatMap(({ entries }) => entries ?? []);
    const made = { parts: batch.map(({ id }) => id), ledgers };
    await addRun(folder, { stage, ...rest, figloom_version: VERSION }, made, check);
  }
}

/** As many as a ledger should be long. */
async function* batchesOf(parts: readonly Part[]): AsyncGenerator<Part[]> {
  let batch: Part[] = [];
  let bytes = 0;
  for (const part of parts) {
    const { size } = part.entries === null ? { size: 0 } : await stat(part.entries);
    if (batch.length > 0 && bytes + size > LEDGER_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(part);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function settleAll(
  folder: string,
  stage: StageName,
  parts: readonly Part[],
  check: () => void,
): Promise<void> {
  const quarantine = await Quarantine.open(folder, stage, check);
  try {
    for (const { settled } of parts) {
      if (settled === null) continue;
      let waiting: Promise<void>[] = [];
      for await (const { of, lines, key } of recordsOf<Settled>(settled)) {
        waiting.push(quarantine.settle(of, lines, key));
        if (waiting.length < AT_ONCE) continue;
        await Promise.all(waiting);
        waiting = [];
      }
      await Promise.all(waiting);
    }
  } finally {
    await quarantine.close();
  }
}

/** Lines that wait for the disk together. */
const AT_ONCE = 1000;
