import { ConfigurationError } from "figloom/errors";
import { isRunName, workFolder } from "figloom/stages";
import { readJson } from "../run/files.js";
import { RunFolder } from "../run/places.js";
import type { RunPlan } from "../run/plan.js";

/** A run that was launched. */
export interface Launched {
  folder: RunFolder;
  plan: RunPlan;
}

/** @throws {ConfigurationError} where there is no such run, or its plan cannot be read */
export async function openRun(dataset: string, run: string): Promise<Launched> {
  const folder = new RunFolder(workFolder(dataset, run));
  const plan = isRunName(run) ? await readJson(folder.plan) : undefined;
  if (isPlan(plan)) return { folder, plan };
  throw new ConfigurationError(
    `${dataset} has no run ${run} on many workers; figloom runs ${dataset} lists those that there are.`,
  );
}

function isPlan(raw: unknown): raw is RunPlan {
  const { run, dataset, phases, engine, program } = (raw ?? {}) as Partial<RunPlan>;
  const texts = [run, dataset, engine?.name].every((text) => typeof text === "string");
  return texts && Array.isArray(phases) && Array.isArray(program);
}
