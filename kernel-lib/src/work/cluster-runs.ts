/** Runs on many workers. `@figloom/cluster`, which figloom does not depend on, looks after them where it is installed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";
import type { LaunchOptions, LaunchPlan } from "../lab/launch-options.js";
import type { RunEvent } from "../views/run.js";
import { runNamesIn, workFolder } from "./places.js";
import type { RunRequest } from "./requests.js";

/** What its module `launch` does. Datasets are absolute folders. */
export interface ClusterRuns {
  /** Looks at everything, and submits nothing yet. */
  prepareLaunch(dataset: string, options: LaunchOptions): Promise<PreparedLaunch>;
  /** @returns whether there is anything of the kind to be done */
  ask(dataset: string, run: string, request: RunRequest): Promise<boolean>;
  /**
   * What its events do not say, since nobody is left to write it or knows better: the engine's tasks, and how it stands.
   * Asks the engine four times a minute at most.
   */
  look(dataset: string, run: string): Promise<RunEvent[]>;
  /** Everything that is known, for people and programs. */
  status(dataset: string, run: string): Promise<ClusterStatus>;
  /** The end of the logs of who had a shard, or of a task, newest first. */
  logs(dataset: string, run: string, of: { shard?: string; task?: string }): Promise<RunLog[]>;
  /** The report, or while the run goes on what can be said by now; as Markdown. */
  report(dataset: string, run: string): Promise<ClusterReport>;
}

/** A run that can be submitted. */
export interface PreparedLaunch {
  plan: LaunchPlan;
  /** All that it would write and run, a text for each phase. */
  scripts(): Promise<string[]>;
  /**
   * To be called once. @returns the run's name
   * @throws {ConfigurationError} which says all that hinders it; then nothing was submitted
   */
  submit(): Promise<string>;
}

/** Where a run on many workers stands. */
export interface ClusterStatus {
  run: string;
  title: string;
  engine: string;
  /** `running`, `waiting`, `pausing`, `paused`, `cancelling`, `cancelled`, `stopping`, `failed`, `finished`, `lost`, `unknown` */
  state: string;
  /** In one sentence. */
  said: string;
  phases: ClusterPhase[];
  tasks: ClusterTask[];
}

/** Where a stage of such a run stands. */
export interface ClusterPhase {
  id: string;
  /** `null` before it is planned. */
  shards: number | null;
  done: number;
  collected: number;
  finished: boolean;
}

/** One of its workers, as its engine and it itself see it. */
export interface ClusterTask {
  phase: string;
  task: string;
  state: string;
  host: string | null;
  restarts: number;
  said: string;
  /** Of its worker: what it says itself, `null` where it has said nothing yet. */
  worker: { name: string; status: string; note: string | null; done: number; failed: number } | null;
}

/** What one of its programs wrote. */
export interface RunLog {
  phase: string;
  task: string;
  /** Why it is shown: `lease 2 of 00000007`. */
  why: string;
  stdout: string;
  stderr: string;
}

/** How a run went, so far or in the end. */
export interface ClusterReport {
  /** Whether the run has ended, and this is its report. */
  final: boolean;
  markdown: string;
  json: unknown;
}

const PACKAGE = "@figloom/cluster";

/** Whether a run is one on many workers. */
export const isClusterRun = (dataset: string, run: string): boolean =>
  existsSync(join(workFolder(dataset, run), "run.json"));

/** Runs on many workers, the newest first. */
export const launchedRuns = async (dataset: string): Promise<string[]> =>
  (await runNamesIn(dataset)).filter((run) => isClusterRun(dataset, run));

let loaded: Promise<ClusterRuns> | undefined;

/** @throws {ConfigurationError} where the package is not there */
export function clusterRuns(): Promise<ClusterRuns> {
  loaded ??= (import(`${PACKAGE}/launch`) as Promise<ClusterRuns>).catch((error: unknown) => {
    loaded = undefined;
    const text = errorText(error);
    throw new ConfigurationError(
      text.startsWith(`Cannot find package '${PACKAGE}'`) || text.startsWith(`Cannot find module '${PACKAGE}`)
        ? `Runs on many workers come with the package ${PACKAGE}: npm install ${PACKAGE}`
        : `The package ${PACKAGE} cannot be loaded; install or build it again (${text}).`,
    );
  });
  return loaded;
}
