import { Dataset, datasetRuns, EventsFile, foldRuns, reading } from "figloom/stages";
import type { RateUnit, RunFailure, RunPart, RunRate } from "figloom/stages";
import { readWorkers, type WorkerState } from "../run/beats.js";
import type { RunFolder } from "../run/places.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { Desk } from "./desk.js";
import { lifeOf, spendingOf, workedFor, type Spending } from "./spending.js";
import type { Counts } from "./telling.js";
import { waysOf, type Way } from "./ways.js";

export interface Ending {
  status: "finished" | "failed" | "cancelled";
  message: string;
}

/** What a run has come to. All counts are of what stands on the disk. */
export interface RunReport extends Ending {
  run: string;
  title: string;
  dataset: string;
  figloom_version: string;
  /** ISO 8601. */
  created: string;
  ended: string;
  phases: PhaseReport[];
  spent: Spending;
  prices: RunPlan["prices"];
  budget: RunPlan["budget"];
  tasks: TaskReport[];
}

export interface PhaseReport {
  id: string;
  stage: string;
  /** `null` for a phase that was not planned. */
  items: (Counts & { planned: number; left: number }) | null;
  shards: ShardsReport | null;
  /** That anybody worked on it. */
  seconds: number;
  /** Seconds that a worker's own servers took to start, on average. */
  startup: number;
  /** Results and failures that took work. */
  made: number;
  rates: Rates;
  workers: WorkerReport[];
  failures: { reason: string; count: number; samples: RunFailure[] }[];
  /** By whom and how the results that it brought into the dataset were made. */
  ways: Way[];
  /** What its servers said to be. */
  programs: string[];
}

/** Made per second; `null` where there is nothing to divide by. */
export interface Rates {
  /** By the clock. */
  all: number | null;
  /** Of each worker once it is at work, its servers being up. */
  worker: number | null;
  /** Of each of what the rate goes by, see `RunRate`. */
  each: number | null;
  unit: RateUnit | null;
  gpu: number | null;
}

export interface ShardsReport {
  planned: number;
  done: number;
  left: number;
  givenUp: { shard: string; why: string; left: number }[];
  /** How many were done by their first attempt, by their second, and so on. */
  byAttempts: Record<string, number>;
  /** Attempts that died. */
  deaths: number;
}

export interface WorkerReport {
  worker: string;
  host: string;
  status: string;
  made: number;
  seconds: number;
  perSecond: number | null;
}

/** A task that was started more than once, or gave up. */
export interface TaskReport {
  phase: string;
  job: string;
  task: string;
  /** One for each start, in order: how it ended, as far as its worker could say. */
  starts: { restart: number; host: string; ended: string }[];
}

/** Reads everything that is known of a run. Cost: that of its markers, and of counting its results in the dataset. */
export async function reportOn(run: RunFolder, plan: RunPlan, ending: Ending): Promise<RunReport> {
  const states = await readWorkers(run);
  const events = foldRuns((await new EventsFile(plan.dataset, plan.run).next()) ?? []);
  const parts = plan.phases.map((_, index): RunPart | null => events?.parts[index] ?? null);
  const seconds = new Map(plan.phases.map(({ id }, index) => [id, parts[index]?.seconds ?? 0]));
  const own = await ownRuns(plan);
  const phases: PhaseReport[] = [];
  for (const [index, phase] of plan.phases.entries()) {
    const desk = new Desk(run, phase, index);
    await desk.look();
    const workers = states.filter((state) => state.phase === phase.id);
    const failures = events?.failures ?? [];
    const runs = own.filter(({ phaseId }) => phaseId === phase.id).map(({ name }) => name);
    const ways = await reading(plan.dataset, (reader) => waysOf(reader, phase.spec.stage, runs)).catch(
      () => [],
    );
    phases.push({
      ...phaseReport(desk, workers, { seconds: seconds.get(phase.id) ?? 0, rate: parts[index]?.rate }),
      failures: failuresOf(desk, failures),
      ways,
    });
  }
  const { title, dataset, figloom_version, created, prices, budget } = plan;
  return {
    ...{
      run: plan.run,
      title,
      dataset,
      figloom_version,
      created,
      ended: new Date().toISOString(),
      ...ending,
    },
    ...{ phases, spent: spendingOf(plan, states, seconds), prices, budget, tasks: tasksOf(states) },
  };
}

/** The dataset's runs that hold results of this one, by phase. */
async function ownRuns({ dataset, run }: RunPlan): Promise<{ name: string; phaseId: string }[]> {
  const all = await datasetRuns((await Dataset.open(dataset)).folder).catch(() => []);
  return all.flatMap(({ run: name, parts = [] }) => {
    const [owner, phaseId] = parts[0]?.split("/") ?? [];
    return owner === run && phaseId !== undefined ? [{ name, phaseId }] : [];
  });
}

function phaseReport(
  { phase, planned, counts, done, givenUp }: Desk,
  states: readonly WorkerState[],
  { seconds, rate }: { seconds: number; rate: RunRate | undefined },
): Omit<PhaseReport, "failures" | "ways"> {
  const made = counts.done + counts.failed - counts.failedBefore;
  const behind = counts.done + counts.failed + counts.reused;
  const marks = [...done.all.values()];
  const byAttempts: Record<string, number> = {};
  for (const { attempt } of marks) byAttempts[attempt] = (byAttempts[attempt] ?? 0) + 1;
  return {
    id: phase.id,
    stage: phase.spec.stage,
    items: planned && { ...counts, planned: planned.items, left: Math.max(0, planned.items - behind) },
    shards: planned && {
      planned: planned.shards,
      done: marks.length - givenUp,
      left: planned.shards - marks.length,
      givenUp: marks.flatMap(({ shard, counts: { givenUp: why, total, done, failed, reused } }) =>
        why === null ? [] : [{ shard, why, left: Math.max(0, total - done - failed - reused) }],
      ),
      byAttempts,
      deaths: marks.reduce((sum, { deaths }) => sum + deaths, 0),
    },
    ...{ seconds, made, startup: rate?.startup ?? 0 },
    rates: ratesOf(phase, made, states, { seconds, rate }),
    workers: states.map((state) => {
      const own = state.done + state.failed - state.failedBefore;
      const { worker, host, status } = state;
      const worked = workedFor(state);
      return { worker, host, status, made: own, seconds: lifeOf(state), perSecond: over(own, worked) };
    }),
    programs: [...new Set(states.flatMap(({ programs }) => programs))].sort(),
  };
}

function ratesOf(
  { resources }: PhasePlan,
  made: number,
  states: readonly WorkerState[],
  { seconds, rate }: { seconds: number; rate: RunRate | undefined },
): Rates {
  const worked = states.reduce((sum, state) => sum + workedFor(state), 0);
  return {
    all: over(made, seconds),
    worker: over(made, worked),
    each: over(made, rate?.unitSeconds ?? 0),
    unit: rate?.unit ?? null,
    gpu: over(made, worked * (resources.gpus ?? 0)),
  };
}

const over = (made: number, seconds: number): number | null =>
  seconds > 0 ? Number((made / seconds).toPrecision(4)) : null;

/** Counted from the shards' markers; samples as far as they were told. */
function failuresOf(
  { done }: Desk,
  told: { reason: string; samples: RunFailure[] }[],
): PhaseReport["failures"] {
  const counts = new Map<string, number>();
  for (const {
    counts: { reasons },
  } of done.all.values())
    for (const [reason, count] of Object.entries(reasons))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => ({
      ...{ reason, count },
      samples: (told.find((each) => each.reason === reason)?.samples ?? []).slice(0, 5),
    }));
}

function tasksOf(states: readonly WorkerState[]): TaskReport[] {
  const tasks = new Map<string, WorkerState[]>();
  for (const state of states) {
    const name = JSON.stringify([state.phase, state.job, state.task]);
    tasks.set(name, [...(tasks.get(name) ?? []), state]);
  }
  return [...tasks.values()]
    .filter((starts) => starts.length > 1 || starts.some(({ status }) => status === "gave-up"))
    .map((starts) => {
      const [{ phase, job, task }] = starts as [WorkerState];
      const sorted = starts.sort((a, b) => a.restart - b.restart || a.started - b.started);
      return {
        ...{ phase, job, task },
        starts: sorted.map((state) => ({ restart: state.restart, host: state.host, ended: endOf(state) })),
      };
    });
}

function endOf({ status, note }: WorkerState): string {
  if (status === "left") return note === null ? "left" : `left: ${note}`;
  if (status === "gave-up") return `gave up: ${note ?? "it did not say why"}`;
  return "did not say goodbye: killed, crashed or lost with its node, or still there";
}
