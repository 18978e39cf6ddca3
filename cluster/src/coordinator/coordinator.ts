import { setTimeout as sleep } from "node:timers/promises";
import { errorText } from "figloom/errors";
import type { RateBasis, Reader, StageWork } from "figloom/stages";
import { hasLeft, type Beats, type WorkerState } from "../run/beats.js";
import { readControl, readStop, stopRun } from "../run/control.js";
import { finishPhase } from "../run/finish.js";
import type { Holder } from "../run/leases.js";
import type { RunFolder } from "../run/places.js";
import { writePlan } from "../run/plan-file.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { shardSizeOf } from "../run/shard-size.js";
import { collectShards, isCollectionDue } from "./collect.js";
import { Desk } from "./desk.js";
import { endText, leftText } from "./endings.js";
import { isReported, withdrawReport, writeReport } from "./report-files.js";
import { Role } from "./role.js";
import { overspent, type Spending } from "./spending.js";
import type { Survey } from "./teller.js";

/** What a coordinator has from the worker that it is part of. */
export interface Office {
  run: RunFolder;
  plan: RunPlan;
  phase: PhasePlan;
  self(): Holder;
  beats: Beats;
  /** Looks at all heartbeats. */
  look(): Promise<WorkerState[]>;
  /** Whether a worker was seen to live lately. */
  isAlive(worker: string): boolean;
  /** The phase's work, to plan and to collect. */
  work(): Promise<StageWork>;
  reader(): Promise<Reader>;
  /** Tells those who watch. */
  say(text: string): void;
}

/** Milliseconds between two looks at whether the role is free, of one who wants to leave. */
const ASK_MS = 100;
/** Tries before something is taken to be wrong for good. */
const COLLECT_TRIES = 3;
/** The patience of who comes by again. */
const AT_ONCE = AbortSignal.abort();

/**
 * The coordinator's duties: plans the phase, tells how it goes, minds the budget, collects results, and ends phase and
 * run. One worker at a time has the role. Any other may take it over at any moment: all it rests on is on the disk, and
 * everything that it does may be done twice.
 */
export class Coordinator {
  readonly #office: Office;
  readonly #desks: Desk[];
  readonly #desk: Desk;
  #role: Role | null = null;
  #basis: RateBasis | null = null;

  constructor(office: Office) {
    this.#office = office;
    this.#desks = office.plan.phases.map((phase, index) => new Desk(office.run, phase, index));
    this.#desk = this.#desks.find(({ phase }) => phase.id === office.phase.id)!;
  }

  /** Whether its phase is done and in the dataset, as far as was seen. */
  get isFinished(): boolean {
    return this.#desk.isFinished;
  }

  /** One round of duties, where it has the role or can take it. */
  async tick(): Promise<void> {
    if (!(await this.#hasRole())) return;
    const survey = await this.#survey();
    const stop = await readStop(this.#office.run);
    if (this.#role!.hasEnded) {
      if (this.#isAllFinished || stop || survey.status === "cancelling") return;
      await withdrawReport(this.#office.run);
    }
    this.#role!.teller.tell(survey);
    await this.#role!.journal.flush();
    if (!stop) await this.#mindBudget(survey.spent);
    if (!stop) await this.#plan();
    if (isCollectionDue(this.#desk.waiting, this.#role!.ageMs)) await this.#collect(AT_ONCE);
    if (this.#desk.isDone) await this.#finish(AT_ONCE);
  }

  /**
   * The last duties of a worker that leaves and has nothing at work any more: nobody else may be left to do them. Returns
   * when somebody else will, or nothing is left to be done.
   * @param patience aborted when the worker cannot stay
   */
  async settle(patience: AbortSignal): Promise<void> {
    while (!(await this.#hasRole())) {
      await this.#look();
      if (this.#isAllFinished ? isReported(this.#office.run) : this.#desk.isFinished) return;
      const states = await this.#office.look();
      if (patience.aborted || (!this.#desk.isDone && this.#hasOthers(states))) return;
      await sleep(ASK_MS);
    }
    await this.#conclude(patience);
  }

  /** Gives the role back. */
  async close(): Promise<void> {
    await this.#role?.close();
    this.#role = null;
  }

  async #conclude(patience: AbortSignal): Promise<void> {
    const survey = await this.#survey();
    const { journal, teller } = this.#role!;
    if (this.#desk.isDone) return this.#finish(patience);
    const stop = await readStop(this.#office.run);
    if (this.#role!.hasEnded && (stop || survey.status === "cancelling")) return;
    teller.tell(survey, true);
    if (this.#hasOthers(survey.states)) return;
    await this.#collect(patience);
    if (!(await this.#hasRole())) return;
    const { phase, planned, done } = this.#desk;
    const left = leftText(phase.id, planned, done.all.size);
    if (survey.status === "cancelling")
      await this.#end("cancelled", `Cancelled. What is done is kept; ${left}.`);
    else if (stop) await this.#end("failed", stop.message);
    else if (survey.status === "running")
      journal.write({ event: "notice", text: `No worker is at work just now; ${left}.` });
  }

  async #hasRole(): Promise<boolean> {
    const { run, plan, self, beats } = this.#office;
    if (this.#role && !(await this.#role.isHeld())) this.#role = null;
    this.#role ??= await Role.take(run, plan, self(), beats);
    return this.#role !== null;
  }

  async #look(): Promise<void> {
    for (const desk of this.#desks) await desk.look();
  }

  async #survey(): Promise<Survey> {
    const { run, beats, look } = this.#office;
    await this.#look();
    const states = await look();
    const { want } = await readControl(run);
    const survey = this.#role!.survey(this.#desks, this.#desk, states, want, beats);
    return { ...survey, basis: this.#basis };
  }

  /** Costs a look at the dataset, so that nothing but what needs it asks for it. */
  async #work(): Promise<StageWork> {
    const work = await this.#office.work();
    this.#basis ??= work.basis;
    return work;
  }

  async #mindBudget(spent: Spending): Promise<void> {
    const { run, plan, self } = this.#office;
    const why = overspent(plan.budget, spent);
    if (why === null || this.#desk.isDone) return;
    const message = `Stopped: ${why}. What is done is kept.`;
    await stopRun(run, { kind: "budget", message, worker: self().worker });
  }

  /** @throws {ConfigurationError} for a condition that cannot be used, and the like */
  async #plan(): Promise<void> {
    const { phase, reader } = this.#office;
    if (this.#desk.planned) return;
    const stage = await this.#work();
    const dataset = await reader();
    const items = async () => (await stage.count(dataset)) ?? 0;
    const size = phase.shardSize ?? shardSizeOf(stage.name, await items(), phase.workers);
    await writePlan(this.#desk.folder, stage.shards(dataset, size));
    await this.#desk.look();
  }

  /**
   * @param patience aborted where others who write to the dataset are not waited for
   * @returns whether everything that is done is in the dataset
   */
  async #collect(patience: AbortSignal): Promise<boolean> {
    const { plan, phase, say } = this.#office;
    const { waiting, folder, collected } = this.#desk;
    if (waiting.length === 0) return true;
    const about = { run: plan.run, dataset: plan.dataset, phase: phase.id, folder, shards: waiting };
    for (let tries = 1; ; tries++)
      try {
        if (!(await collectShards({ ...about, work: await this.#work(), patience, say }))) return false;
        break;
      } catch (error) {
        // Who stood still for long finds that others have taken over: the role, or the dataset's lock.
        if (!(await this.#hasRole())) return false;
        if (tries >= COLLECT_TRIES) throw error;
        say(`Collecting results broke off, and is tried again: ${errorText(error)}`);
      }
    for (const { shard } of waiting) collected.add(shard);
    return true;
  }

  async #finish(patience: AbortSignal): Promise<void> {
    if (!(await this.#hasRole())) return;
    if (!this.#desk.isFinished) {
      if (!(await this.#collect(patience))) return;
      const survey = await this.#survey();
      this.#role!.teller.tell(survey, true);
      const { folder, counts, planned, givenUp } = this.#desk;
      await finishPhase(folder, { shards: planned!.shards, givenUp, ...counts, seconds: survey.seconds });
      this.#desk.isFinished = true;
    }
    if (this.#isAllFinished) await this.#end("finished", endText(this.#desks));
  }

  async #end(status: "finished" | "failed" | "cancelled", message: string): Promise<void> {
    const { run, plan } = this.#office;
    const { journal, hasEnded } = this.#role!;
    if (hasEnded || !(await this.#role!.isHeld())) return;
    await journal.flush();
    await writeReport(run, plan, { status, message });
    journal.write({ event: "end", status, message });
    await journal.flush();
  }

  get #isAllFinished(): boolean {
    return this.#desks.every(({ isFinished }) => isFinished);
  }

  #hasOthers(states: readonly WorkerState[]): boolean {
    const { self, isAlive } = this.#office;
    const own = self().worker;
    return states.some(
      (state) =>
        state.worker !== own && !hasLeft(state) && state.status !== "leaving" && isAlive(state.worker),
    );
  }
}
