import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Job, TaskStatus } from "../engine.js";
import { ConfigurationError } from "figloom/errors";
import type { ProcessIdentity } from "figloom/processes";

/** `job.json`: written once, at submission. */
export interface JobFile extends Job {
  id: string;
  /** ISO 8601 in UTC. */
  submitted: string;
  slots: number;
  graceSeconds: number;
}

/** `tasks/<id>/state.json`: what the supervisor last recorded of a task. */
export interface TaskRecord extends TaskStatus {
  /** Leader of the attempt's process group; kept while it may still be running. */
  process?: ProcessIdentity;
}

export type Stream = "stdout" | "stderr";

/**
 * The files of one job. Every file appears whole, by a rename; only the logs grow.
 *
 * ```
 * job.json   supervisor.log   supervisors/<n>.json   requests/<time>-<id>.json
 * tasks/<id>/{state.json,stdout.log,stderr.log}
 * ```
 */
export class JobFolder {
  constructor(readonly path: string) {}

  get supervisors(): string {
    return join(this.path, "supervisors");
  }

  get requests(): string {
    return join(this.path, "requests");
  }

  get supervisorLog(): string {
    return join(this.path, "supervisor.log");
  }

  log(task: string, stream: Stream): string {
    return join(this.path, "tasks", task, `${stream}.log`);
  }

  /** Lays the folder out; its job file comes last, so that a folder with one is complete. */
  create(job: JobFile): void {
    mkdirSync(this.path);
    for (const folder of [this.supervisors, this.requests]) mkdirSync(folder);
    writeWhole(this.#jobFile, job, { flush: true });
  }

  exists(): boolean {
    return existsSync(this.#jobFile);
  }

  /** @throws {ConfigurationError} when this is not a job's folder. */
  job(): JobFile {
    const path = this.#jobFile;
    try {
      return JSON.parse(readFileSync(path, "utf8")) as JobFile;
    } catch (cause) {
      throw new ConfigurationError(
        `There is no job in ${this.path}: ${path} cannot be read. Give the handle that submit returned, ` +
          `on a machine that sees its folder.`,
        { cause },
      );
    }
  }

  /** A task without a state file was never touched: it is queued. */
  record(id: string): TaskRecord {
    const path = this.#state(id);
    try {
      return JSON.parse(readFileSync(path, "utf8")) as TaskRecord;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { id, state: "queued", restarts: 0 };
      return { id, state: "lost", restarts: 0, reason: `Its state file ${path} cannot be read.` };
    }
  }

  save(record: TaskRecord): void {
    const path = this.#state(record.id);
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, record);
  }

  get #jobFile(): string {
    return join(this.path, "job.json");
  }

  #state(task: string): string {
    return join(this.path, "tasks", task, "state.json");
  }
}

/**
 * Writes JSON so that a reader sees the old file or the new one. One writer a file: the temporary name is fixed.
 * @param options.flush waits until a power cut would not lose it.
 */
export function writeWhole(path: string, value: unknown, { flush = false } = {}): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 1)}\n`, { flush });
  renameSync(temporary, path);
}
