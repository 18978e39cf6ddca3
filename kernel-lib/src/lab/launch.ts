import { inNotebook, show } from "../kernel/display.js";
import { clusterRuns } from "../work/cluster-runs.js";
import type { LaunchOptions, LaunchPlan } from "./launch-options.js";
import { findRun, type Run } from "./runs.js";
import { planText } from "./run-text.js";
import { saying } from "./summary.js";

/** Plans a launch, see `Lab.launch`. */
export async function planLaunch(dataset: string, options: LaunchOptions): Promise<LaunchPlan> {
  const plan = await (await clusterRuns()).planLaunch(dataset, options);
  return saying(plan, planText(plan));
}

/** Launches a run, see `Lab.launch`. */
export async function launch(dataset: string, options: LaunchOptions): Promise<Run> {
  const name = await (
    await clusterRuns()
  ).launch(dataset, options, (plan) => show({ "text/plain": planText(plan) }));
  const run = await findRun(dataset, name);
  if (inNotebook()) await run.show();
  return run;
}
