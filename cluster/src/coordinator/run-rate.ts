import type { RateBasis, RunRate } from "figloom/stages";
import type { WorkerState } from "../run/beats.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { unitsOf } from "../run/units.js";
import { workedFor } from "./spending.js";

/**
 * What a phase's rate goes by.
 * @param states of all workers that ever were
 * @param seconds that anybody worked on it
 */
export function runRateOf(
  plan: Pick<RunPlan, "engine">,
  phase: PhasePlan,
  { stage, by, unit }: Omit<RateBasis, "units">,
  { states, seconds }: { states: readonly WorkerState[]; seconds: number },
): RunRate {
  const own = states.filter((state) => state.phase === phase.id);
  const { tasks, units, shared } = unitsOf(phase, plan, unit);
  const worked = own.reduce((sum, state) => sum + workedFor(state), 0);
  const unitSeconds = shared ? units * seconds : (units / tasks) * worked;
  const startup = phase.serving && "script" in phase.serving ? startupOf(own) : 0;
  return { stage, by, unit, unitSeconds: round(unitSeconds), startup: round(startup) };
}

/** Mean seconds from a worker's start to its work. */
function startupOf(states: readonly WorkerState[]): number {
  const waits = states.flatMap(({ started, begun }) => (begun === null ? [] : (begun - started) / 1000));
  return waits.length === 0 ? 0 : Math.max(0, waits.reduce((sum, wait) => sum + wait, 0) / waits.length);
}

const round = (seconds: number): number => Number(seconds.toFixed(2));
