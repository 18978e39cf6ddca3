import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConfigurationError } from "figloom/errors";
import { diskProblem, linesOf, type Shard, type ShardRange } from "figloom/stages";
import { linkFirst, makeFolder, parsed, syncFolder } from "./files.js";
import type { PhaseFolder } from "./places.js";
import { isRecord } from "./raw.js";

/** Longest line of a plan, in bytes. */
const LINE = 64 * 1024;

/**
 * Writes down which shards a phase has. The plan is there whole or not at all, and the first that is written stays: two
 * coordinators that plan at the same time go on with the same. Streams: memory does not grow with the shards.
 * @throws {ConfigurationError} where the disk is full or may not be written
 */
export async function writePlan(
  phase: PhaseFolder,
  shards: AsyncIterable<Shard> | Iterable<Shard>,
): Promise<void> {
  await makeFolder(phase.path);
  const draft = join(phase.path, `.${randomUUID()}`);
  async function* lines(): AsyncGenerator<string> {
    for await (const shard of shards) yield `${JSON.stringify(shard)}\n`;
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(draft, { flags: "wx" }));
    const file = await open(draft, "r+");
    await file.datasync().finally(() => file.close());
    await linkFirst(draft, phase.plan);
    await syncFolder(phase.path);
  } catch (error) {
    throw diskProblem(phase.path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * The shards of a phase, in their order; `null` before it is planned.
 * @throws {ConfigurationError} for a line that is no shard
 */
export async function readPlan(phase: PhaseFolder): Promise<Shard[] | null> {
  const shards: Shard[] = [];
  try {
    for await (const { bytes } of linesOf(phase.plan, LINE)) {
      const shard = shardOf(parsed(bytes.toString()));
      if (!shard)
        throw new ConfigurationError(
          `Line ${shards.length + 1} of ${phase.plan} is no shard; launch a new run.`,
        );
      shards.push(shard);
    }
    return shards;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function shardOf(raw: unknown): Shard | null {
  if (!isRecord(raw) || typeof raw.id !== "string" || !/^\d{8}$/.test(raw.id) || !isWhole(raw.items))
    return null;
  const range = isRecord(raw.range) ? rangeOf(raw.range) : null;
  return range && { id: raw.id, items: raw.items, range };
}

function rangeOf({ first, last, limit, start, end }: Record<string, unknown>): ShardRange | null {
  if (isWhole(start) && isWhole(end)) return { start, end };
  if (typeof first !== "string" || typeof last !== "string") return null;
  return isWhole(limit) ? { first, last, limit } : { first, last };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
