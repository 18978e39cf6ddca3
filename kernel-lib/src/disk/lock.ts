import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "../errors.js";
import {
  forgetEarlier,
  giveBack,
  latestClaim,
  liveness,
  stands,
  takeClaim,
  type Claim,
} from "../processes/index.js";
import { giveBeats, lastBeat, silenceOf } from "./lock-beats.js";

/** Folder of the claims, see `processes/claims.ts`. */
const NAME = "lock";

/** What the writer says of itself. */
interface Note {
  /** What it does: `ingest`. */
  work: string;
  since: string;
}

/** The right to write to a dataset, alone. */
export interface DatasetLock {
  /**
   * Makes sure that it was not taken over, as it is from a process that was taken for dead. Whoever takes over has not looked at the
   * dataset before it fails: what was on the disk when it succeeded will be seen.
   * @throws {ConfigurationError}
   */
  check(): void;
  release(): Promise<void>;
}

export interface LockTimes {
  /** Milliseconds between two signs of life. */
  beatMs: number;
  /** Milliseconds of silence, as whoever asks observes them, after which a holder on another machine counts as dead. */
  staleMs: number;
}

const TIMES: LockTimes = { beatMs: 5_000, staleMs: 60_000 };

/** How often a silent holder is looked at. */
const LOOK_MS = 1_000;

/**
 * Makes this process the only writer of the dataset at `folder`.
 * A lock whose process is dead (killed, machine restarted) is taken over at once; one of another machine when that has given no
 * sign of life for a minute, for which this waits.
 *
 * @throws {ConfigurationError} when another process, or other work in this one, writes to the dataset
 */
export async function lockDataset(
  folder: string,
  work: string,
  { signal, times = TIMES }: { signal?: AbortSignal | undefined; times?: LockTimes } = {},
): Promise<DatasetLock> {
  const claims = join(folder, NAME);
  let atFirst: string | undefined;
  for (;;) {
    const mine = await tryLock(folder, work, times);
    if (mine) return mine;
    const other = latestClaim<Note>(claims);
    if (!other?.holder) continue;
    const { number, holder } = other;
    const heard = `${number} ${lastBeat(claims, number)}`;
    atFirst ??= heard;
    if (liveness(holder) !== "elsewhere" || heard !== atFirst)
      throw new ConfigurationError(busy(folder, holder));
    await sleep(Math.min(LOOK_MS, times.staleMs / 4), undefined, { signal });
  }
}

/** As {@link lockDataset}, but at once: `null` where another holds it. Who asks again and again takes over from the silent. */
export async function tryLock(
  folder: string,
  work: string,
  { beatMs, staleMs }: LockTimes = TIMES,
): Promise<DatasetLock | null> {
  const claims = join(folder, NAME);
  await mkdir(claims, { recursive: true });
  const mine = takeClaim<Note>(claims, { work, since: new Date().toISOString() }, silentIn(claims, staleMs));
  if (!mine) return null;
  forgetEarlier(claims, mine);
  const end = await giveBeats(claims, mine.number, beatMs);
  return {
    check() {
      if (!stands(claims, mine)) throw new ConfigurationError(lost(folder));
    },
    release() {
      end();
      giveBack(claims, mine);
      return Promise.resolve();
    },
  };
}

/** The claim of another machine that has given no sign of life for long. */
function silentIn(claims: string, staleMs: number): number | undefined {
  const latest = latestClaim(claims);
  if (!latest?.holder || liveness(latest.holder) !== "elsewhere") return undefined;
  return silenceOf(claims, latest.number) >= staleMs ? latest.number : undefined;
}

function busy(folder: string, { pid, host, since, work }: NonNullable<Claim<Note>["holder"]>): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  return `${folder} is being written by ${where} (${work}, since ${since}); wait until it ends or stop it.`;
}

const lost = (folder: string): string =>
  `${folder} was taken over by another writer, to whom this process seemed dead: it gave no sign of life for too long. ` +
  `What was done before is kept; start the same again to go on.`;
