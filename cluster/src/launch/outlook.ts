import type { LaunchPhase, LaunchPlan, LaunchRate, LaunchTakes } from "figloom";
import { costOf } from "figloom/stages";
import { given } from "../coordinator/spending.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { stageText } from "../run/stage-text.js";
import { unitsOf } from "../run/units.js";
import type { Findings } from "./check.js";
import type { MeasuredRate } from "./measured.js";
import { adviceOf, phaseSaid, takesSaid } from "./outlook-text.js";
import { gpusOf, type Facts } from "./plan.js";
import type { Todo } from "./todo.js";

/** What is known beforehand of how long a run will take. */
export interface Foreseen {
  /** Tokens of the captions. */
  estimate: LaunchPlan["estimate"];
  /** Of each phase. */
  todos: readonly Todo[];
  measured: readonly (MeasuredRate | null)[];
  /** Captions per second of one worker, as the user says: it wins. */
  perSecond?: number | undefined;
}

/** What is shown before anything is submitted. @param foreseen `null` where something hinders the launch */
export function launchPlan(
  plan: RunPlan,
  facts: Pick<Facts, "items">,
  { foreseen, findings }: { foreseen: Foreseen | null; findings: Findings },
): LaunchPlan {
  const phases = plan.phases.map((phase, at) =>
    phaseOf(plan, phase, facts, foreseen && foreseenOf(foreseen, at)),
  );
  if (foreseen) connect(plan, phases, foreseen.todos);
  for (const [at, phase] of phases.entries()) {
    if (!foreseen) continue;
    phase.hours = hoursOf(phase);
    phase.gpu_hours = phase.hours && phase.hours * gpusPaid(plan, plan.phases[at]!);
    phase.said = phaseSaid(phase);
  }
  const takes = foreseen && takesOf(plan, phases, foreseen.estimate);
  return {
    ...{ run: plan.run, title: plan.title, engine: plan.engine.name },
    ...{ phases, estimate: foreseen?.estimate ?? null, takes },
    gpus: Math.max(0, ...plan.phases.map(gpusOf)),
    problems: findings.problems,
    doubts: [...findings.doubts, ...(takes ? shortfalls(plan, takes) : [])],
  };
}

interface ForeseenPhase {
  todo: Todo;
  measured: MeasuredRate | null;
  perSecond: number | undefined;
}

const foreseenOf = ({ todos, measured, perSecond }: Foreseen, at: number): ForeseenPhase => ({
  todo: todos[at]!,
  measured: measured[at] ?? null,
  perSecond,
});

function phaseOf(
  plan: RunPlan,
  phase: PhasePlan,
  { items }: Pick<Facts, "items">,
  foreseen: ForeseenPhase | null,
): LaunchPhase {
  const { id, spec, shardSize, workers, resources } = phase;
  const known = items[spec.stage] ?? null;
  const shards = known === null || shardSize === null ? null : Math.ceil(known / shardSize);
  return {
    ...{ id, stage: spec.stage, title: stageText(spec), items: known, shards, shardSize },
    ...{ workers, gpus: resources.gpus ?? 0 },
    ...{ todo: foreseen?.todo.items ?? null, after: [], hours: null, gpu_hours: null, said: null },
    rate: foreseen && rateOf(plan, phase, shards, foreseen),
  };
}

/** The rate of a whole phase: of those of its tasks that have a shard. */
function rateOf(
  plan: RunPlan,
  phase: PhasePlan,
  shards: number | null,
  { todo: { basis }, measured, perSecond }: ForeseenPhase,
): LaunchRate | null {
  const { tasks, units, shared } = unitsOf(phase, plan, basis.unit);
  const busy = Math.min(tasks, Math.max(1, shards ?? tasks));
  if (perSecond !== undefined && perSecond > 0 && phase.spec.stage === "recaption" && phase.serving)
    return {
      ...{ perSecond: perSecond * busy, each: perSecond, unit: "worker", units: busy, startup: 0 },
      ...{ run: null, by: null, made: null },
    };
  if (!measured) return null;
  const { run, by, made, each, startup } = measured;
  const used = shared ? units : (units / tasks) * busy;
  return {
    ...{ perSecond: each * used, each, unit: basis.unit, units: used, startup },
    ...{ run, by: by === basis.by ? null : by, made },
  };
}

/** What comes of an earlier phase is before a later one, too. */
function connect(plan: RunPlan, phases: LaunchPhase[], todos: readonly Todo[]): void {
  const written = phases.find(({ stage }) => stage === "recaption");
  const variant = todos[phases.indexOf(written!)]?.basis.by;
  const read = phases.find(({ stage, todo }) => stage === "ocr" && todo !== 0);
  for (const [at, phase] of phases.entries()) {
    if (phase.todo === null) {
      phase.after = [phases[0]!.id];
      continue;
    }
    const { spec } = plan.phases[at]!;
    const isOfThem = spec.stage === "score" && written && (spec.variant ?? variant) === variant;
    if (isOfThem) phase.todo += written.todo ?? 0;
    const isChanged = todos[at]!.readsText || (isOfThem && written.after.length > 0);
    if (read && isChanged) phase.after = [read.id];
  }
}

function hoursOf({ todo, rate }: LaunchPhase): number | null {
  if (todo === 0) return 0;
  return rate && todo !== null ? (rate.startup + todo / rate.perSecond) / 3600 : null;
}

/** GPUs that are paid while a phase goes on, as `spendingOf` counts them. */
const gpusPaid = ({ prices, engine }: RunPlan, phase: PhasePlan): number =>
  (phase.resources.gpus ?? 0) * unitsOf(phase, { engine }, "process").tasks + given(phase, prices.gpus);

function takesOf(
  { prices }: RunPlan,
  phases: readonly LaunchPhase[],
  tokens: Foreseen["estimate"],
): LaunchTakes {
  const known = phases.filter(({ hours }) => hours !== null);
  const open = phases.filter(({ hours }) => hours === null).map(({ id }) => id);
  const sum = (of: (phase: LaunchPhase) => number) => known.reduce((all, phase) => all + of(phase), 0);
  const hours = known.length === 0 ? null : sum((phase) => phase.hours!);
  const gpu_hours = known.length === 0 ? null : sum((phase) => phase.gpu_hours!);
  const isPriced = prices.gpuHour === undefined || gpu_hours !== null;
  const used = {
    prompt_tokens: tokens?.prompt_tokens.value ?? 0,
    completion_tokens: tokens?.completion_tokens.value ?? 0,
    seconds: (gpu_hours ?? 0) * 3600,
  };
  const cost = isPriced ? costOf(used, { ...prices, gpus: 1 }) : null;
  const takes = { hours, gpu_hours, cost, open };
  return { ...takes, said: takesSaid(takes, phases), advice: adviceOf(phases) };
}

/** What the budget does not suffice for, as far as that is known. */
function shortfalls({ budget }: RunPlan, { hours, cost, open }: LaunchTakes): string[] {
  const about = open.length > 0 ? "at least" : "about";
  const short: string[] = [];
  const say = (what: string, all: string) =>
    short.push(
      `The budget of ${what} will be spent before everything is done, which takes ${about} ${all}; what is done by then is kept.`,
    );
  if (budget.hours !== undefined && hours !== null && hours > budget.hours)
    say(`${budget.hours} h`, `${Number(hours.toPrecision(2))} h`);
  if (budget.cost !== undefined && cost !== null && cost > budget.cost)
    say(String(budget.cost), cost.toFixed(2));
  return short;
}
