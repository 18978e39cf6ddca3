import { ConfigurationError } from "figloom/errors";
import { isRunName, workFolder } from "figloom/stages";
import { RunFolder } from "../run/places.js";
import type { RunPlan } from "../run/plan.js";
import { readRunPlan } from "../run/run-file.js";

/** A run that was launched. */
export interface Launched {
  /** Its folder as it is seen from here. */
  dataset: string;
  folder: RunFolder;
  plan: RunPlan;
}

/** @throws {ConfigurationError} where there is no such run, or its plan cannot be read */
export async function openRun(dataset: string, run: string): Promise<Launched> {
  if (!isRunName(run))
    throw new ConfigurationError(
      `${JSON.stringify(run)} is no run's name; figloom runs ${dataset} lists them.`,
    );
  const folder = new RunFolder(workFolder(dataset, run));
  return { dataset, folder, plan: await readRunPlan(folder) };
}
