import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError, errorText } from "figloom/errors";
import type { Shard } from "figloom/stages";
import { Coordinator } from "../coordinator/coordinator.js";
import { Beats, type WorkerState } from "../run/beats.js";
import { readControl, readStop, stopRun } from "../run/control.js";
import { DoneShards } from "../run/done.js";
import { isFinished } from "../run/finish.js";
import { holdsLease, type Holder, type Lease } from "../run/leases.js";
import type { RunFolder } from "../run/places.js";
import { readPlan } from "../run/plan-file.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { ShardBoard, type Taken } from "./board.js";
import { checkNode, hopelessness } from "./checks.js";
import { reasonText, type Departure } from "./departure.js";
import { Floor } from "./floor.js";
import type { Identity } from "./identity.js";
import { workThrough } from "./loop.js";
import { Materials, type MakeWork } from "./materials.js";
import { Presence } from "./presence.js";
import { Pulse } from "./pulse.js";
import { openModel } from "./serving.js";
import { needsWork, workOnShard, type Bench, type ShardEnd } from "./shard.js";
import { Ticker } from "./ticker.js";

export interface WorkerOptions {
  run: RunFolder;
  plan: RunPlan;
  phase: PhasePlan;
  identity: Identity;
  departure: Departure;
  makeWork?: MakeWork;
}

/** Shards in a row that end by an unexpected error before the worker takes it to be its own fault. */
const MOST_BROKEN = 3;
/** Every so often that it looks at what people want a worker looks at all others, too: among many that is much to read. */
const LOOKS_EVERY = 2;
/** Between two looks for a plan that another makes. */
const PLAN_MS = 100;

/** One worker of a run's phase, from its start to its leaving. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #materials: Materials;
  readonly #beatMs: number;
  readonly #beats: Beats;
  readonly #pulse: Pulse;
  readonly #floor = new Floor();
  /** Leases of shards at work; aborted where they are another's. */
  readonly #leases = new Map<Lease, AbortController>();
  readonly #coordinator: Coordinator;
  #presence!: Presence;
  #duties: Ticker | null = null;
  #broken = 0;
  #watched = 0;
  #looking: Promise<WorkerState[]> | null = null;

  constructor(options: WorkerOptions) {
    const { run, plan, phase, makeWork } = options;
    this.#options = options;
    this.#materials = new Materials(plan.dataset, makeWork);
    this.#beatMs = plan.limits.beatSeconds * 1000;
    this.#beats = new Beats(run, plan.limits.staleSeconds * 1000);
    this.#pulse = new Pulse(3 * this.#beatMs);
    this.#coordinator = this.#coordinatorOf(phase);
  }

  /**
   * Works until nothing is left for it, or it has to leave; says goodbye in every case.
   * @throws {ConfigurationError} where its heartbeat cannot be written
   */
  async run(): Promise<void> {
    const { run, phase, identity, departure } = this.#options;
    this.#presence = await Presence.begin(run, phase.id, identity, this.#beatMs);
    const watch = new Ticker(() => this.#watch(), this.#beatMs / 2);
    try {
      await this.#work();
    } catch (error) {
      await this.#stopFor(error);
    }
    if (!departure.reason) departure.leave({ why: "nothing left" });
    await this.#duties?.stop();
    await this.#leave();
    await watch.stop();
    const { why } = departure.reason!;
    await this.#presence.end(why === "gave up" ? "gave-up" : "left", reasonText(departure.reason!));
    departure.close();
  }

  async #work(): Promise<void> {
    const { run, plan, phase, identity, departure } = this.#options;
    await this.#watch();
    if (departure.soon.aborted) return;
    checkNode(plan, identity.host);
    const hopeless = hopelessness(identity, await this.#look(), plan.limits.restarts);
    if (hopeless !== null) return this.#giveUp(hopeless);
    // What is to be done here is in what those before have made.
    if (!(await this.#areEarlierFinished())) return;
    this.#duties = new Ticker(() => this.#doDuties(), this.#beatMs);
    const shards = await this.#planned(this.#duties);
    if (!shards || this.#coordinator.isFinished) return;
    const done = new DoneShards(run.phase(phase.id));
    await done.look();
    if (done.all.size >= shards.length) return;
    const board = new ShardBoard({
      ...{ phase: run.phase(phase.id), shards, self: () => this.#holder(), beats: this.#beats },
      ...{ pulse: this.#pulse, done, from: placeOf(identity.task, phase.workers) },
    });
    if (!(await this.#areServersNeeded(board))) return;
    const bench = await this.#openBench();
    this.#presence.say("working", null);
    await this.#workThrough(board, bench, departure);
  }

  #workThrough(
    board: ShardBoard,
    bench: Bench,
    departure: Pick<Departure, "soon">,
    next: () => Promise<Taken | null> = () => board.next(),
  ): Promise<void> {
    return workThrough({
      ...{ departure, idleMs: Math.min(1000, this.#beatMs / 2) },
      board: { next, outlook: () => board.outlook() },
      workOn: (taken, lastBegun) => this.#workOn(bench, board, taken, lastBegun),
    });
  }

  /**
   * Servers take minutes to start, so shards of which the dataset has everything are done without. Returns when one needs
   * more, or none is left.
   */
  async #areServersNeeded(board: ShardBoard): Promise<boolean> {
    const { phase, departure } = this.#options;
    if (!phase.serving || "endpoints" in phase.serving) return true;
    const bench = { ...(await this.#benchWith(await this.#materials.planning(phase))), asksNobody: true };
    const needed = new AbortController();
    const soon = AbortSignal.any([departure.soon, needed.signal]);
    await this.#workThrough(board, bench, { soon }, async () => {
      const shard = board.peek();
      if (!shard || !(await needsWork(bench, shard))) return board.next();
      needed.abort();
      return null;
    });
    return needed.signal.aborted;
  }

  /** Servers, model and work. */
  async #openBench(): Promise<Bench> {
    const { run, plan, phase, identity, departure } = this.#options;
    if (phase.serving && !("endpoints" in phase.serving))
      this.#presence.say("serving", "its servers are starting");
    const asked = await openModel({
      ...{ run, plan, phase, worker: identity.worker, signal: departure.soon },
      onState: (servers) => this.#presence.showServers(servers),
      onNotice: (text) => this.#presence.tell(text),
    });
    this.#presence.asked = asked;
    void asked.gone.then((why) => this.#giveUp(`No server is left on ${identity.host}: ${why}`));
    return this.#benchWith(await this.#materials.work(phase, asked.model, departure.now));
  }

  async #benchWith(work: Bench["work"]): Promise<Bench> {
    const { run, plan, phase, departure } = this.#options;
    return {
      ...{ run, phase: phase.id, work, limits: plan.limits, departure, floor: this.#floor },
      figures: this.#presence.figures,
      asksNobody: false,
      failedWith: await this.#materials.failures(phase),
      reader: () => this.#materials.reader(),
    };
  }

  async #workOn(bench: Bench, board: ShardBoard, taken: Taken, lastBegun: () => void): Promise<void> {
    const lost = new AbortController();
    this.#leases.set(taken.lease, lost);
    const name = `Shard ${taken.shard.id} of ${bench.phase}`;
    let isDone = false;
    log(`${name} is begun: ${taken.shard.items} items, attempt ${taken.lease.number}.`);
    try {
      const end = await workOnShard(bench, taken, { lost: lost.signal, lastBegun });
      log(`${name}: ${END_TEXTS[end]}.`);
      isDone = end === "done" || end === "given up";
      if (end === "given up") this.#presence.tell(`${name} is given up: too many attempts at it died.`);
      this.#broken = 0;
    } catch (error) {
      if (error instanceof ConfigurationError || ++this.#broken >= MOST_BROKEN) throw error;
      this.#presence.tell(`${name} broke off: ${errorText(error)}`);
    } finally {
      this.#leases.delete(taken.lease);
      board.left(taken.shard.id, isDone);
    }
  }

  /** Waits until the phase is planned, by this worker or another. */
  async #planned(duties: Ticker): Promise<Shard[] | null> {
    const { run, phase, departure } = this.#options;
    while (!departure.soon.aborted) {
      const shards = await readPlan(run.phase(phase.id));
      if (shards) return shards;
      await duties.now();
      await sleep(PLAN_MS);
    }
    return null;
  }

  /** Phases before this one: what their workers left to be finished is finished; what is not done has to be, first. */
  async #areEarlierFinished(): Promise<boolean> {
    const { run, plan, phase, departure } = this.#options;
    for (const earlier of plan.phases.slice(0, plan.phases.indexOf(phase))) {
      if (isFinished(run.phase(earlier.id))) continue;
      // Until those who work on it, if there are any, have been seen to live.
      await sleep(3 * this.#beatMs, undefined, { signal: departure.soon }).catch(() => undefined);
      const coordinator = this.#coordinatorOf(earlier);
      await coordinator.settle(departure.pressed).finally(() => coordinator.close());
      if (coordinator.isFinished) continue;
      this.#giveUp(
        `${earlier.id}, which ${phase.id} needs, is not finished: resume the run to go on with it.`,
      );
      return false;
    }
    return true;
  }

  #coordinatorOf(phase: PhasePlan): Coordinator {
    const { run, plan } = this.#options;
    return new Coordinator({
      ...{ run, plan, phase, beats: this.#beats },
      self: () => this.#holder(),
      look: () => this.#look(),
      isAlive: (worker) => this.#pulse.isAlive(worker),
      work: () => this.#materials.planning(phase),
      reader: () => this.#materials.reader(),
      say: (text) => this.#presence.tell(text),
    });
  }

  #holder(): Holder {
    const { worker, job, task, restart, host, pid } = this.#options.identity;
    return { worker, job, task, restart, host, pid, at: new Date().toISOString() };
  }

  /** Looks at all heartbeats; those who do so at the same time look together. */
  #look(): Promise<WorkerState[]> {
    this.#looking ??= this.#beats.look().finally(() => (this.#looking = null));
    return this.#looking.then((states) => {
      this.#pulse.see(states);
      return states;
    });
  }

  /** Looks at others, at what people want, and at whether its leases are still its own. */
  async #watch(): Promise<void> {
    const { run, departure } = this.#options;
    if (this.#watched++ % LOOKS_EVERY === 0) await this.#look();
    const [{ want }, stop] = await Promise.all([readControl(run), readStop(run)]);
    if (want !== "run") departure.leave({ why: want === "pause" ? "paused" : "cancelled" });
    if (stop) departure.leave({ why: "stopped", kind: stop.kind, message: stop.message });
    for (const [lease, lost] of this.#leases) if (!(await holdsLease(lease))) lost.abort();
    this.#presence.show();
  }

  async #doDuties(): Promise<void> {
    try {
      await this.#coordinator.tick();
    } catch (error) {
      if (error instanceof ConfigurationError) await this.#stopFor(error);
      else this.#presence.tell(`The coordinator's duties broke off: ${errorText(error)}`);
    }
  }

  /** What is wrong for all stops the run; what is wrong here, this worker. */
  async #stopFor(error: unknown): Promise<void> {
    const { run, identity, departure } = this.#options;
    if (departure.soon.aborted && (error as { name?: string }).name === "AbortError") return;
    const message = errorText(error);
    if (!(error instanceof ConfigurationError)) {
      console.error(error);
      return this.#giveUp(message);
    }
    this.#presence.tell(message);
    departure.leave({ why: "stopped", kind: "configuration", message, found: true });
    try {
      await stopRun(run, { kind: "configuration", message, worker: identity.worker });
    } catch {
      // The disk may be what is wrong: then the run cannot be told, and this worker leaves alone.
      departure.leave({ why: "gave up", message });
    }
  }

  #giveUp(message: string): void {
    this.#presence.tell(message);
    this.#options.departure.leave({ why: "gave up", message });
  }

  /** Nothing is at work any more: ends its servers, and does what only the last can do. */
  async #leave(): Promise<void> {
    const { departure, plan } = this.#options;
    this.#presence.say("leaving", reasonText(departure.reason!));
    const grace = departure.pressed.aborted
      ? Math.min(5, plan.limits.graceSeconds)
      : plan.limits.graceSeconds;
    const closed = this.#presence.asked
      ?.close(grace)
      .catch((error: unknown) => this.#presence.tell(errorText(error)));
    await this.#presence.beat();
    await this.#coordinator.settle(departure.pressed).catch((error: unknown) => this.#stopFor(error));
    await this.#coordinator.close().catch(() => undefined);
    await closed;
  }
}

/** Where among the shards a task begins, 0..1: tasks are numbered. */
function placeOf(task: string, workers: number): number {
  const number = Number(/(\d+)$/.exec(task)?.[1] ?? 0);
  return (number % Math.max(1, workers)) / Math.max(1, workers);
}

/** To the task's log. */
const log = (text: string): void => console.log(`${new Date().toISOString()} ${text}`);

const END_TEXTS: Record<ShardEnd, string> = {
  done: "done",
  "given up": "given up",
  left: "left, to go on with whoever takes it next",
  lost: "lost to another worker, which goes on with it",
};
