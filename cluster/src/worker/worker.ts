import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError, errorText } from "figloom/errors";
import {
  Dataset,
  Reader,
  readFailures,
  vllm,
  workOf,
  type StageSpec,
  type StageWork,
  type VisionModel,
} from "figloom/stages";
import { Coordinator } from "../coordinator/coordinator.js";
import { beatFile, Beats, Heart, type WorkerState } from "../run/beats.js";
import { readControl, readStop, stopRun } from "../run/control.js";
import { DoneShards } from "../run/done.js";
import { holdsLease, type Holder, type Lease } from "../run/leases.js";
import { makeFolder } from "../run/files.js";
import type { RunFolder } from "../run/places.js";
import { readPlan } from "../run/plan-file.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { ShardBoard, type Taken } from "./board.js";
import { checkNode, hopelessness } from "./checks.js";
import { reasonText, type Departure } from "./departure.js";
import { Figures } from "./figures.js";
import { Floor } from "./floor.js";
import type { Identity } from "./identity.js";
import { workThrough } from "./loop.js";
import { Pulse } from "./pulse.js";
import { modelOf, openModel, type Asked } from "./serving.js";
import { workOnShard, type Bench } from "./shard.js";
import { Ticker } from "./ticker.js";

/** Makes a stage's work; tests give one of their own. */
export type MakeWork = (
  dataset: Dataset,
  spec: StageSpec,
  options: { on?: VisionModel; signal: AbortSignal },
) => Promise<StageWork>;

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
/** Between two looks for a plan that another makes. */
const PLAN_MS = 100;
/** Notices that a heartbeat holds. */
const MOST_NOTICES = 20;

/** One worker of a run's phase, from its start to its leaving. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #makeWork: MakeWork;
  readonly #beatMs: number;
  readonly #beats: Beats;
  readonly #pulse: Pulse;
  readonly #figures = new Figures();
  readonly #floor = new Floor();
  readonly #leases = new Map<Lease, AbortController>();
  readonly #coordinator: Coordinator;
  #heart!: Heart;
  #asked: Asked | null = null;
  #dataset: Promise<Dataset> | null = null;
  #reader: Promise<Reader> | null = null;
  #planningWork: Promise<StageWork> | null = null;
  #notices: { at: number; text: string }[] = [];
  #broken = 0;
  #looking: Promise<WorkerState[]> | null = null;

  constructor(options: WorkerOptions) {
    const { run, plan, phase } = options;
    this.#options = options;
    this.#makeWork = options.makeWork ?? workOf;
    this.#beatMs = plan.limits.beatSeconds * 1000;
    this.#beats = new Beats(run, plan.limits.staleSeconds * 1000);
    this.#pulse = new Pulse(3 * this.#beatMs);
    this.#coordinator = this.#coordinatorOf(phase, () => this.#planning());
  }

  /**
   * Works until nothing is left for it, or it has to leave; says goodbye in every case.
   * @throws {ConfigurationError} where its heartbeat cannot be written
   */
  async run(): Promise<void> {
    const { departure } = this.#options;
    await this.#takeHeart();
    const watch = new Ticker(() => this.#watch(), this.#beatMs / 2);
    const duties = new Ticker(() => this.#doDuties(), this.#beatMs);
    try {
      await this.#work(duties);
    } catch (error) {
      await this.#stopFor(error);
    }
    if (!departure.reason) departure.leave({ why: "nothing left" });
    await duties.stop();
    this.#say("leaving", reasonText(departure.reason!));
    const closed = this.#close();
    try {
      await this.#heart.beatNow().catch(() => undefined);
      await this.#coordinator.settle(departure.pressed);
    } catch (error) {
      await this.#stopFor(error);
    }
    await this.#coordinator.close().catch(() => undefined);
    await closed;
    await watch.stop();
    this.#say("leaving", reasonText(departure.reason!));
    await this.#heart.stop(departure.reason!.why === "gave up" ? "gave-up" : "left");
    departure.close();
  }

  async #work(duties: Ticker): Promise<void> {
    const { run, plan, phase, identity, departure } = this.#options;
    checkNode(plan, identity.host);
    await this.#watch();
    if (departure.soon.aborted) return;
    const hopeless = hopelessness(identity, await this.#look(), plan.limits.restarts);
    if (hopeless !== null) return departure.leave({ why: "gave up", message: hopeless });
    if (!(await this.#areEarlierFinished())) return;
    const shards = await this.#planned(duties);
    if (!shards || this.#coordinator.isFinished) return;
    const done = new DoneShards(run.phase(phase.id));
    const board = new ShardBoard({
      ...{ phase: run.phase(phase.id), shards, self: () => this.#holder(), beats: this.#beats },
      ...{ pulse: this.#pulse, done, from: placeOf(identity.task, phase.workers) },
    });
    await done.look();
    if (done.all.size >= shards.length) return;
    const bench = await this.#openBench();
    if (departure.soon.aborted) return;
    this.#say("working", null);
    await workThrough({
      ...{ board, departure, idleMs: Math.min(1000, this.#beatMs / 2) },
      workOn: (taken, lastBegun) => this.#workOn(bench, board, taken, lastBegun),
    });
  }

  /** Servers, model and work: all that shards need. */
  async #openBench(): Promise<Bench> {
    const { run, plan, phase, identity, departure } = this.#options;
    if (phase.serving && !("endpoints" in phase.serving)) this.#say("serving", "its servers are starting");
    this.#asked = await openModel({
      ...{ run, plan, phase, worker: identity.worker, signal: departure.soon },
      onState: (servers) => (this.#heart.state = { ...this.#heart.state, servers }),
      onNotice: (text) => this.#tell(text),
    });
    void this.#asked.gone.then((why) =>
      departure.leave({ why: "gave up", message: `No server is left on ${identity.host}: ${why}` }),
    );
    const dataset = await this.#openDataset();
    const on = this.#asked.model;
    const work = await this.#makeWork(dataset, phase.spec, { ...(on && { on }), signal: departure.now });
    const failures = await readFailures(plan.dataset, phase.spec.stage);
    return {
      ...{
        run,
        phase: phase.id,
        work,
        limits: plan.limits,
        departure,
        floor: this.#floor,
        figures: this.#figures,
      },
      failedWith: (subject) => failures.get(subject) ?? null,
      reader: () => this.#openReader(),
    };
  }

  async #workOn(bench: Bench, board: ShardBoard, taken: Taken, lastBegun: () => void): Promise<void> {
    const lost = new AbortController();
    this.#leases.set(taken.lease, lost);
    let isDone = false;
    try {
      const end = await workOnShard(bench, taken, { lost: lost.signal, lastBegun });
      isDone = end === "done" || end === "given up";
      if (end === "given up")
        this.#tell(`Shard ${taken.shard.id} of ${bench.phase} is given up: too many attempts at it died.`);
      this.#broken = 0;
    } catch (error) {
      if (error instanceof ConfigurationError || ++this.#broken >= MOST_BROKEN) throw error;
      this.#tell(`Shard ${taken.shard.id} of ${bench.phase} broke off: ${errorText(error)}`);
    } finally {
      this.#leases.delete(taken.lease);
      board.left(taken.shard.id, isDone);
    }
  }

  /** Waits until the phase is planned, by this worker or another. */
  async #planned(duties: Ticker) {
    const { run, phase, departure } = this.#options;
    while (!departure.soon.aborted) {
      const shards = await readPlan(run.phase(phase.id));
      if (shards) return shards;
      await duties.now();
      await sleep(PLAN_MS);
    }
    return null;
  }

  /** Phases before this one: what their workers left to be finished is finished, what is not done cannot be worked on. */
  async #areEarlierFinished(): Promise<boolean> {
    const { plan, phase, departure } = this.#options;
    for (const earlier of plan.phases.slice(0, plan.phases.indexOf(phase))) {
      const dataset = await this.#openDataset();
      const coordinator = this.#coordinatorOf(earlier, () => this.#planningOf(dataset, earlier));
      await coordinator.settle(departure.pressed).finally(() => coordinator.close());
      if (coordinator.isFinished) continue;
      const message = `${earlier.id}, which ${phase.id} needs, is not finished: resume the run to go on with it.`;
      departure.leave({ why: "gave up", message });
      return false;
    }
    return true;
  }

  #coordinatorOf(phase: PhasePlan, work: () => Promise<StageWork>): Coordinator {
    const { run, plan } = this.#options;
    return new Coordinator({
      ...{ run, plan, phase, beats: this.#beats, work },
      self: () => this.#holder(),
      look: () => this.#look(),
      isAlive: (worker) => this.#pulse.isAlive(worker),
      reading: async (use) => use(await this.#openReader()),
    });
  }

  /** The work as far as it is counted and filed: nobody is asked, so no server need be there. */
  async #planning(): Promise<StageWork> {
    const { phase } = this.#options;
    this.#planningWork ??= this.#openDataset().then((dataset) => this.#planningOf(dataset, phase));
    return this.#planningWork;
  }

  #planningOf(dataset: Dataset, phase: PhasePlan): Promise<StageWork> {
    const model = modelOf(phase);
    const on = model === null ? undefined : vllm({ model, endpoints: [] });
    // Results are filed also by who has to leave at once.
    const { signal } = new AbortController();
    return this.#makeWork(dataset, phase.spec, { ...(on && { on }), signal });
  }

  #openDataset(): Promise<Dataset> {
    return (this.#dataset ??= Dataset.openOrCreate(this.#options.plan.dataset));
  }

  #openReader(): Promise<Reader> {
    return (this.#reader ??= this.#openDataset().then((dataset) => dataset.read()));
  }

  #holder(): Holder {
    const { worker, job, task, restart, host, pid } = this.#options.identity;
    return { worker, job, task, restart, host, pid, at: new Date().toISOString() };
  }

  async #takeHeart(): Promise<void> {
    const { run, phase, identity } = this.#options;
    const first: WorkerState = {
      ...identity,
      ...{ phase: phase.id, started: Date.now(), at: Date.now(), beat: 0, status: "starting", note: null },
      ...{ ...this.#figures.said, usage: null, servers: [], programs: [], notices: [] },
    };
    await makeFolder(run.workers);
    this.#heart = new Heart(beatFile(run, identity.worker), first, this.#beatMs);
    await this.#heart.beatNow();
  }

  #say(status: WorkerState["status"], note: string | null): void {
    this.#heart.state = { ...this.#heart.state, status, note };
    this.#show();
  }

  #show(): void {
    const asked = this.#asked;
    this.#heart.state = {
      ...this.#heart.state,
      ...this.#figures.said,
      notices: this.#notices,
      ...(asked && { servers: asked.servers(), usage: asked.usage(), programs: asked.programs() }),
    };
  }

  /** To those who watch the run, and to the task's log. */
  #tell(text: string): void {
    console.error(text);
    this.#notices = [...this.#notices, { at: Date.now(), text }].slice(-MOST_NOTICES);
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
    await this.#look();
    const [{ want }, stop] = await Promise.all([readControl(run), readStop(run)]);
    if (want !== "run") departure.leave({ why: want === "pause" ? "paused" : "cancelled" });
    if (stop) departure.leave({ why: "stopped", kind: stop.kind, message: stop.message });
    for (const [lease, lost] of this.#leases) if (!(await holdsLease(lease))) lost.abort();
    this.#show();
  }

  async #doDuties(): Promise<void> {
    try {
      await this.#coordinator.tick();
    } catch (error) {
      if (error instanceof ConfigurationError) await this.#stopFor(error);
      else this.#tell(`The coordinator's duties broke off: ${errorText(error)}`);
    }
  }

  /** What is wrong for all stops the run; what is wrong here, this worker. */
  async #stopFor(error: unknown): Promise<void> {
    const { run, identity, departure } = this.#options;
    if (departure.soon.aborted && (error as { name?: string }).name === "AbortError") return;
    const message = errorText(error);
    this.#tell(message);
    if (error instanceof ConfigurationError) {
      try {
        await stopRun(run, { kind: "configuration", message, worker: identity.worker });
        return departure.leave({ why: "stopped", kind: "configuration", message, found: true });
      } catch {
        // The disk may be what is wrong.
      }
    } else console.error(error);
    departure.leave({ why: "gave up", message });
  }

  async #close(): Promise<void> {
    const { departure, plan } = this.#options;
    const grace = departure.pressed.aborted ? 5 : plan.limits.graceSeconds;
    await this.#asked?.close(grace).catch((error: unknown) => this.#tell(errorText(error)));
  }
}

/** Where among the shards a task begins: tasks are numbered. */
function placeOf(task: string, workers: number): number {
  const number = Number(/(\d+)$/.exec(task)?.[1] ?? 0);
  return (number % Math.max(1, workers)) / Math.max(1, workers);
}
