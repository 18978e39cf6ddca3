import { join } from "node:path";
import { ConfigurationError } from "figloom/errors";
import { namesIn, usageOf } from "figloom/stages";
import { doneFile, type Done, type ShardCounts } from "./commit.js";
import type { SealedFile } from "./sealing.js";
import { parsed, readText } from "./files.js";
import type { PhaseFolder } from "./places.js";
import { count, isRecord, text, textOrNull } from "./raw.js";

/** Markers that are read at the same time. */
const AT_ONCE = 64;

/** The shards of a phase that are done. Each marker is read once, however often is looked. */
export class DoneShards {
  readonly all = new Map<string, Done>();
  readonly #phase: PhaseFolder;

  constructor(phase: PhaseFolder) {
    this.#phase = phase;
  }

  has(shard: string): boolean {
    return this.all.has(shard);
  }

  /**
   * Those that were done since the last look, in their order.
   * @throws {ConfigurationError} for a marker that is none
   */
  async look(): Promise<Done[]> {
    const fresh = (await doneNames(this.#phase)).filter((shard) => !this.has(shard));
    const found: Done[] = [];
    for (let i = 0; i < fresh.length; i += AT_ONCE)
      found.push(
        ...(await Promise.all(fresh.slice(i, i + AT_ONCE).map((shard) => readDone(this.#phase, shard)))),
      );
    for (const done of found) this.all.set(done.shard, done);
    return found;
  }
}

/** Shards that have a marker, in their order. */
export async function doneNames(phase: PhaseFolder): Promise<string[]> {
  return (await namesIn(phase.done)).flatMap((name) => /^(\d{8})\.json$/.exec(name)?.[1] ?? []);
}

/** All shards of a phase that are done; who looks again and again takes {@link DoneShards}. */
export async function doneShards(phase: PhaseFolder): Promise<Map<string, Done>> {
  const done = new DoneShards(phase);
  await done.look();
  return done.all;
}

async function readDone(phase: PhaseFolder, shard: string): Promise<Done> {
  const path = doneFile(phase, shard);
  const done = doneOf(parsed((await readText(path)) ?? ""), shard);
  if (done) return done;
  throw new ConfigurationError(
    `${path} is damaged, or was not written by this version of figloom; remove ${join(phase.leases(shard))} and that file ` +
      `to have the shard done again.`,
  );
}

function doneOf(raw: unknown, shard: string): Done | null {
  if (!isRecord(raw) || raw.shard !== shard || !Number.isSafeInteger(raw.attempt) || !isRecord(raw.counts))
    return null;
  const results = fileOf(raw.results, `${shard}.${String(raw.attempt)}.jsonl`);
  const settled = fileOf(raw.settled, `${shard}.${String(raw.attempt)}.settled.jsonl`);
  if (results === undefined || settled === undefined) return null;
  return {
    shard,
    attempt: raw.attempt as number,
    worker: text(raw.worker),
    deaths: count(raw.deaths),
    results,
    settled,
    counts: countsOf(raw.counts),
    at: text(raw.at),
  };
}

/** `undefined` for one that is not right; a name that leads elsewhere is not. */
function fileOf(raw: unknown, name: string): SealedFile | null | undefined {
  if (raw === null) return null;
  if (!isRecord(raw) || raw.name !== name) return undefined;
  return { name, lines: count(raw.lines), bytes: count(raw.bytes) };
}

const countsOf = (raw: Record<string, unknown>): ShardCounts => ({
  done: count(raw.done),
  failed: count(raw.failed),
  failedBefore: count(raw.failedBefore),
  reused: count(raw.reused),
  total: count(raw.total),
  seconds: count(raw.seconds),
  usage: isRecord(raw.usage) ? usageOf(raw.usage) : null,
  reasons: isRecord(raw.reasons)
    ? Object.fromEntries(Object.entries(raw.reasons).map(([reason, failed]) => [text(reason), count(failed)]))
    : {},
  givenUp: textOrNull(raw.givenUp),
});
