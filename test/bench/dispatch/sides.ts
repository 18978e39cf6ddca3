import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { RunFolder } from "../../../cluster/src/run/places.js";
import { DEFAULT_LIMITS, type RunPlan } from "../../../cluster/src/run/plan.js";
import { writeRunPlan } from "../../../cluster/src/run/run-file.js";
import { newRunName, workFolder } from "../../../kernel-lib/src/work/places.js";
import { VERSION } from "../../../kernel-lib/src/version.js";
import { bundlePrograms } from "../../support/bundle-programs.js";
import type { Task, Used } from "./task.js";

/** What one side took. */
export interface Side extends Used {
  seconds: number;
}

export const PROGRAMS = ["loop", "work", "plan"] as const;

/** The programs of this bench, bundled. */
export function programs(): Promise<string> {
  const entries = PROGRAMS.map((name) => [name, `test/bench/dispatch/${name}.ts`]);
  return bundlePrograms("bench-dispatch", Object.fromEntries(entries) as Record<string, string>);
}

/** A run that is ready for its workers. */
export async function makeRun(
  dataset: string,
  { spec, shardSize, workers }: { spec: Task["spec"]; shardSize: number; workers: number },
): Promise<RunFolder> {
  const run = newRunName("bench", new Date());
  const folder = new RunFolder(workFolder(dataset, run));
  mkdirSync(folder.path, { recursive: true });
  const plan: RunPlan = {
    ...{ run, dataset, title: "bench", figloom_version: VERSION, created: new Date().toISOString() },
    engine: { name: "local", options: { slots: workers, folder: join(dataset, "jobs") } },
    program: [process.execPath],
    phases: [{ id: "1-bench", spec, shardSize, workers, resources: {}, serving: null }],
    ...{ budget: {}, prices: {}, inherit: [], limits: DEFAULT_LIMITS },
  };
  await writeRunPlan(folder, plan);
  return folder;
}

/** Starts programs side by side and waits for all of them. */
export async function run(
  folder: string,
  program: (typeof PROGRAMS)[number],
  task: Task,
  copies = 1,
): Promise<Side> {
  const start = performance.now();
  const all = await Promise.all(
    Array.from({ length: copies }, async (_, i) => {
      const env = { ...process.env, FIGLOOM_JOB_ID: "bench", FIGLOOM_TASK_ID: `w${i}` };
      const args = [join(folder, `${program}.cjs`), JSON.stringify(task)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      return JSON.parse(stdout) as Used;
    }),
  );
  return {
    seconds: (performance.now() - start) / 1000,
    cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
    resident: Math.max(...all.map(({ resident }) => resident)),
  };
}
