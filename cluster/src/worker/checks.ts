import { existsSync } from "node:fs";
import { ConfigurationError } from "figloom/errors";
import { VERSION } from "figloom/stages";
import type { WorkerState } from "../run/beats.js";
import type { RunFolder } from "../run/places.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { readRunPlan } from "../run/run-file.js";
import type { Identity } from "./identity.js";

/**
 * Reads what a worker is to do.
 * @throws {ConfigurationError} where the folder is not to be seen from here, or is none
 */
export async function readTask(
  run: RunFolder,
  phaseId: string,
  host: string,
): Promise<{ plan: RunPlan; phase: PhasePlan }> {
  if (!existsSync(run.path))
    throw new ConfigurationError(
      `${run.path} is not to be seen from ${host}: put the dataset where all nodes see it under the same path.`,
    );
  const plan = await readRunPlan(run);
  const phase = plan.phases.find(({ id }) => id === phaseId);
  if (phase) return { plan, phase };
  const phases = plan.phases.map(({ id }) => id).join(", ");
  throw new ConfigurationError(`${plan.run} has no phase ${phaseId}; it has ${phases}.`);
}

/** @throws {ConfigurationError} for what would be wrong on every start of a worker here */
export function checkNode({ dataset, figloom_version: launched }: RunPlan, host: string): void {
  if (!existsSync(dataset))
    throw new ConfigurationError(
      `The dataset ${dataset} is not to be seen from ${host}: put it where all nodes see it under the same path.`,
    );
  if (launched !== VERSION)
    throw new ConfigurationError(
      `The run was launched by figloom ${launched}, and ${host} has ${VERSION}: install the same version everywhere, or launch again.`,
    );
}

/**
 * Why a task should not go on being started: its last starts came to nothing, not even to one item.
 * @param states of all workers; a start that left no word at all came to nothing, too
 * @param most starts in a row
 */
export function hopelessness(
  { job, task, restart }: Pick<Identity, "job" | "task" | "restart">,
  states: readonly WorkerState[],
  most: number,
): string | null {
  if (restart < most) return null;
  const recent = states
    .filter(
      (state) =>
        state.job === job &&
        state.task === task &&
        state.restart >= restart - most &&
        state.restart < restart,
    )
    .sort((a, b) => a.restart - b.restart);
  if (recent.some(({ done, failed, reused }) => done + failed + reused > 0)) return null;
  const said = recent.findLast(({ note }) => note !== null)?.note;
  const last = said ? ` It last said: ${said}` : "";
  return `The task ${task} was started again ${most} times without a single new result, and is not tried any more.${last}`;
}
