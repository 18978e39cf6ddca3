import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobFolder } from "./folder.js";
import { identify, liveness, type ProcessIdentity } from "./processes.js";

/** Who looks after a job. Claims are numbered from 1; the highest counts, for as long as its holder lives. */
export interface Claim {
  number: number;
  holder: ProcessIdentity;
}

export function latestClaim({ supervisors }: JobFolder): Claim | undefined {
  const numbers = readdirSync(supervisors).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []);
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers.map(Number));
  const holder = JSON.parse(readFileSync(join(supervisors, `${number}.json`), "utf8")) as ProcessIdentity;
  return { number, holder };
}

/**
 * Makes this process the job's only supervisor, until it ends.
 *
 * A claim is never removed, only followed by the next number, and a number can be taken once. So of any number of
 * processes that find the holder dead one succeeds, which removing and remaking a single lock file cannot promise.
 * @returns the claim, or nothing when another process looks after the job.
 */
export function claimJob(folder: JobFolder): Claim | undefined {
  const latest = latestClaim(folder);
  if (latest && liveness(latest.holder) !== "dead") return undefined;
  const number = (latest?.number ?? 0) + 1;
  const holder = identify(process.pid);
  if (!holder) throw new Error(`This process (${process.pid}) cannot find its own start time.`);
  const draft = join(folder.supervisors, `.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(holder), { flush: true });
  try {
    linkSync(draft, join(folder.supervisors, `${number}.json`));
    return { number, holder };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    rmSync(draft);
  }
}
