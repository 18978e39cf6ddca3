import type { LaunchOptions, LaunchPlan } from "../launch-options.js";
import { launch, planLaunch } from "../launch.js";
import { findRun, listRuns, type Run } from "../runs.js";

/** Work on many workers, and all work that was and is being done. */
export interface RunVerbs {
  /**
   * Starts a run on many workers that needs neither this notebook nor this kernel, and returns at once. It is on the disk:
   * `lab.run(name)` finds it in another notebook, another day, on any machine that sees the dataset. First the plan is shown:
   * shards, nodes, and what it takes as far as that is known without asking anybody; with `dryRun` that is all.
   *
   * ```ts
   * import { slurm } from "@figloom/cluster";
   * const run = await lab.launch({ prompt: "context", model: "Qwen/Qwen3-VL-8B-Instruct", on: slurm({ partition: "h100", nodes: 4 }) });
   * await run.show();
   * ```
   * Needs the package `@figloom/cluster`.
   * @throws {ConfigurationError} which says all that hinders it; then nothing was submitted
   */
  launch(options: LaunchOptions & { dryRun: true }): Promise<LaunchPlan>;
  launch(options?: LaunchOptions & { dryRun?: false }): Promise<Run>;

  /**
   * The work that was done on the dataset and that is being done, by this process or another, the 100 latest, newest first:
   * each can be shown, paused, resumed and cancelled.
   */
  runs(): Promise<Run[]>;

  /** One of {@link runs}. @throws {ConfigurationError} when there is none of this name */
  run(name: string): Promise<Run>;
}

/** @param folder the dataset's */
export function runVerbs(folder: string): RunVerbs {
  function start(options: LaunchOptions & { dryRun: true }): Promise<LaunchPlan>;
  function start(options?: LaunchOptions & { dryRun?: false }): Promise<Run>;
  function start({ dryRun, ...options }: LaunchOptions & { dryRun?: boolean } = {}): Promise<
    Run | LaunchPlan
  > {
    return dryRun ? planLaunch(folder, options) : launch(folder, options);
  }
  return { launch: start, runs: () => listRuns(folder), run: (name) => findRun(folder, name) };
}
