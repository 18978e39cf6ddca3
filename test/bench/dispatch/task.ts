import type { MakeWork } from "../../../cluster/src/worker/materials.js";
import { workOf, type StageSpec } from "figloom/stages";
import { idleWork } from "./idle-work.js";

/** What a program of this bench is told, as JSON. */
export interface Task {
  dataset: string;
  /** Empty for the plain loop. */
  run: string;
  spec: StageSpec;
  /** Figures that nothing is done with, so many at the same time; `null` for the stage's own. */
  idle: { figures: number; concurrency: number } | null;
}

/** What a program says of itself. */
export interface Used {
  /** Seconds of processors. */
  cpu: number;
  /** MiB. */
  resident: number;
}

export const makeWorkOf =
  ({ idle }: Task): MakeWork =>
  (dataset, spec, options) =>
    idle ? Promise.resolve(idleWork(idle.figures, idle.concurrency)) : workOf(dataset, spec, options);

/** Runs a program of this bench, and says what it used. */
export async function mainOf(work: (task: Task) => Promise<unknown>): Promise<void> {
  await work(JSON.parse(process.argv[2]!) as Task);
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used: Used = { cpu: (userCPUTime + systemCPUTime) / 1e6, resident: maxRSS / 1024 };
  process.stdout.write(JSON.stringify(used));
}
