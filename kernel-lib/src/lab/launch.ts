import { inNotebook, show } from "../kernel/display.js";
import { clusterRuns, type PreparedLaunch } from "../work/cluster-runs.js";
import type { LaunchOptions, LaunchPlan } from "./launch-options.js";
import { findRun, type Run } from "./runs.js";
import { planText } from "./run-text.js";
import { saying } from "./summary.js";

/** What a launch would do; nothing is submitted yet. */
export async function prepareLaunch(dataset: string, options: LaunchOptions): Promise<PreparedLaunch> {
  const prepared = await (await clusterRuns()).prepareLaunch(dataset, options);
  return { ...prepared, plan: saying(prepared.plan, planText(prepared.plan)) };
}

/** Plans a launch, see `Lab.launch`. */
export const planLaunch = async (dataset: string, options: LaunchOptions): Promise<LaunchPlan> =>
  (await prepareLaunch(dataset, options)).plan;

/** Launches a run, see `Lab.launch`. */
export async function launch(dataset: string, options: LaunchOptions): Promise<Run> {
  const { plan, submit } = await prepareLaunch(dataset, options);
  if (plan.problems.length === 0) show({ "text/plain": String(plan) });
  const run = await findRun(dataset, await submit());
  if (inNotebook()) await run.show();
  return run;
}
