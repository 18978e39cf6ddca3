import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import { forgetEarlier, giveBack, latestClaim, takeClaim, type Claim } from "../processes/index.js";

/** Folder of the claims, see `processes/claims.ts`. */
const NAME = "lock";

/** What the writer says of itself. */
interface Note {
  /** What it does: `ingest`. */
  work: string;
  since: string;
}

/**
 * Makes this process the only writer of the dataset at `folder`.
 * A lock whose process is dead (killed, machine restarted) is taken over.
 *
 * @returns a function that gives the lock back
 * @throws {ConfigurationError} when another process, or other work in this one, writes to the dataset
 */
export async function lockDataset(folder: string, work: string): Promise<() => Promise<void>> {
  const claims = join(folder, NAME);
  await mkdir(claims, { recursive: true });
  for (;;) {
    const mine = takeClaim<Note>(claims, { work, since: new Date().toISOString() });
    if (mine) {
      forgetEarlier(claims, mine);
      return async () => giveBack(claims, mine);
    }
    const other = latestClaim<Note>(claims);
    if (other?.holder) throw new ConfigurationError(busy(folder, claims, other.number, other.holder));
  }
}

function busy(
  folder: string,
  claims: string,
  number: number,
  { pid, host, since, work }: NonNullable<Claim<Note>["holder"]>,
): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  const stale =
    host === hostname()
      ? ""
      : ` If that machine is down, delete ${join(claims, `${number}.json`)} and start again.`;
  return `${folder} is being written by ${where} (${work}, since ${since}); wait until it ends or stop it.${stale}`;
}
