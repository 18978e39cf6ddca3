import { existsSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "figloom/errors";
import { diskProblem, namesIn } from "figloom/stages";
import type { Done } from "./commit.js";
import { doneNames } from "./done.js";
import type { SealedFile } from "./sealing.js";
import { makeFolder, placeFirst, syncFolder } from "./files.js";
import type { PhaseFolder } from "./places.js";

/** The files of a shard's results, absolute; `null` where it has none. */
export interface ResultFiles {
  results: string | null;
  settled: string | null;
}

/**
 * Where the results of a shard that is done lie.
 * @throws {ConfigurationError} where they are not as they were committed
 */
export async function resultFiles(phase: PhaseFolder, { results, settled }: Done): Promise<ResultFiles> {
  return { results: await wholeFile(phase, results), settled: await wholeFile(phase, settled) };
}

async function wholeFile(phase: PhaseFolder, file: SealedFile | null): Promise<string | null> {
  if (file === null) return null;
  const path = join(phase.results, file.name);
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (size === file.bytes) return path;
  throw new ConfigurationError(
    `${path} has ${size} bytes; ${file.bytes} were committed. Restore it from a copy, or launch a new run.`,
  );
}

/**
 * Says that the results of shards are in the dataset. Saying so twice changes nothing.
 * @throws {ConfigurationError} where the disk is full
 */
export async function markCollected(phase: PhaseFolder, shards: readonly string[]): Promise<void> {
  await makeFolder(phase.collected);
  try {
    for (const shard of shards) await (await open(join(phase.collected, shard), "a")).close();
    await syncFolder(phase.collected);
  } catch (error) {
    throw diskProblem(phase.collected, error);
  }
}

/** Shards whose results are in the dataset. */
export async function collectedShards(phase: PhaseFolder): Promise<Set<string>> {
  return new Set((await namesIn(phase.collected)).filter((name) => /^\d{8}$/.test(name)));
}

/** Says that all of a phase is done and in the dataset; the first to say so counts. */
export async function finishPhase(phase: PhaseFolder, summary: object): Promise<void> {
  await makeFolder(phase.path);
  await placeFirst(phase.finished, JSON.stringify({ at: new Date().toISOString(), ...summary }));
}

export const isFinished = (phase: PhaseFolder): boolean => existsSync(phase.finished);

/** How a phase stands. */
export interface PhaseStanding {
  /** Shards that are done. */
  done: number;
  /** Of them, those whose results are in the dataset. */
  collected: number;
  finished: boolean;
}

/** From names alone: two listings, however many figures it has. */
export async function standingOf(phase: PhaseFolder): Promise<PhaseStanding> {
  const [done, collected] = await Promise.all([doneNames(phase), collectedShards(phase)]);
  return { done: done.length, collected: collected.size, finished: isFinished(phase) };
}
