import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "figloom/errors";
import type { Job } from "../engine.js";
import { writeWhole } from "../local/folder.js";
import type { CheckedOptions } from "./options.js";
import { taskLine } from "./words.js";

/** `job.json`: written once, before anything is submitted. */
export interface SlurmJobFile extends Job {
  id: string;
  /** ISO 8601 in UTC. */
  submitted: string;
  options: CheckedOptions;
  /** Array indices that one array may have; task `number` has the index `number % arraySize` of its block. */
  arraySize: number;
}

/** `submissions/<n>.json`: an array that was, or may have been, submitted; `array` is known once it was heard of. */
export interface Submission {
  number: number;
  /** The `--job-name`, of this submission only: by it an array is found whose acceptance was not heard. */
  name: string;
  /** The task whose array index is 0. */
  first: number;
  /** Array indices, rising. */
  indices: number[];
  /** Restarts of its tasks before this submission, at most. */
  before: number;
  /** ISO 8601 in UTC; by this machine's clock. */
  at: string;
  array: string | null;
}

/** `cancels/<n>.json`: which tasks were cancelled when; pending ones leave no other trace. */
export interface Cancel {
  /** Task numbers. */
  tasks: number[];
  /** Highest submission at that time. */
  upTo: number;
}

/** What the job script wrote of a task's attempts. */
export interface Attempt {
  restarts: number;
  /** The array's id. */
  array: string;
  node: string;
  began: string;
  ended?: string;
  code?: number;
}

/**
 * The files of one job, on the file system that the nodes share.
 *
 * ```
 * job.json   script.sh   tasks   submissions/<n>.json   cancels/<n>.json
 * records/<task number>          appended by the script
 * logs/<block>-<index>.{out,err}
 * ```
 */
export class SlurmFolder {
  constructor(readonly path: string) {}

  get script(): string {
    return join(this.path, "script.sh");
  }

  get logs(): string {
    return join(this.path, "logs");
  }

  log(job: SlurmJobFile, number: number, stream: "stdout" | "stderr"): string {
    const [block, index] = [Math.floor(number / job.arraySize), number % job.arraySize];
    return `${this.logPattern(block, stream).replace("%a", String(index))}`;
  }

  /** As `--output` takes it. */
  logPattern(block: number, stream: "stdout" | "stderr"): string {
    return join(this.logs, `${block}-%a.${stream === "stdout" ? "out" : "err"}`);
  }

  /** Lays the folder out, with all that tasks need; its job file comes last. */
  create(job: SlurmJobFile, script: string): void {
    mkdirSync(this.path);
    for (const name of ["submissions", "cancels", "records", "logs"]) mkdirSync(join(this.path, name));
    writeFileSync(join(this.path, "tasks"), job.tasks.map((task) => `${taskLine(task)}\n`).join(""), {
      flush: true,
    });
    writeFileSync(this.script, script, { flush: true });
    chmodSync(this.script, 0o755);
    writeWhole(join(this.path, "job.json"), job, { flush: true });
  }

  /** @throws {ConfigurationError} when this is not a job's folder. */
  job(): SlurmJobFile {
    try {
      return JSON.parse(readFileSync(join(this.path, "job.json"), "utf8")) as SlurmJobFile;
    } catch (cause) {
      throw new ConfigurationError(
        `There is no job in ${this.path}. Give the handle that submit returned, on a machine that sees its folder.`,
        { cause },
      );
    }
  }

  /** In the order they were made. */
  submissions(): Submission[] {
    return this.#numbered<Submission>("submissions");
  }

  /** Makes the next one, before it is submitted; of several processes each gets a number of its own. */
  intend(submission: Omit<Submission, "number" | "name" | "array">, id: string): Submission {
    for (;;) {
      const number = (this.submissions().at(-1)?.number ?? 0) + 1;
      const intent = { ...submission, number, name: `${id}.${number}`, array: null };
      if (this.#create("submissions", number, intent)) return intent;
    }
  }

  /** Writes down which array a submission became. */
  settle(submission: Submission): void {
    writeWhole(join(this.path, "submissions", `${submission.number}.json`), submission, { flush: true });
  }

  /** Slurm refused it. */
  withdraw({ number }: Submission): void {
    rmSync(join(this.path, "submissions", `${number}.json`));
  }

  cancels(): Cancel[] {
    return this.#numbered<Cancel>("cancels");
  }

  cancel(cancel: Cancel): void {
    let number = this.cancels().length + 1;
    while (!this.#create("cancels", number, cancel)) number++;
  }

  /** Attempts of a task that began, in that order. */
  attempts(number: number): Attempt[] {
    let text: string;
    try {
      text = readFileSync(join(this.path, "records", String(number)), "utf8");
    } catch {
      return [];
    }
    const attempts: Attempt[] = [];
    for (const line of text.split("\n")) {
      const [what, restarts, self = "", node = "", time = "", code] = line.split(" ");
      const array = self.split("_")[0]!;
      if (what === "begin") attempts.push({ restarts: Number(restarts), array, node, began: time });
      const begun = attempts.find((each) => each.restarts === Number(restarts) && each.node === node);
      if (what === "end" && begun) Object.assign(begun, { ended: time, code: Number(code) });
    }
    return attempts;
  }

  #numbered<T>(folder: string): T[] {
    return readdirSync(join(this.path, folder))
      .filter((name) => /^\d+\.json$/.test(name))
      .sort((a, b) => parseInt(a) - parseInt(b))
      .map((name) => JSON.parse(readFileSync(join(this.path, folder, name), "utf8")) as T);
  }

  /** Writes a file whole, or not if there is one. */
  #create(folder: string, number: number, value: object): boolean {
    const path = join(this.path, folder, `${number}.json`);
    const draft = `${path}.${process.pid}.draft`;
    writeFileSync(draft, `${JSON.stringify(value)}\n`, { flush: true });
    try {
      linkSync(draft, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      rmSync(draft);
    }
  }
}
