import { ConfigurationError } from "../errors.js";
import { printable } from "../text/printable.js";
import type { RunState } from "../views/run.js";
import { isEnded } from "../views/run.js";
import { runLine, statusText } from "../views/run-wording.js";
import { readRun, readRuns } from "../work/events-file.js";
import { askRun } from "../work/follow.js";
import type { RunRequest } from "../work/requests.js";
import { liveRuns } from "../work/registry.js";
import { showRun } from "./run-display.js";
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

  /** Goes on after a pause. */
  resume(): Promise<void> {
    return this.#ask("resume");
  }

  /** Ends it. What is done is kept, and the same call goes on from there. */
  cancel(): Promise<void> {
    return this.#ask("cancel");
  }

  /** @throws {ConfigurationError} when it has ended */
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
  const said = isEnded(state) ? `${statusText(state)}. ${state.message ?? ""}` : runLine(state);
  return printable(`${state.run}  ${state.title}: ${said}`);
}
