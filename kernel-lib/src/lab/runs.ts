import { ConfigurationError } from "../errors.js";
import { printable } from "../text/printable.js";
import { foldRuns, isEnded, type RunEvent, type RunState } from "../views/run.js";
import { currentPart, runLine, statusText } from "../views/run-wording.js";
import { kernelSignal } from "../kernel/interrupt.js";
import {
  clusterRuns,
  isClusterRun,
  type ClusterRuns,
  type ClusterStatus,
  type RunLog,
} from "../work/cluster-runs.js";
import { readRun, readRuns } from "../work/events-file.js";
import { askRun, followRun } from "../work/follow.js";
import type { RunRequest } from "../work/requests.js";
import { liveRuns } from "../work/registry.js";
import { showRun } from "./run-display.js";
import { statusReport, logText } from "./run-text.js";
import { saying } from "./summary.js";

/**
 * One piece of long work on a dataset: what is known of it, and the way to steer it, from whichever process of this
 * machine it is done.
 */
export class Run {
  readonly #dataset: string;

  /** Use `lab.runs()` or `lab.run(name)`. */
  constructor(
    dataset: string,
    /** As it was when it was asked for; {@link refresh} asks again. */
    readonly state: RunState,
  ) {
    this.#dataset = dataset;
    saying(this, runText(state));
  }

  get name(): string {
    return this.state.run;
  }

  /** What is known of it now. */
  async refresh(): Promise<Run> {
    return findRun(this.#dataset, this.name);
  }

  /** Shows it under the running cell; in JupyterLab the view follows it, also after the page was loaded anew. */
  async show(): Promise<void> {
    showRun((await this.refresh()).state);
  }

  /** Begins no further item until it is resumed; what is at work is finished. */
  pause(): Promise<void> {
    return this.#ask("pause");
  }

  /**
   * Goes on after a pause; a run on many workers also after it was cancelled, failed, or lost its tasks. Then new tasks
   * are submitted for what is not done.
   */
  resume(): Promise<void> {
    return this.#ask("resume");
  }

  /** Ends it. What is done is kept, and the same call, or {@link resume}, goes on from there. */
  cancel(): Promise<void> {
    return this.#ask("cancel");
  }

  /**
   * Waits until it has ended; the run goes on when the wait is interrupted.
   * @param options.signal ends the wait. @default the notebook's interrupt
   * @returns the run as it ended
   */
  async wait({ signal = kernelSignal() }: { signal?: AbortSignal } = {}): Promise<Run> {
    signal.throwIfAborted();
    const followed = new AbortController();
    const over = AbortSignal.any([signal, followed.signal]);
    try {
      const ended = await new Promise<RunState>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        let state: RunState;
        const learn = (events: RunEvent[]) => {
          state = foldRuns(events, state)!;
          if (isEnded(state)) resolve(state);
        };
        followRun(this.#dataset, this.name, learn, over).then((known) => {
          state = known ?? this.state;
          if (isEnded(state)) resolve(state);
        }, reject);
      });
      return new Run(this.#dataset, ended);
    } finally {
      followed.abort();
    }
  }

  /** How its phases, tasks and workers stand, of a run on many workers: from the disk, and from who gives the machines. */
  async status(): Promise<ClusterStatus> {
    const status = await this.#cluster().then((cluster) => cluster.status(this.#dataset, this.name));
    return saying(status, statusReport(status));
  }

  /**
   * The ends of the logs of the workers that had a shard, or of a task, newest first.
   * @param of a shard's number, or `{ task: "w0" }`
   */
  async logs(of: string | number | { shard: string } | { task: string }): Promise<RunLog[]> {
    const asked = typeof of === "object" ? of : { shard: String(of) };
    const logs = await this.#cluster().then((cluster) => cluster.logs(this.#dataset, this.name, asked));
    return saying(logs, logText(logs));
  }

  /** What was done, by which model and prompt, at which rate, and what failed; while it goes on, what can be said by now. */
  async report(): Promise<string> {
    return (await (await this.#cluster()).report(this.#dataset, this.name)).markdown;
  }

  async #cluster(): Promise<ClusterRuns> {
    if (isClusterRun(this.#dataset, this.name)) return clusterRuns();
    throw new ConfigurationError(
      `${this.name} was done by one process, which says all of it: await run.show(), await lab.quarantine().`,
    );
  }

  /** @throws {ConfigurationError} when there is nothing of the kind to be done */
  async #ask(request: RunRequest): Promise<void> {
    if (await askRun(this.#dataset, this.name, request)) return;
    throw new ConfigurationError(`${this.name} has ended; there is nothing to ${request}.`);
  }
}

/** A dataset's runs, newest first, see `Lab.runs`. */
export async function listRuns(dataset: string): Promise<Run[]> {
  const waiting = [...liveRuns.values()]
    .map(({ state }) => state)
    .filter((state) => state.dataset === dataset);
  const written = await readRuns(dataset);
  // What has just begun may not stand in the dataset yet.
  const all = [...waiting.filter(({ run }) => written.every((known) => known.run !== run)), ...written];
  const runs = all.sort((a, b) => b.started - a.started).map((state) => new Run(dataset, state));
  return saying(runs, runs.length > 0 ? runs.join("\n") : "No work was done on this dataset yet.");
}

/** @throws {ConfigurationError} when there is no such run */
export async function findRun(dataset: string, name: string): Promise<Run> {
  const state = await readRun(dataset, name);
  if (state) return new Run(dataset, state);
  throw new ConfigurationError(
    `${dataset} has no run ${name}; await lab.runs() lists those that there are (figloom runs).`,
  );
}

function runText(state: RunState): string {
  const said = isEnded(state)
    ? `${statusText(state)}. ${state.message ?? ""}`
    : currentPart(state)
      ? runLine(state)
      : [statusText(state), state.notices.at(-1)?.text].filter(Boolean).join(". ");
  return printable(`${state.run}  ${state.title}: ${said}`);
}
