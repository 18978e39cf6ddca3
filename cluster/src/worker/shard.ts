import { ConfigurationError, ItemError } from "figloom/errors";
import { runStage, type Reader, type Shard, type StageWork } from "figloom/stages";
import { Attempt } from "../run/attempts.js";
import { commitShard, sealShard, type ShardCounts } from "../run/commit.js";
import { LeaseLost, releaseLease, type Lease } from "../run/leases.js";
import type { RunFolder } from "../run/places.js";
import type { RunLimits } from "../run/plan.js";
import type { Departure } from "./departure.js";
import type { Figures } from "./figures.js";
import type { Floor } from "./floor.js";
import { trialOf } from "./trial.js";

/** What a worker needs for any shard of its phase. */
export interface Bench {
  run: RunFolder;
  phase: string;
  work: StageWork;
  limits: Pick<RunLimits, "deaths">;
  departure: Departure;
  floor: Floor;
  figures: Figures;
  /** Whether no item may be begun: nobody is there to be asked yet. */
  asksNobody: boolean;
  /** Identity of the work that a subject of the quarantine failed with last. */
  failedWith(subject: string): string | null;
  reader(): Promise<Reader>;
}

/** `lost`: another has taken the shard over. `left`: it goes on with whoever takes it next. */
export type ShardEnd = "done" | "given up" | "lost" | "left";

/**
 * Does what is left of a shard, and commits it.
 * @param lost aborted when the lease is seen to be another's
 * @param lastBegun called when the last of its items was begun
 * @throws what no other shard would fare better with ({@link ConfigurationError}), and what is unexpected; the attempt
 *   then counts as one that died
 */
export async function workOnShard(
  bench: Bench,
  { shard, lease }: { shard: Shard; lease: Lease },
  { lost, lastBegun }: { lost: AbortSignal; lastBegun: () => void },
): Promise<ShardEnd> {
  const attempt = await Attempt.open<unknown>(bench.run, bench.phase, shard.id, lease).catch(nullIfLost);
  if (attempt === null) return "lost";
  const work = new ShardWork(bench, shard, attempt, lost);
  let end: ShardEnd;
  try {
    end = await work.run(lastBegun);
  } catch (error) {
    if (!(error instanceof LeaseLost)) {
      // Only what cannot be explained casts suspicion on what was at work.
      if (error instanceof ConfigurationError) await attempt.leave();
      await releaseLease(lease).catch(() => undefined);
      throw error;
    }
    end = "lost";
  }
  if (end === "lost" || end === "left") await attempt.leave();
  if (end === "left") await releaseLease(lease);
  if (end !== "left") bench.figures.close(shard.id);
  return end;
}

/** Another was quicker than this one's first look. */
function nullIfLost(error: unknown): null {
  if (error instanceof LeaseLost) return null;
  throw error;
}

/** Whether the dataset lacks anything of a shard. Reads up to the first that it lacks. */
export async function needsWork({ work, reader, failedWith }: Bench, { range }: Shard): Promise<boolean> {
  for await (const item of work.items(await reader(), range))
    if (work.isDone(item, failedWith(work.subject(item))) === null) return true;
  return false;
}

/** One attempt at a shard. */
class ShardWork {
  readonly #started = performance.now();
  /** What is not in the attempt's files: it needed no work. */
  readonly #passed = { reused: 0, failedBefore: 0 };
  /** Results with an entry that were made before the run, in a trial for example. */
  #tried = 0;
  /** Items that end by being refused: they kill whoever works on them. */
  #convicted: ReadonlySet<string> = new Set();

  constructor(
    private readonly bench: Bench,
    private readonly shard: Shard,
    private readonly attempt: Attempt<unknown>,
    private readonly lost: AbortSignal,
  ) {}

  async run(lastBegun: () => void): Promise<ShardEnd> {
    const { bench, shard, attempt } = this;
    const { ended, deaths } = attempt.before;
    const failed = [...ended.values()].filter((end) => end === "failed").length;
    bench.figures.open({
      ...{ shard: shard.id, lease: attempt.lease.number, total: shard.items },
      ...{ done: ended.size - failed, failed, failedBefore: 0, reused: 0 },
    });
    const trial = trialOf(attempt.before, bench.work.concurrency, bench.limits.deaths);
    if (trial.giveUp !== null) return this.#giveUp(trial.giveUp);
    this.#convicted = trial.convicted;
    const isTried = (item: string) => trial.suspects.has(item) || trial.convicted.has(item);
    if (deaths > 0 && trial.suspects.size + trial.convicted.size > 0) {
      const end = await bench.floor.alone(() => this.#pass(isTried, { concurrency: trial.width }));
      if (end === "interrupted") return this.#interrupted();
    }
    const end = await this.#pass((item) => !isTried(item), {
      ...{ concurrency: bench.work.concurrency, gate: bench.floor, lastBegun },
    });
    return end === "interrupted" ? this.#interrupted() : this.#commit(null);
  }

  /** What was done of it counts, and what the dataset has; the rest is left for another run. */
  async #giveUp(why: string): Promise<ShardEnd> {
    const { work, reader, failedWith } = this.bench;
    for await (const item of work.items(await reader(), this.shard.range)) {
      if (this.attempt.isEnded(work.stage.key(item))) continue;
      const before = work.isDone(item, failedWith(work.subject(item)));
      if (before !== null) this.#passed[before === "done" ? "reused" : "failedBefore"]++;
    }
    return this.#commit(why);
  }

  #interrupted(): ShardEnd {
    return this.lost.aborted ? "lost" : "left";
  }

  /** Works on those of the shard's items that have not ended. */
  async #pass(
    isWanted: (item: string) => boolean,
    { concurrency, gate, lastBegun }: { concurrency: number; gate?: Floor; lastBegun?: () => void },
  ): Promise<"ended" | "interrupted"> {
    const { bench, attempt, shard, lost } = this;
    const { work, figures, departure } = bench;
    const { stage } = work;
    const signal = AbortSignal.any([departure.now, lost]);
    const reader = await bench.reader();
    async function* items(): AsyncGenerator<unknown> {
      for await (const item of work.items(reader, shard.range)) {
        const key = stage.key(item);
        if (isWanted(key) && !attempt.isEnded(key)) yield item;
      }
      lastBegun?.();
    }
    const end = await runStage<unknown, unknown>(
      {
        ...stage,
        key: (item) => stage.key(item),
        run: (item, context) => {
          const key = stage.key(item);
          if (this.#convicted.has(key)) throw killer();
          attempt.begin(key);
          return stage.run(item, context);
        },
      },
      items(),
      {
        ...{ concurrency, signal, ...(gate && { gate }) },
        file: (item) => work.file(item),
        isDone: (item) => {
          const before = work.isDone(item, bench.failedWith(work.subject(item)));
          if (before === null) return null;
          const ending = before === "done" ? "reused" : "failedBefore";
          this.#passed[ending]++;
          figures.count(shard.id, ending);
          return before;
        },
        admit: () => (departure.soon.aborted || lost.aborted || bench.asksNobody ? "not now" : null),
        keep: async (item, result) => {
          const { entry, settled, reused } = work.outcome(item, result);
          await attempt.keep(stage.key(item), entry, settled);
          if (reused && entry !== null) this.#tried++;
          figures.count(shard.id, reused ? "reused" : "done");
          return !reused;
        },
        refuse: async (item, line, error) => {
          await attempt.refuse(stage.key(item), work.failure(item, line, error));
          figures.count(shard.id, "failed");
          figures.fail(line);
        },
      },
    );
    return end.stopped !== undefined || signal.aborted ? "interrupted" : "ended";
  }

  async #commit(givenUp: string | null): Promise<ShardEnd> {
    const sealed = await sealShard(this.attempt, await this.#counts(givenUp));
    if ((await commitShard(this.attempt, sealed)) === "lost") return "lost";
    return givenUp === null ? "done" : "given up";
  }

  /** Counted from what stands on the disk. */
  async #counts(givenUp: string | null): Promise<ShardCounts> {
    const counts = { done: 0, failed: this.#passed.failedBefore, reused: this.#passed.reused };
    const reasons: Record<string, number> = {};
    for await (const { entry, failed, settled } of this.attempt.outcomes()) {
      counts[failed ? "failed" : entry === null ? "reused" : "done"]++;
      if (!failed) continue;
      const reason = settled.flatMap(({ lines }) => lines)[0]?.reason ?? "unknown";
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    counts.done -= this.#tried;
    counts.reused += this.#tried;
    return {
      ...counts,
      failedBefore: this.#passed.failedBefore,
      total: this.shard.items,
      seconds: Number(((performance.now() - this.#started) / 1000).toFixed(2)),
      usage: null,
      reasons,
      givenUp,
    };
  }
}

const killer = (): ItemError =>
  new ItemError({
    reason: "killed-its-worker",
    message: "Each time that it was worked on alone the worker died: killed for its memory, or crashed.",
    wayOut:
      "Look at its picture and its text; the worker's log may say more. To try it again, retry what failed.",
  });
