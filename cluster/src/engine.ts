/**
 * What every engine can do. An engine gives machines to tasks and restarts them; it knows nothing of figures. Which
 * shard is done, and which of two copies of a task won, is decided by what tasks write to disk, never by a task's
 * state here: an engine may run a task twice.
 *
 * Each docstring says what the member stands for on Slurm, so that one interface fits both.
 */

/** One command to run. Slurm: one index of a job array. */
export interface Task {
  /** Names a folder: letters, digits, `.`, `_` and `-`, starting with a letter or digit, at most 100; unique in the
   * job without regard to case. Slurm: kept beside the array index that stands for it. */
  id: string;
  /** Program and arguments, run without a shell. Written to disk, so never with a secret in it. */
  command: string[];
  /** Absolute folder to run in. Slurm: `--chdir`, checked beforehand, since Slurm runs in `/tmp` if it is missing. */
  cwd: string;
  /** Variables by value; written to disk. A name that looks like a secret's (`…_KEY`, `…_TOKEN`) is refused. */
  env?: Record<string, string>;
  /** Variables by name: taken, where set, from the environment of whoever submits (or requeues, once nothing of the
   * job is running) and never written to disk. The way for secrets. Nothing else of that environment is passed but
   * the basics (`PATH`, `HOME`, locale). Slurm: in sbatch's environment, which it hands on. */
  inherit?: string[];
}

/** What each task may use. Slurm: `--cpus-per-task`, `--gres=gpu:N`, `--mem`, `--time`. */
export interface Resources {
  cpus?: number;
  gpus?: number;
  /** MiB. */
  memory?: number;
  /** Time limit of one attempt; a task that reaches it is stopped and has failed. */
  minutes?: number;
  /** Seconds before the time limit at which a task is told (SIGUSR1) to leave. Slurm: `--signal=B:USR1@N`. */
  noticeSeconds?: number;
  /** Slurm: `--partition`, where this kind of task has one of its own. */
  partition?: string;
}

/** Slurm: one array, or several where the tasks are more than the site's `MaxArraySize`. */
export interface Job {
  /** For people; same characters as a task's id. Slurm: begins the `--job-name`. */
  name: string;
  tasks: Task[];
  resources?: Resources;
  /** Jobs of the same engine that must have ended first, however they ended. Slurm: `--dependency=afterany`. */
  after?: JobHandle[];
}

/** Which engine, as plain JSON: a run remembers it, so that any process can ask the engine again. */
export type EngineChoice = { name: "local"; options: object } | { name: "slurm"; options: object };

/**
 * Finds a job again: plain JSON, good in any process that sees the folder, long after the submitter has died.
 * Slurm: the array ids stand in the folder, since a submission may be accepted without our hearing of it.
 */
export interface JobHandle {
  engine: string;
  id: string;
  /** The job's own folder, absolute. */
  folder: string;
}

/**
 * - `queued`: waits for a slot. Slurm: PENDING, also while requeued.
 * - `running`: Slurm: RUNNING, COMPLETING.
 * - `succeeded`: ended with exit code 0. Slurm: COMPLETED.
 * - `failed`: ended otherwise, could not start, or met its limit. Slurm: FAILED, TIMEOUT, OUT_OF_MEMORY.
 * - `cancelled`: stopped by {@link Engine.cancel}. Slurm: CANCELLED, and cancelled array indices without a row.
 * - `lost`: the engine cannot say how it ended, nor whether it is still running: who looked after it has died.
 *   {@link Engine.requeue} brings it back. Slurm: NODE_FAIL, or no row where one is due.
 */
export type TaskState = "queued" | "running" | "succeeded" | "failed" | "cancelled" | "lost";

export interface TaskStatus {
  id: string;
  state: TaskState;
  /** Times this task was requeued; with the job's id it tells attempts apart. Slurm: RestartCnt, and those of the
   * arrays it was in before. */
  restarts: number;
  /** Machine of the last attempt. Slurm: NodeList. */
  host?: string;
  /** Start of the last attempt, ISO 8601 in UTC. */
  started?: string;
  /** End of the last attempt; for a lost task the time at which the loss was noticed, if it was recorded. */
  ended?: string;
  /** 0 to 255, when the command ended by itself. Slurm: the first half of ExitCode. */
  exitCode?: number;
  /** Such as `SIGKILL`, when a signal ended it. Slurm: from the second half of ExitCode. */
  signal?: string;
  /** Why, where the state does not say it all: one plain sentence. Slurm: Reason, explained. */
  reason?: string;
}

/** Which piece of a log to read. */
export interface LogRange {
  /** `stdout` unless given. Slurm: `--output` and `--error`. */
  stream?: "stdout" | "stderr";
  /** Byte to start at, 0 unless given; negative counts from the end. */
  from?: number;
  /** At most this many bytes, 4 to 16 MiB; 1 MiB unless given. */
  limit?: number;
}

export interface LogPart {
  /** As the task wrote it: escape it before it reaches a page or a terminal. Never ends within a character. */
  text: string;
  /** Where to read on; as long as nothing was written, the same as before. */
  next: number;
}

/**
 * Every task finds `FIGLOOM_JOB_ID`, `FIGLOOM_TASK_ID` and `FIGLOOM_RESTART_COUNT` in its environment and fences
 * what it writes with them. (Slurm: the same, set by the job script.)
 *
 * All members throw `ConfigurationError` for a job, handle or task id that cannot be right.
 */
export interface Engine {
  readonly name: string;
  /** Makes the same engine again in any process, also after this one has died. */
  readonly choice: EngineChoice;
  /** What stands in the way of such a job, a plain sentence each; none if it can be submitted. Submits nothing. Slurm:
   * no `sbatch`, no such partition or account, more than its limits allow. */
  preflight(job: Job): Promise<string[]>;
  /** All that submitting the job would write and run, as text to read, where that is more than its commands. */
  dryRun?(job: Job): Promise<string>;
  /** The latest job of exactly this name, `null` if there is none: a submitter that died may have submitted it. */
  find(name: string): Promise<JobHandle | null>;
  /** Returns once the job is in the engine's hands and no longer needs this process. Slurm: `sbatch --parsable`. */
  submit(job: Job): Promise<JobHandle>;
  /** Every task in the job's order. Slurm: one `squeue` for all arrays, then `sacct` for rows that are gone. */
  status(handle: JobHandle): Promise<TaskStatus[]>;
  /** Stops tasks (all unless given) that have not ended; returns once they have. Their processes get SIGTERM and,
   * after a grace, SIGKILL. Slurm: `scancel`, with its KillWait. */
  cancel(handle: JobHandle, tasks?: string[]): Promise<void>;
  /** Queues again those of the given tasks (all unless given) that are failed, cancelled or lost, with one more
   * restart; leaves the others alone. Slurm: a new array, which also serves tasks that Slurm has forgotten. */
  requeue(handle: JobHandle, tasks?: string[]): Promise<void>;
  /** Reads from a task's log, also while it is being written; attempts follow one another in it. Slurm:
   * `--open-mode=append`. */
  logs(handle: JobHandle, task: string, range?: LogRange): Promise<LogPart>;
}
