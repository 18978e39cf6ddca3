/** What a kernel answers about runs, its own and other processes', on the comm target {@link RUN_TARGET}. */
import type { RunEvent, RunState } from "./run.js";

/** A page opens it with nothing. */
export const RUN_TARGET = "figloom.run.v1";

/** Which run. */
export interface RunName {
  /** The dataset's folder, absolute or relative to the kernel's; `null` for work on none. */
  dataset: string | null;
  run: string;
}

export interface RunMethods {
  /**
   * The newest runs of datasets, newest first; their failures have no samples.
   * @param argument.datasets `null` for all below the kernel's folder, looked for anew twice a minute
   */
  runs(argument: { datasets: string[] | null }): RunState[];
  /** What is known of a run. From then on its events come as they happen, until the line is closed. `null`: no such run */
  watch(argument: RunName): RunState | null;
  /** Begins no further item; what is at work is finished. Says what became of it within a second or two, as an event. */
  pause(argument: RunName): boolean;
  /** A run on many workers may be resumed also when it has ended before all was done. */
  resume(argument: RunName): boolean;
  /** Ends it; what is done is kept. `false`: it has ended, or there is no such run. */
  cancel(argument: RunName): boolean;
  /** The end of a task's log, of a run on many workers. */
  log(argument: RunName & { phase: string; task: string }): RunLogEnd;
}

/** As it was written: untrusted text. */
export interface RunLogEnd {
  stdout: string;
  stderr: string;
}

export interface RunServiceEvents {
  run: { run: string; events: RunEvent[] };
}
