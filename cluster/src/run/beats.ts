import { basename, join } from "node:path";
import { failureOf, namesIn, serverOf, usageOf } from "figloom/stages";
import type { RunFailure, RunServer, RunUsage } from "figloom/stages";
import { parsed, readShort, replaceWhole } from "./files.js";
import type { Holder } from "./leases.js";
import type { RunFolder } from "./places.js";
import { count, countOrNull, isRecord, listOf, text, textOrNull } from "./raw.js";

const STATUSES = ["starting", "serving", "working", "leaving", "left", "gave-up"] as const;
export type WorkerStatus = (typeof STATUSES)[number];

/** What a worker says of itself, again and again, in a file of its own. */
export interface WorkerState {
  /** Names its file; no other process ever has it. */
  worker: string;
  phase: string;
  job: string;
  task: string;
  restart: number;
  host: string;
  pid: number;
  /** Milliseconds since 1970 by its own clock, for people. */
  started: number;
  /** When it got to work, its servers being up; `null` before. */
  begun: number | null;
  /** One more with each heartbeat: others see that it lives by its changing. */
  beat: number;
  /** Time of this heartbeat, milliseconds since 1970 by its own clock: for what it says of itself, never for others. */
  at: number;
  status: WorkerStatus;
  note: string | null;
  done: number;
  failed: number;
  /** Of `failed`, those that an earlier run had failed with. */
  failedBefore: number;
  reused: number;
  usage: RunUsage | null;
  servers: RunServer[];
  /** What its servers say to be: `vLLM 0.11.0`. */
  programs: string[];
  /** What it has to tell people; the newest, at most 20. */
  notices: { at: number; text: string }[];
  /** The newest, at most 20. */
  failures: RunFailure[];
  /** How many failed for which reason. */
  reasons: Record<string, number>;
  /** At work. */
  shards: ShardAtWork[];
}

export interface ShardAtWork {
  shard: string;
  lease: number;
  done: number;
  failed: number;
  failedBefore: number;
  reused: number;
  total: number;
}

/** Where a worker's heartbeats go. */
export const beatFile = (run: RunFolder, worker: string): string => join(run.workers, `${worker}.json`);

/**
 * A worker's heartbeats. A beat that cannot be written is left out, and {@link problem} says why: where that lasts, others
 * take the worker for dead, and its leases.
 */
export class Heart {
  /** What the next beat says. */
  state: WorkerState;
  /** What kept the last beat from being written. */
  problem: unknown = null;
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #beat: number;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(path: string, first: WorkerState, everyMs = 5000) {
    this.#path = path;
    this.state = first;
    this.#beat = first.beat;
    this.#timer = setInterval(() => void this.beatNow().catch(() => undefined), everyMs);
    this.#timer.unref();
  }

  /** @throws {ConfigurationError} where the disk is full or may not be written */
  beatNow(): Promise<void> {
    const next = this.#writing.catch(() => undefined).then(() => this.#write());
    return (this.#writing = next);
  }

  /** Says goodbye, so that nobody waits for it. Where that cannot be written, others wait until they take it for dead. */
  async stop(last: "left" | "gave-up"): Promise<void> {
    if (this.#stopped) return;
    clearInterval(this.#timer);
    this.state = { ...this.state, status: last };
    await this.beatNow().catch(() => undefined);
    this.#stopped = true;
  }

  async #write(): Promise<void> {
    if (this.#stopped) return;
    try {
      await replaceWhole(this.#path, JSON.stringify({ ...this.state, beat: ++this.#beat, at: Date.now() }));
      this.problem = null;
    } catch (error) {
      this.problem = error;
      throw error;
    }
  }
}

/** One look may not count for more than this share of the time that a worker may be silent. */
const SHARE = 1 / 3;

/**
 * Watches the heartbeats of a run's workers. A worker is silent for as long as this process has seen its counter stand
 * still, by its own clock, from the end of one look to the beginning of another; a long time between two looks counts
 * little, since the watcher itself may have been stopped, and the workers with it. So nobody is taken for dead before
 * the fourth look.
 */
export class Beats {
  readonly #run: RunFolder;
  readonly #staleMs: number;
  readonly #now: () => number;
  #states = new Map<string, WorkerState>();
  /** By what was seen, milliseconds of silence. */
  #silence = new Map<string, number>();
  #looked: number | null = null;

  /** @param now milliseconds of a clock that only goes forwards */
  constructor(run: RunFolder, staleMs: number, now: () => number = () => performance.now()) {
    this.#run = run;
    this.#staleMs = staleMs;
    this.#now = now;
  }

  /** Reads all heartbeats; to be called every few seconds. */
  async look(): Promise<WorkerState[]> {
    const begun = this.#now();
    const passed = this.#looked === null ? 0 : Math.max(0, begun - this.#looked);
    const counted = Math.min(passed, this.#staleMs * SHARE);
    const states = await readWorkers(this.#run, this.#states);
    this.#states = new Map(states.map((state) => [state.worker, state]));
    const current = new Set(states.map(markOf));
    for (const [mark, silence] of this.#silence)
      if (current.has(mark) || isQuestion(mark)) this.#silence.set(mark, silence + counted);
      else this.#silence.delete(mark);
    for (const mark of current) if (!this.#silence.has(mark)) this.#silence.set(mark, 0);
    this.#looked = this.#now();
    return states;
  }

  /** Whether a worker has left, or has been silent for too long, as far as this process has seen. */
  isStale(worker: string): boolean {
    const state = this.#states.get(worker);
    if (!state) return this.#wasAskedFor(worker);
    return hasLeft(state) || this.#isSilent(markOf(state));
  }

  /** The same of the very process that holds a lease. */
  isGone(holder: Holder): boolean {
    const state = this.#states.get(holder.worker);
    if (state && isSame(state, holder)) return this.isStale(holder.worker);
    const isEarlier =
      state?.job === holder.job && state.task === holder.task && state.restart > holder.restart;
    return (
      isEarlier || this.#wasAskedFor(JSON.stringify([holder.worker, holder.restart, holder.host, holder.pid]))
    );
  }

  /** Of one that has no heartbeat: the silence begins with the question. */
  #wasAskedFor(name: string): boolean {
    const mark = question(name);
    if (!this.#silence.has(mark)) this.#silence.set(mark, 0);
    return this.#isSilent(mark);
  }

  #isSilent(mark: string): boolean {
    return (this.#silence.get(mark) ?? 0) >= this.#staleMs;
  }
}

const question = (name: string): string => `? ${name}`;
const isQuestion = (mark: string): boolean => mark.startsWith("? ");
const markOf = ({ worker, restart, host, pid, started, beat }: WorkerState): string =>
  JSON.stringify([worker, restart, host, pid, started, beat]);
const isSame = (state: WorkerState, { restart, host, pid }: Holder): boolean =>
  state.restart === restart && state.host === host && state.pid === pid;

export const hasLeft = ({ status }: Pick<WorkerState, "status">): boolean =>
  status === "left" || status === "gave-up";

/**
 * The latest heartbeat of every worker that a run ever had. What is none, or half a one, is passed over.
 * @param known those that have left are not read again: no other process ever has a worker's name
 */
export async function readWorkers(
  run: RunFolder,
  known: ReadonlyMap<string, WorkerState> = new Map(),
): Promise<WorkerState[]> {
  const names = (await namesIn(run.workers)).filter((name) => /^[A-Za-z0-9][\w.-]*\.json$/.test(name));
  const states = await Promise.all(
    names.map(async (name) => {
      const worker = basename(name, ".json");
      const before = known.get(worker);
      if (before && hasLeft(before)) return before;
      return stateOf(parsed((await readShort(join(run.workers, name))) ?? ""), worker);
    }),
  );
  return states.filter((state) => state !== null);
}

function stateOf(raw: unknown, worker: string): WorkerState | null {
  if (!isRecord(raw) || raw.worker !== worker) return null;
  return {
    worker,
    phase: text(raw.phase),
    job: text(raw.job),
    task: text(raw.task),
    restart: count(raw.restart),
    host: text(raw.host),
    pid: count(raw.pid),
    started: count(raw.started),
    begun: countOrNull(raw.begun),
    beat: count(raw.beat),
    at: count(raw.at),
    status: STATUSES.find((status) => status === raw.status) ?? "working",
    note: textOrNull(raw.note),
    done: count(raw.done),
    failed: count(raw.failed),
    failedBefore: count(raw.failedBefore),
    reused: count(raw.reused),
    usage: isRecord(raw.usage) ? usageOf(raw.usage) : null,
    servers: listOf(raw.servers, serverOf),
    programs: Array.isArray(raw.programs) ? raw.programs.slice(0, 20).map(text) : [],
    notices: listOf(raw.notices, (notice) => ({ at: count(notice.at), text: text(notice.text) })),
    failures: listOf(raw.failures, failureOf),
    reasons: Object.fromEntries(
      Object.entries(isRecord(raw.reasons) ? raw.reasons : {})
        .slice(0, 200)
        .map(([reason, failed]) => [text(reason), count(failed)]),
    ),
    shards: listOf(raw.shards, (shard) => ({
      shard: text(shard.shard),
      lease: count(shard.lease),
      done: count(shard.done),
      failed: count(shard.failed),
      failedBefore: count(shard.failedBefore),
      reused: count(shard.reused),
      total: count(shard.total),
    })),
  };
}
