import { rm } from "node:fs/promises";
import { join } from "node:path";
import { diskProblem, type RunUsage } from "figloom/stages";
import type { Attempt } from "./attempts.js";
import type { Beats } from "./beats.js";
import { linkFirst, makeFolder, placeFirst, readText, syncFolder } from "./files.js";
import { fileOf, holdsLease, latestLease, lossOr, takeLease, type Holder, type Lease } from "./leases.js";
import type { PhaseFolder } from "./places.js";
import { SealedWriter, type SealedFile } from "./sealing.js";

/** How a shard ended, in figures. */
export interface ShardCounts {
  done: number;
  failed: number;
  /** Of `failed`, those that an earlier run had failed with. */
  failedBefore: number;
  /** Items that the dataset had already. */
  reused: number;
  total: number;
  /** Spent on it, by the attempt that ended it. */
  seconds: number;
  /** Of all its attempts. */
  usage: RunUsage | null;
  /** How many failed for which reason. */
  reasons: Record<string, number>;
  /** Why the shard was given up with items left; `null` for one that was done. */
  givenUp: string | null;
}

/** A shard's results in their place, not yet committed. */
export interface Sealed {
  shard: string;
  /** The attempt, and lease, that ended it. */
  attempt: number;
  worker: string;
  /** Attempts that died at it. */
  deaths: number;
  /** Lines of the ledger; `null` where there are none. */
  results: SealedFile | null;
  /** What goes to the quarantine, or is solved there: a `Settled` a line. */
  settled: SealedFile | null;
  counts: ShardCounts;
}

/** What `done/<shard>.json` says: the shard is done, and here are its results. */
export interface Done extends Sealed {
  /** ISO 8601, for people. */
  at: string;
}

/**
 * Writes all that was done of a shard, by this attempt and those before, to files whole and flushed.
 * @throws {LeaseLost} when another has committed it
 * @throws {ConfigurationError} where the disk is full
 */
export async function sealShard<Entry>(attempt: Attempt<Entry>, counts: ShardCounts): Promise<Sealed> {
  const { phase, shard, lease, before } = attempt;
  const name = `${shard}.${lease.number}`;
  await makeFolder(phase.results);
  const [entries, problems] = [new SealedWriter(phase.results), new SealedWriter(phase.results)];
  try {
    for await (const { entry, settled } of attempt.outcomes()) {
      if (entry !== null) await entries.add(entry);
      for (const each of settled) await problems.add(each);
    }
    const results = await entries.finish(`${name}.jsonl`);
    const settled = await problems.finish(`${name}.settled.jsonl`);
    if (results ?? settled) await syncFolder(phase.results);
    const { worker } = lease.holder;
    return { shard, attempt: lease.number, worker, deaths: before.deaths, results, settled, counts };
  } catch (error) {
    for (const writer of [entries, problems]) await writer.discard();
    throw await lossOr(lease, diskProblem(phase.results, error));
  }
}

/**
 * Makes the sealed results the shard's own. First the number after the attempt's lease is taken, which a worker that
 * takes the shard over would need, too: whoever was taken over loses, and whoever has committed is not taken over.
 * The winner removes what attempts have left, the loser its results; for both the attempt has ended.
 * @throws {ConfigurationError} where the disk is full; the attempts' files are as they were
 */
export async function commitShard(attempt: Attempt<unknown>, sealed: Sealed): Promise<"won" | "lost"> {
  const { phase, shard, lease } = attempt;
  const done: Done = { ...sealed, at: new Date().toISOString() };
  const claim = fileOf(lease.folder, lease.number + 1);
  const isNext = (await holdsLease(lease)) && (await placeFirst(claim, JSON.stringify(done)));
  const isWinner = isNext && (await publishCommit(phase, shard, claim));
  await attempt.leave();
  if (!isWinner) await removeSealed(phase, sealed);
  else await removeEarlier(phase, sealed).catch(() => undefined);
  return isWinner ? "won" : "lost";
}

/**
 * Takes a shard's lease, see {@link takeLease}.
 * @returns the lease, `null` where another holds it, or `done`; then the marker is there, also where whoever committed
 *   the shard was killed before it wrote that
 */
export async function takeShard(
  phase: PhaseFolder,
  shard: string,
  self: Holder,
  beats: Beats,
): Promise<Lease | "done" | null> {
  const folder = phase.leases(shard);
  const lease = await takeLease(folder, self, beats);
  if (lease) return lease;
  const latest = await latestLease(folder);
  if (latest?.committed === undefined) return null;
  await publishCommit(phase, shard, fileOf(folder, latest.number));
  return "done";
}

export const doneFile = (phase: PhaseFolder, shard: string): string => join(phase.done, `${shard}.json`);

/**
 * The marker is the commit itself, under a second name.
 * @returns whether it is this commit that the marker tells of
 */
async function publishCommit(phase: PhaseFolder, shard: string, commit: string): Promise<boolean> {
  await makeFolder(phase.done);
  const marker = doneFile(phase, shard);
  const isFirst = await linkFirst(commit, marker).catch((error: unknown) => {
    throw diskProblem(phase.done, error);
  });
  await syncFolder(phase.done);
  return isFirst || (await readText(marker)) === (await readText(commit));
}

/** What was done before a commit, and nobody will ask for any more. */
async function removeEarlier(phase: PhaseFolder, { shard, attempt }: Sealed): Promise<void> {
  await rm(join(phase.attempts, shard), { recursive: true, force: true });
  for (let earlier = 1; earlier < attempt; earlier++) await removeSealed(phase, { shard, attempt: earlier });
}

async function removeSealed(
  phase: PhaseFolder,
  { shard, attempt }: Pick<Sealed, "shard" | "attempt">,
): Promise<void> {
  for (const ending of ["jsonl", "settled.jsonl"])
    await rm(join(phase.results, `${shard}.${attempt}.${ending}`), { force: true });
}
