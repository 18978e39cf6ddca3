import { hostname } from "node:os";
import { costOf, type Prices } from "../captions/cost.js";
import type { VisionModel } from "../captions/vision-model.js";
import type { QuarantineLine } from "../model.js";
import { identify } from "../processes/index.js";
import type { Progress } from "../stages/stage.js";
import {
  foldRun,
  isEnded,
  RUN_LIMITS,
  type RunEnd,
  type RunEvent,
  type RunFailure,
  type RunHead,
  type RunPart,
  type RunState,
  type RunStatus,
  type RunUsage,
} from "../views/run.js";
import { EventLog } from "./event-log.js";
import { Gate } from "./gate.js";
import { newRunName } from "./places.js";
import { liveRuns } from "./registry.js";
import { takeRequest, type RunRequest } from "./requests.js";

type AskedModel = Pick<VisionModel, "usage" | "serverStates">;

export interface RunAbout {
  verb: string;
  title: string;
  /** `null` for work on none, of which nothing is written down. */
  dataset: string | null;
  /** The models that are asked: their servers and tokens are shown. */
  models?: readonly AskedModel[];
  prices?: Prices;
  /** The user's own way to cancel it. */
  signal: AbortSignal;
}

const TICK_MS = 1000;
/** So long nothing is written where nothing changes; whoever watches from another machine knows that it lives. */
const HEARTBEAT_MS = 30_000;
/** The longer it takes, the rarer its progress is written: a day of it is some MB. */
const INTERVAL = { shareOfAge: 1 / 600, most: 10_000 };
/** Servers are written rarer than progress. */
const SERVERS_EVERY = 5;
const NOTED_MS = 5_000;
const MOST_NOTICES = 1000;
const MOST_TEXT = 2000;

/**
 * A run that goes on in this process. Notes what happens to it, tells whoever listens once a second and at every change
 * of its status, writes it to the dataset, and lets itself be paused and cancelled, also by other processes.
 */
export class LiveRun {
  /** Aborted when it is cancelled, by the user's signal or by {@link cancel}. */
  readonly signal: AbortSignal;
  readonly gate = new Gate(() => this.#rests());
  readonly #cancel = new AbortController();
  readonly #about: RunAbout;
  readonly #log: EventLog | null;
  readonly #listeners = new Set<(events: RunEvent[]) => void>();
  readonly #ticks = new Set<() => void>();
  readonly #usedBefore: Pick<RunUsage, "prompt_tokens" | "completion_tokens">;
  readonly #reasons = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #state: RunState;
  #parts = 0;
  #progress: Progress | null = null;
  /** Whether there is progress that nobody was told of. */
  #changed = false;
  /** Whether there is some that was told, and not written. */
  #unwritten = false;
  #notices = 0;
  #isNoted = false;
  /** Milliseconds that the present part was paused, and since when it is now. */
  #paused = 0;
  #pausedSince: number | null = null;
  #writtenAt = 0;
  #serversWrittenAt = 0;

  constructor(about: RunAbout) {
    const at = Date.now();
    this.#about = about;
    this.signal = AbortSignal.any([about.signal, this.#cancel.signal]);
    const own = identify(process.pid);
    const head: RunHead = {
      ...{ run: newRunName(about.verb, new Date(at)), dataset: about.dataset },
      ...{ verb: about.verb, title: about.title, host: hostname(), pid: process.pid },
      process: own ? { boot: own.boot, started: own.started } : null,
    };
    this.#log = about.dataset === null ? null : new EventLog(about.dataset, head.run);
    const start: RunEvent = { at, event: "start", ...head };
    this.#state = foldRun(null, start)!;
    this.#log?.write(start);
    this.#usedBefore = this.#tokens();
    this.signal.addEventListener("abort", this.#cancelling, { once: true });
    if (this.signal.aborted) this.#cancelling();
    // It keeps the process alive: while it is paused nothing else may.
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    liveRuns.set(head.run, this);
  }

  /** As those who watch know it: its figures are up to a second old. */
  get state(): RunState {
    return this.#state;
  }

  /** As it is now; tells those who watch. */
  settle(): RunState {
    if (this.#changed || this.#unwritten) this.#tellProgress(true);
    return this.#state;
  }

  /** Whether anybody is told of events. */
  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Tells of events, some at a time. @returns ends it */
  listen(listener: (events: RunEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called once a second, and when its status has changed. @returns ends it */
  onTick(listener: () => void): () => void {
    this.#ticks.add(listener);
    return () => this.#ticks.delete(listener);
  }

  /** Costs next to nothing: to be called after every item. */
  report(progress: Progress): void {
    const last = this.#progress;
    if (!last || last.stage !== progress.stage || progress.seconds < last.seconds) this.#begin(progress);
    this.#progress = progress;
    this.#changed = true;
    if (this.#state.status === "starting") this.#become("running");
  }

  fail({ item, file, reason, message, way_out }: QuarantineLine): void {
    const known = this.#reasons.has(reason) || this.#reasons.size < RUN_LIMITS.reasons;
    const kind = known ? reason : "others";
    const count = (this.#reasons.get(kind) ?? 0) + 1;
    this.#reasons.set(kind, count);
    this.#changed = true;
    const failure: RunFailure = { item, file, reason: kind, message, way_out };
    if (count <= RUN_LIMITS.samples) this.#tell({ event: "failure", failure: shortened(failure) });
  }

  say(text: string): void {
    if (++this.#notices <= MOST_NOTICES) this.#tell({ event: "notice", text: text.slice(0, MOST_TEXT) });
  }

  /** @returns whether it can be done */
  ask(request: RunRequest): boolean {
    const { status } = this.#state;
    if (isEnded(this.#state) || status === "cancelling") return false;
    if (request === "cancel") this.#cancel.abort(new DOMException("Cancelled", "AbortError"));
    else if (request === "pause") this.#pause();
    else this.#resume();
    return true;
  }

  /**
   * To be called once when the work has ended.
   * @param options.trace `false` where it found nothing to do: then nothing of it stays
   */
  async end(status: Exclude<RunEnd, "lost">, message: string, { trace = true } = {}): Promise<void> {
    clearInterval(this.#timer);
    this.signal.removeEventListener("abort", this.#cancelling);
    this.settle();
    this.#tell({ event: "end", status, message: message.slice(0, MOST_TEXT) });
    liveRuns.delete(this.#state.run);
    if (trace || this.#isNoted) await this.#log?.close();
  }

  #pause(): void {
    if (this.gate.closed()) return;
    this.gate.shut();
    this.#pausedSince = performance.now();
    this.#tellProgress(true);
    this.#become(this.gate.isEmpty ? "paused" : "pausing");
  }

  #rests(): void {
    if (this.#state.status !== "pausing") return;
    this.#tellProgress(true);
    this.#become("paused");
  }

  #resume(): void {
    if (!this.gate.closed()) return;
    this.#paused += this.#pausedFor();
    this.#pausedSince = null;
    this.gate.open();
    this.#become(this.#progress ? "running" : "starting");
  }

  readonly #cancelling = (): void => this.#become("cancelling");

  #become(status: Exclude<RunStatus, RunEnd>): void {
    this.#tell({ event: "status", status });
    for (const listener of this.#ticks) listener();
    this.#flush();
  }

  /** Another part of the work begins. */
  #begin({ seconds }: Progress): void {
    if (this.#progress) this.#tellProgress(true);
    this.#parts++;
    this.#paused = 0;
    if (this.#pausedSince !== null) this.#pausedSince = performance.now() - 1000 * seconds;
  }

  #pausedFor(): number {
    return this.#pausedSince === null ? 0 : performance.now() - this.#pausedSince;
  }

  #tick(): void {
    if (this.#changed || Date.now() - this.#state.heard >= HEARTBEAT_MS) this.#tellProgress(false);
    this.#tellServers();
    for (const listener of this.#ticks) listener();
    this.#flush();
    const { dataset, run } = this.#state;
    if (dataset !== null)
      void takeRequest(dataset, run).then((request) => request !== null && this.ask(request));
  }

  /** @param all whether it is to be written in any case */
  #tellProgress(all: boolean): void {
    if (!this.#progress) return;
    this.#changed = false;
    const isDue = all || Date.now() - this.#writtenAt >= this.#interval();
    if (isDue) this.#writtenAt = Date.now();
    this.#unwritten = !isDue;
    this.#tell(
      {
        event: "progress",
        index: this.#parts - 1,
        part: this.#part(this.#progress),
        note: this.#progress.note?.slice(0, MOST_TEXT) ?? null,
        usage: this.#usage(),
        reasons: Object.fromEntries(this.#reasons),
      },
      isDue,
    );
  }

  /** Written down is what does something, or takes a while: notebooks are full of calls that find everything done. */
  #flush(): void {
    const { done = 0, failed = 0, failedBefore = 0 } = this.#progress ?? {};
    const does = done + failed - failedBefore > 0 || this.gate.closed() !== null;
    this.#isNoted ||= does || Date.now() - this.#state.started >= NOTED_MS;
    if (this.#isNoted) void this.#log?.flush();
  }

  #tellServers(): void {
    const servers = (this.#about.models ?? []).flatMap((model) => model.serverStates ?? []);
    if (servers.length === 0) return;
    const isDue = Date.now() - this.#serversWrittenAt >= SERVERS_EVERY * this.#interval();
    if (isDue) this.#serversWrittenAt = Date.now();
    const said = servers.map(({ endpoint, health, inFlight, running, waiting, cacheUsage, perSecond }) => ({
      ...{ name: endpoint, health, inFlight, running, waiting },
      cacheUsage: cacheUsage === null ? null : Number(cacheUsage.toFixed(3)),
      perSecond: Number(perSecond.toFixed(3)),
    }));
    this.#tell({ event: "servers", servers: said }, isDue);
  }

  #interval(): number {
    const age = Date.now() - this.#state.started;
    return Math.min(INTERVAL.most, Math.max(TICK_MS, age * INTERVAL.shareOfAge)) - TICK_MS / 2;
  }

  #part({ stage, done, failed, failedBefore = 0, reused, total, seconds, basis }: Progress): RunPart {
    const paused = (this.#paused + this.#pausedFor()) / 1000;
    const active = Number(Math.max(0, seconds - paused).toFixed(2));
    const part = { stage, done, failed, failedBefore, reused, total, seconds: active };
    if (!basis) return part;
    const { units, ...by } = basis;
    return { ...part, rate: { ...by, unitSeconds: Number((units * active).toFixed(2)), startup: 0 } };
  }

  #usage(): RunUsage | null {
    if (!this.#about.models?.length) return null;
    const now = this.#tokens();
    const used = {
      prompt_tokens: now.prompt_tokens - this.#usedBefore.prompt_tokens,
      completion_tokens: now.completion_tokens - this.#usedBefore.completion_tokens,
    };
    const seconds = (Date.now() - this.#state.started) / 1000;
    return { ...used, cost: costOf({ ...used, seconds }, this.#about.prices ?? {}) };
  }

  #tokens(): Pick<RunUsage, "prompt_tokens" | "completion_tokens"> {
    const models = this.#about.models ?? [];
    return {
      prompt_tokens: models.reduce((sum, { usage }) => sum + usage.prompt_tokens, 0),
      completion_tokens: models.reduce((sum, { usage }) => sum + usage.completion_tokens, 0),
    };
  }

  #tell(what: Untimed<RunEvent>, write = true): void {
    const event = { at: Date.now(), ...what } as RunEvent;
    this.#state = foldRun(this.#state, event)!;
    if (write) this.#log?.write(event);
    for (const listener of this.#listeners) listener([event]);
  }
}

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function shortened(failure: RunFailure): RunFailure {
  const entries = Object.entries(failure).map(([name, text]) => [name, (text as string).slice(0, MOST_TEXT)]);
  return Object.fromEntries(entries) as unknown as RunFailure;
}
