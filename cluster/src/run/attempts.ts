import { closeSync, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "figloom/errors";
import { diskProblem, JsonlWriter, LINE_LIMIT, linesOf, type Settled } from "figloom/stages";
import { makeFolder, parsed, syncFolder } from "./files.js";
import { holdsLease, LeaseLost, lossOr, type Lease } from "./leases.js";
import type { PhaseFolder, RunFolder } from "./places.js";
import { isRecord } from "./raw.js";

/** How an item ended: with a result (`entry` is `null` where the dataset had it already), or `failed`. */
export interface Outcome<Entry> {
  item: string;
  entry: Entry | null;
  settled: Settled[];
  failed: boolean;
}

/** An item that was at work when an attempt died, and has not ended since. */
export interface Suspect {
  item: string;
  /** Attempts that died with it at work. */
  deaths: number;
  /** Of these, those that had nothing else at work. */
  alone: number;
}

/** What earlier attempts at a shard left. */
export interface Before {
  /** How each item that has ended did. Nothing of it is done again. */
  ended: ReadonlyMap<string, "done" | "failed">;
  /** Attempts that did not leave by themselves: killed, crashed, silent for too long. */
  deaths: number;
  /** Those that died alone most often first, then those that died most often. */
  suspects: Suspect[];
}

/**
 * One try at a shard, by the holder of a lease; writes files of its own, named by the lease's number:
 *
 * ```
 * <n>.jsonl         outcomes, on the disk before they count
 * <n>.begun.jsonl   items as they are begun; there until the attempt has left, so that what is there of others tells of deaths
 * ```
 */
export class Attempt<Entry> {
  /** Of each item that has ended, in this attempt or before, the attempt that it ended in. */
  readonly #endedIn: Map<string, number>;
  readonly #writer: JsonlWriter;
  #begun: number | null;
  #check: Promise<void> | null = null;
  #nextCheck: Promise<void> | null = null;

  private constructor(
    readonly phase: PhaseFolder,
    readonly shard: string,
    readonly lease: Lease,
    readonly before: Before,
    endedIn: Map<string, number>,
    files: { writer: JsonlWriter; begun: number },
  ) {
    this.#endedIn = endedIn;
    this.#writer = files.writer;
    this.#begun = files.begun;
  }

  /**
   * Reads what earlier attempts left; costs as much as reading their results.
   * @throws {LeaseLost} when another has taken over
   * @throws {ConfigurationError} where the disk is full or may not be written
   */
  static async open<Entry>(
    run: RunFolder,
    phase: string,
    shard: string,
    lease: Lease,
  ): Promise<Attempt<Entry>> {
    const place = run.phase(phase);
    const folder = join(place.attempts, shard);
    await makeFolder(folder);
    const begun = await makeBegunFile(folder, lease, shard);
    let writer: JsonlWriter | null = null;
    try {
      writer = await JsonlWriter.open(outcomeFile(folder, lease.number));
      await syncFolder(folder);
      await syncFolder(place.attempts);
      const { before, endedIn } = await lookBack(folder, lease.number);
      const attempt = new Attempt<Entry>(place, shard, lease, before, endedIn, { writer, begun });
      await attempt.#stillHeld();
      return attempt;
    } catch (error) {
      closeSync(begun);
      await writer?.close().catch(() => undefined);
      for (const file of [begunFile, outcomeFile]) await rm(file(folder, lease.number), { force: true });
      throw await lossOr(lease, diskProblem(folder, error));
    }
  }

  /** To be called just before an item is worked on: whoever comes after a death knows what was at work. */
  begin(item: string): void {
    if (this.#begun === null) return;
    try {
      writeSync(this.#begun, `${JSON.stringify(item)}\n`);
    } catch (error) {
      throw diskProblem(this.#folder, error);
    }
  }

  /**
   * Resolves when the item's result is on the disk, and this attempt was still the one that counts by then: whoever comes
   * next takes it over. Results that come at the same time share a flush.
   * @throws {LeaseLost} when another has taken over; what was kept counts only if it saw it
   * @throws {ConfigurationError} where the disk is full
   * @throws {ItemError} `result-too-large`
   */
  keep(item: string, entry: Entry | null, settled: Settled[]): Promise<void> {
    return this.#append({ item, entry, settled, failed: false });
  }

  /** The same for an item that failed for good, or was found to be the one that kills its workers. */
  refuse(item: string, settled: Settled[]): Promise<void> {
    return this.#append({ item, entry: null, settled, failed: true });
  }

  /** How an item has ended, here or before; `null` where it has not. */
  isEnded(item: string): boolean {
    return this.#endedIn.has(item);
  }

  /**
   * All that has ended, here and before, each item once. Streams.
   * @throws {LeaseLost} when another has committed the shard and removed what attempts left
   */
  async *outcomes(): AsyncGenerator<Outcome<Entry>> {
    const left = new Map(this.#endedIn);
    for (const number of [...new Set(left.values())].sort((a, b) => a - b))
      for await (const outcome of outcomesIn<Entry>(outcomeFile(this.#folder, number))) {
        if (left.get(outcome.item) !== number) continue;
        left.delete(outcome.item);
        yield outcome;
      }
    const [missing] = left;
    if (!missing) return;
    const gone = `${outcomeFile(this.#folder, missing[1])} has no ${missing[0]} any more: it was removed.`;
    throw await lossOr(this.lease, new Error(gone));
  }

  /**
   * Ends the attempt by its own will: what it began and did not end is under no suspicion. Needs no room on the disk, and
   * may be called after anything.
   */
  async leave(): Promise<void> {
    if (this.#begun === null) return;
    closeSync(this.#begun);
    this.#begun = null;
    await this.#writer.close().catch(() => undefined);
    await rm(begunFile(this.#folder, this.lease.number), { force: true });
  }

  get #folder(): string {
    return join(this.phase.attempts, this.shard);
  }

  async #append(outcome: Outcome<Entry>): Promise<void> {
    if (this.#begun === null) throw new Error(`The attempt at shard ${this.shard} has left.`);
    try {
      await this.#writer.append(outcome);
    } catch (error) {
      throw await lossOr(this.lease, diskProblem(this.#folder, error));
    }
    await this.#stillHeld();
    if (!this.#endedIn.has(outcome.item)) this.#endedIn.set(outcome.item, this.lease.number);
  }

  /** Resolves after a look that begins after this call; those that wait share one. */
  #stillHeld(): Promise<void> {
    const look = async (): Promise<void> => {
      if (!(await holdsLease(this.lease))) throw new LeaseLost(this.lease);
    };
    if (!this.#check) {
      this.#check = look().finally(() => (this.#check = null));
      return this.#check;
    }
    return (this.#nextCheck ??= this.#check
      .catch(() => undefined)
      .then(() => {
        this.#nextCheck = null;
        return this.#stillHeld();
      }));
  }
}

const outcomeFile = (folder: string, number: number): string => join(folder, `${number}.jsonl`);
const begunFile = (folder: string, number: number): string => join(folder, `${number}.begun.jsonl`);

async function makeBegunFile(folder: string, lease: Lease, shard: string): Promise<number> {
  try {
    return openSync(begunFile(folder, lease.number), "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw await lossOr(lease, diskProblem(folder, error));
    throw new ConfigurationError(
      `There was an attempt ${lease.number} at shard ${shard} before, see ${folder}: its leases were removed by hand; ` +
        `remove its attempts, too.`,
      { cause: error },
    );
  }
}

/** Earlier attempts than the one given. */
async function lookBack(
  folder: string,
  own: number,
): Promise<{ before: Before; endedIn: Map<string, number> }> {
  const ended = new Map<string, "done" | "failed">();
  const endedIn = new Map<string, number>();
  const suspects = new Map<string, Suspect>();
  let deaths = 0;
  for (let number = 1; number < own; number++)
    for await (const { item, failed } of outcomesIn(outcomeFile(folder, number))) {
      // Of what two have written the later counts: had the earlier one been told that it is kept, the later had seen it.
      ended.set(item, failed ? "failed" : "done");
      endedIn.set(item, number);
    }
  for (let number = 1; number < own; number++) {
    const begun = await begunIn(begunFile(folder, number));
    if (!begun) continue;
    deaths++;
    const atWork = [...begun].filter((item) => !((endedIn.get(item) ?? Infinity) <= number));
    for (const item of atWork.filter((item) => !ended.has(item))) {
      const known = suspects.get(item) ?? { item, deaths: 0, alone: 0 };
      suspects.set(item, {
        item,
        deaths: known.deaths + 1,
        alone: known.alone + (atWork.length === 1 ? 1 : 0),
      });
    }
  }
  const order = [...suspects.values()].sort((a, b) => b.alone - a.alone || b.deaths - a.deaths);
  return { before: { ended, deaths, suspects: order }, endedIn };
}

/** Whole lines of an attempt's outcomes; what is none is passed over, so that its item is done again. */
async function* outcomesIn<Entry>(path: string): AsyncGenerator<Outcome<Entry>> {
  for await (const raw of valuesIn(path))
    if (isRecord(raw) && typeof raw.item === "string" && Array.isArray(raw.settled) && "entry" in raw)
      yield raw as unknown as Outcome<Entry>;
}

/** `null` for an attempt that has left. */
async function begunIn(path: string): Promise<Set<string> | null> {
  const items = new Set<string>();
  try {
    for await (const { bytes, whole } of linesOf(path, LINE_LIMIT)) {
      const item = whole ? parsed(bytes.toString()) : undefined;
      if (typeof item === "string") items.add(item);
    }
    return items;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function* valuesIn(path: string): AsyncGenerator<unknown> {
  try {
    for await (const { bytes, whole } of linesOf(path, LINE_LIMIT)) if (whole) yield parsed(bytes.toString());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
