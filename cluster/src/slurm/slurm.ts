import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError, errorText } from "figloom/errors";
import type { Engine, EngineChoice, Job, JobHandle, LogPart, LogRange, TaskStatus } from "../engine.js";
import { checkJob, missingFolders } from "../job.js";
import { readLog } from "../local/logs.js";
import { SlurmCommands } from "./commands.js";
import { dryRun } from "./dry-run.js";
import { SlurmFolder, type SlurmJobFile } from "./folder.js";
import { isUnfinished, look, namesOf } from "./look.js";
import { type CheckedOptions, checkOptions, type SlurmOptions } from "./options.js";
import { preflight } from "./preflight.js";
import { explainRefusal } from "./refusals.js";
import { jobScript } from "./script.js";
import { readLimits } from "./site.js";
import { submitTasks } from "./submit.js";

/** Between looks at tasks that are to end: soon at first, and then as seldom as a site likes to be asked. */
const [LEAST_PAUSE_MS, MOST_PAUSE_MS] = [500, 15_000];
/** How long cancelled tasks may take to end: a site's grace between SIGTERM and SIGKILL is seldom over a minute. */
const CANCEL_MS = 5 * 60_000;

export type { SlurmOptions };

export interface SlurmEngine extends Engine {
  /** All that submitting the job would write and run, as text to read; nothing of it is done. */
  dryRun(job: Job): Promise<string>;
}

/**
 * The engine that runs tasks as array jobs of a Slurm, 22.05 or newer, through its commands, on this machine or by ssh.
 * All that is known of a job stands in its folder, which the nodes must share.
 *
 * Slurm may run a task twice at the same time, when a node that it has given up goes on; tasks fence what they write.
 * @throws {ConfigurationError} for options that cannot be right
 */
export function slurm(options: SlurmOptions = {}): SlurmEngine {
  return new Slurm(checkOptions(options));
}

class Slurm implements SlurmEngine {
  readonly name = "slurm";
  readonly #commands: SlurmCommands;

  constructor(private readonly options: CheckedOptions) {
    this.#commands = new SlurmCommands(options.login);
  }

  get choice(): EngineChoice {
    return { name: "slurm", options: this.options };
  }

  async preflight(job: Job): Promise<string[]> {
    try {
      checkJob(job);
      const script = jobScript(this.options, job.resources);
      return await preflight(job, script, this.options, this.#commands);
    } catch (error) {
      return [errorText(error)];
    }
  }

  async dryRun(job: Job): Promise<string> {
    checkJob(job);
    const { arraySize } = await readLimits(this.#commands).catch(() => ({ arraySize: USUAL_ARRAY }));
    return dryRun(this.#newJob(job, arraySize), this.#commands);
  }

  find(name: string): Promise<JobHandle | null> {
    const { folder } = this.options;
    const ids = existsSync(folder) ? readdirSync(folder).sort() : [];
    const id = ids.findLast(
      (id) =>
        id.startsWith(name) && STAMP.test(id.slice(name.length)) && existsSync(join(folder, id, "job.json")),
    );
    return Promise.resolve(id === undefined ? null : this.#handle(id));
  }

  async submit(job: Job): Promise<JobHandle> {
    checkJob(job);
    const [missing] = missingFolders(job);
    if (missing !== undefined) throw new ConfigurationError(missing);
    const { arraySize } = await readLimits(this.#commands);
    const file = this.#newJob(job, arraySize);
    const folder = new SlurmFolder(join(this.options.folder, file.id));
    try {
      mkdirSync(this.options.folder, { recursive: true });
      folder.create(file, jobScript(this.options, job.resources));
    } catch (cause) {
      if (cause instanceof ConfigurationError) throw cause;
      throw new ConfigurationError(
        `The job ${job.name} cannot be written to ${this.options.folder}: ${errorText(cause)}. Give another folder.`,
        { cause },
      );
    }
    try {
      await submitTasks(folder, this.#commands, [...job.tasks.keys()], 0);
    } catch (error) {
      // Otherwise Slurm may have accepted it, and the folder is what knows of it.
      if (error instanceof ConfigurationError) rmSync(folder.path, { recursive: true });
      throw error;
    }
    return this.#handle(file.id);
  }

  async status(handle: JobHandle): Promise<TaskStatus[]> {
    const { folder, job } = this.#open(handle);
    return (await look(folder, job, this.#commands)).map(({ status }) => status);
  }

  async cancel(handle: JobHandle, tasks?: string[]): Promise<void> {
    const { folder, job } = this.#open(handle);
    const numbers = numbersOf(job, tasks);
    const unfinished = async () => {
      const looks = await look(folder, job, this.#commands);
      return numbers.map((number) => looks[number]!).filter(isUnfinished);
    };
    const stopped = await unfinished();
    if (stopped.length === 0) return;
    folder.cancel({
      tasks: stopped.map(({ number }) => number),
      upTo: Math.max(...stopped.map(({ submission }) => submission!.number)),
    });
    const { code, stderr } = await this.#commands.ask(["scancel", ...namesOf(stopped)]);
    if (code !== 0 && !/invalid job id|already/i.test(stderr))
      throw new ConfigurationError(explainRefusal(stderr));
    const deadline = Date.now() + CANCEL_MS;
    let pause = LEAST_PAUSE_MS;
    for (let left = stopped; left.length; left = await unfinished()) {
      if (Date.now() > deadline)
        throw new Error(
          `${left.length} cancelled tasks of ${job.id} have not ended after five minutes; Slurm goes on ending them.`,
        );
      await sleep(pause);
      pause = Math.min(1.5 * pause, MOST_PAUSE_MS);
    }
  }

  async requeue(handle: JobHandle, tasks?: string[]): Promise<void> {
    const { folder, job } = this.#open(handle);
    const numbers = new Set(numbersOf(job, tasks));
    const again = (await look(folder, job, this.#commands)).filter(
      ({ number, status: { state } }) =>
        numbers.has(number) && (state === "failed" || state === "cancelled" || state === "lost"),
    );
    if (again.length === 0) return;
    const before = Math.max(...again.map(({ status, submission }) => (submission ? status.restarts + 1 : 0)));
    await submitTasks(
      folder,
      this.#commands,
      again.map(({ number }) => number),
      before,
    );
  }

  async logs(handle: JobHandle, task: string, range: LogRange = {}): Promise<LogPart> {
    const { folder, job } = this.#open(handle);
    const [number] = numbersOf(job, [task]);
    return readLog(folder.log(job, number!, range.stream === "stderr" ? "stderr" : "stdout"), range);
  }

  #newJob(job: Job, arraySize: number): SlurmJobFile {
    const submitted = new Date().toISOString();
    const id = `${job.name}-${submitted.replace(/\D/g, "").slice(0, 14)}-${randomBytes(3).toString("hex")}`;
    return { ...job, id, submitted, options: this.options, arraySize };
  }

  #handle(id: string): JobHandle {
    return { engine: this.name, id, folder: join(this.options.folder, id) };
  }

  #open({ engine, folder: path }: JobHandle): { folder: SlurmFolder; job: SlurmJobFile } {
    if (engine !== this.name)
      throw new ConfigurationError(
        `This handle is of the engine ${engine}; give it to that engine, not slurm.`,
      );
    const folder = new SlurmFolder(path);
    return { folder, job: folder.job() };
  }
}

/** What stands behind a job's name in its id: when it was submitted, and some letters by chance. */
const STAMP = /^-\d{14}-[0-9a-f]{6}$/;

/** `MaxArraySize` where a site has not set it. */
const USUAL_ARRAY = 1001;

/** Numbers of the given tasks, or of all. */
function numbersOf({ id, tasks }: SlurmJobFile, asked?: string[]): number[] {
  if (!asked) return [...tasks.keys()];
  const numbers = new Map(tasks.map((task, number) => [task.id, number]));
  return asked.map((task) => {
    const number = numbers.get(task);
    if (number === undefined)
      throw new ConfigurationError(`The job ${id} has no task ${JSON.stringify(task)}.`);
    return number;
  });
}
