import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { Engine, EngineChoice, Job, JobHandle, LogPart, LogRange, TaskStatus } from "../engine.js";
import { ConfigurationError, errorText } from "figloom/errors";
import { checkJob, missingFolders } from "../job.js";
import { ask, ensureAttended } from "./attendance.js";
import { JobFolder } from "./folder.js";
import { readLog } from "./logs.js";
import { recordedStatus } from "./status.js";

export interface LocalOptions {
  /** How many tasks of one job run at the same time, 1 to 1024; the machine's cores unless given. */
  slots?: number;
  /** Where the folders of jobs are made; `.figloom/jobs` in the current folder unless given. On a disk of this
   * machine, or one on which hard links work. */
  folder?: string;
  /** Seconds between SIGTERM and SIGKILL, 0 to 3600; 10 unless given. */
  graceSeconds?: number;
}

/**
 * The engine that runs tasks as processes of this machine. A small supervisor process looks after each job and
 * outlives whoever submitted it; all that is known of a job stands in its folder. Linux and macOS.
 *
 * A task takes one slot, whatever its resources say; `minutes` is enforced, the other resources are not. Should the
 * supervisor die, tasks that had not ended are `lost`, and those running go on until they are requeued or cancelled.
 * @throws {ConfigurationError} for options out of range.
 */
export function local(options: LocalOptions = {}): Engine {
  const { slots = availableParallelism(), folder = ".figloom/jobs", graceSeconds = 10 } = options;
  if (!Number.isInteger(slots) || slots < 1 || slots > 1024)
    throw new ConfigurationError(`slots is ${slots}; give a whole number from 1 to 1024.`);
  if (!(graceSeconds >= 0 && graceSeconds <= 3600))
    throw new ConfigurationError(`graceSeconds is ${graceSeconds}; give a number from 0 to 3600.`);
  return new LocalEngine(resolve(folder), slots, graceSeconds);
}

class LocalEngine implements Engine {
  readonly name = "local";

  constructor(
    private readonly root: string,
    private readonly slots: number,
    private readonly graceSeconds: number,
  ) {}

  get choice(): EngineChoice {
    const { slots, graceSeconds } = this;
    return { name: "local", options: { folder: this.root, slots, graceSeconds } satisfies LocalOptions };
  }

  preflight(job: Job): Promise<string[]> {
    try {
      checkJob(job);
      return Promise.resolve(missingFolders(job));
    } catch (error) {
      return Promise.resolve([errorText(error)]);
    }
  }

  find(name: string): Promise<JobHandle | null> {
    const ids = existsSync(this.root) ? readdirSync(this.root).sort() : [];
    const id = ids.findLast(
      (id) =>
        id.startsWith(`${name}-`) &&
        STAMP.test(id.slice(name.length)) &&
        // Its submitter may have died before it was one.
        existsSync(join(this.root, id, "job.json")),
    );
    return Promise.resolve(id === undefined ? null : this.#handle(id));
  }

  async submit(job: Job): Promise<JobHandle> {
    checkJob(job);
    const [missing] = missingFolders(job);
    if (missing !== undefined) throw new ConfigurationError(missing);
    const submitted = new Date().toISOString();
    const id = `${job.name}-${submitted.replace(/\D/g, "").slice(0, 14)}-${randomBytes(3).toString("hex")}`;
    const folder = new JobFolder(join(this.root, id));
    const { slots, graceSeconds } = this;
    try {
      mkdirSync(this.root, { recursive: true });
      folder.create({ id, submitted, slots, graceSeconds, ...job });
    } catch (cause) {
      throw new ConfigurationError(
        `The job ${job.name} cannot be written to ${this.root}: ${errorText(cause)}. Give another folder.`,
        { cause },
      );
    }
    try {
      await ensureAttended(folder);
    } catch (error) {
      rmSync(folder.path, { recursive: true });
      throw error;
    }
    return this.#handle(id);
  }

  /** Asked on another machine, it tells what was last recorded. */
  async status(handle: JobHandle): Promise<TaskStatus[]> {
    return recordedStatus(this.#open(handle));
  }

  async cancel(handle: JobHandle, tasks?: string[]): Promise<void> {
    await this.#ask("cancel", handle, tasks);
  }

  async requeue(handle: JobHandle, tasks?: string[]): Promise<void> {
    await this.#ask("requeue", handle, tasks);
  }

  async logs(handle: JobHandle, task: string, range: LogRange = {}): Promise<LogPart> {
    const folder = this.#open(handle);
    checkKnown(folder, [task]);
    return readLog(folder.log(task, range.stream === "stderr" ? "stderr" : "stdout"), range);
  }

  async #ask(action: "cancel" | "requeue", handle: JobHandle, tasks?: string[]): Promise<void> {
    const folder = this.#open(handle);
    const known = checkKnown(folder, tasks ?? []);
    await ask(folder, { action, tasks: tasks ?? known });
  }

  #handle(id: string): JobHandle {
    return { engine: this.name, id, folder: join(this.root, id) };
  }

  #open({ engine, folder }: JobHandle): JobFolder {
    if (engine !== this.name)
      throw new ConfigurationError(
        `This handle is of the engine ${engine}; give it to that engine, not local.`,
      );
    return new JobFolder(folder);
  }
}

/** What stands behind a job's name in its id: when it was submitted, and some letters by chance. */
const STAMP = /^-\d{14}-[0-9a-f]{6}$/;

/** @returns the ids of all the job's tasks. */
function checkKnown(folder: JobFolder, asked: string[]): string[] {
  const { id: job, tasks } = folder.job();
  const ids = tasks.map(({ id }) => id);
  const known = new Set(ids);
  for (const id of asked)
    if (!known.has(id)) throw new ConfigurationError(`The job ${job} has no task ${JSON.stringify(id)}.`);
  return ids;
}
