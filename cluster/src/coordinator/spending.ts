import { costOf } from "figloom/stages";
import type { WorkerState } from "../run/beats.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { tokensOf } from "./telling.js";

/** What a run has used so far, in all its lives. */
export interface Spending {
  prompt_tokens: number;
  completion_tokens: number;
  /** Hours that anybody worked on it. */
  hours: number;
  /** GPUs times hours: of workers with GPUs as long as they live, of given servers while a phase that asks them goes on. */
  gpuHours: number;
  /** `null` without prices. */
  cost: number | null;
}

/**
 * @param states of all workers that ever were
 * @param seconds of each phase, by id, that anybody worked on it
 */
export function spendingOf(
  { phases, prices }: Pick<RunPlan, "phases" | "prices">,
  states: readonly WorkerState[],
  seconds: ReadonlyMap<string, number>,
): Spending {
  const tokens = tokensOf(states);
  const worked = (id: string) => seconds.get(id) ?? 0;
  const gpuSeconds = phases.reduce((sum, phase) => {
    const own = states
      .filter((state) => state.phase === phase.id)
      .reduce((all, state) => all + lifeOf(state), 0);
    return sum + (phase.resources.gpus ?? 0) * own + given(phase, prices.gpus) * worked(phase.id);
  }, 0);
  return {
    ...tokens,
    hours: phases.reduce((sum, { id }) => sum + worked(id), 0) / 3600,
    gpuHours: gpuSeconds / 3600,
    cost: costOf({ ...tokens, seconds: gpuSeconds }, { ...prices, gpus: 1 }),
  };
}

/** GPUs of servers that run already, as far as is known: one each. */
export const given = ({ serving }: Pick<PhasePlan, "serving">, gpus: number | undefined): number =>
  serving && "endpoints" in serving ? (gpus ?? serving.endpoints.length) : 0;

/** Seconds from a worker's start to its last heartbeat, by its own clock. */
export const lifeOf = ({ started, at }: Pick<WorkerState, "started" | "at">): number =>
  Math.max(0, at - started) / 1000;

/** Of these, from when it got to work. */
export const workedFor = ({ begun, at }: Pick<WorkerState, "begun" | "at">): number =>
  begun === null ? 0 : Math.max(0, at - begun) / 1000;

/** Why a run has to stop: `the token budget of 1,000,000 is spent`; `null` while it has not. */
export function overspent({ tokens, hours, cost }: RunPlan["budget"], spent: Spending): string | null {
  if (tokens !== undefined && spent.prompt_tokens + spent.completion_tokens >= tokens)
    return `the token budget of ${tokens.toLocaleString("en")} is spent`;
  if (hours !== undefined && spent.hours >= hours) return `the budget of ${hours} h is spent`;
  if (cost !== undefined && spent.cost !== null && spent.cost >= cost)
    return `the budget of ${cost} is spent at the prices given`;
  return null;
}
