import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, liveness } from "figloom/processes";
import type { Task } from "../engine.js";
import { cancelled, ended, launch, lost, type Outcome, queuedAgain, started, type Stop } from "./attempt.js";
import { taskEnvironment } from "./environment.js";
import { type JobFile, JobFolder, type TaskRecord } from "./folder.js";
import { endGroup } from "./processes.js";
import { close, oldest, type Request } from "./requests.js";
import { hasEnded } from "./status.js";

const POLL_MS = 100;
/** Between two looks at the jobs before this one. */
const LOOK_MS = 500;

interface Running {
  pid: number | undefined;
  /** Milliseconds since 1970. */
  deadline: number;
  stop?: Stop;
  /** Set once the group is being ended, so that it gets SIGTERM once. */
  ending?: Promise<void>;
  over: Promise<void>;
}

/**
 * Looks after one job: keeps up to `slots` tasks running, records how they end, carries requests out one after
 * another. The only writer of task records; exactly one may work on a folder at a time.
 */
export class Supervisor {
  readonly #folder: JobFolder;
  readonly #job: JobFile;
  readonly #tasks: Map<string, Task>;
  readonly #records = new Map<string, TaskRecord>();
  readonly #queue = new Set<string>();
  readonly #running = new Map<string, Running>();
  /** Jobs that must have ended before a task is started. */
  readonly #before: JobFolder[];
  #nextLook = 0;

  /** @param resumes an earlier supervisor worked on this job: what it left unfinished is lost. */
  constructor(folder: JobFolder, { resumes }: { resumes: boolean }) {
    this.#folder = folder;
    this.#job = folder.job();
    this.#before = (this.#job.after ?? []).map((handle) => new JobFolder(handle.folder));
    this.#tasks = new Map(this.#job.tasks.map((task) => [task.id, task]));
    for (const id of this.#tasks.keys()) {
      const record = folder.record(id);
      this.#records.set(id, record);
      const unfinished = record.state === "queued" || record.state === "running";
      if (unfinished && resumes) this.#save(lost(record, now()));
      else if (unfinished) this.#queue.add(id);
    }
  }

  /** Returns when every task has ended and no request stands. */
  async run(): Promise<void> {
    let handling: Promise<void> | undefined;
    for (;;) {
      this.#fill();
      this.#enforceLimit();
      const next = handling ? undefined : oldest(this.#folder);
      if (next)
        handling = this.#carryOut(next.request).then(() => {
          close(next.path);
          handling = undefined;
        });
      if (!handling && this.#queue.size + this.#running.size === 0) return;
      await sleep(POLL_MS);
    }
  }

  #fill(): void {
    if (this.#waits()) return;
    for (const id of this.#queue) {
      if (this.#running.size >= this.#job.slots) return;
      this.#queue.delete(id);
      this.#start(id);
    }
  }

  #waits(): boolean {
    if (this.#before.length === 0 || Date.now() < this.#nextLook) return this.#before.length > 0;
    while (this.#before.length && hasEnded(this.#before[0]!)) this.#before.shift();
    this.#nextLook = Date.now() + LOOK_MS;
    return this.#before.length > 0;
  }

  #start(id: string): void {
    const [record, task] = [this.#record(id), this.#tasks.get(id)!];
    const { pid, go, done } = launch(task, {
      env: taskEnvironment(process.env, { job: this.#job.id, task, restarts: record.restarts }),
      stdout: this.#folder.log(id, "stdout"),
      stderr: this.#folder.log(id, "stderr"),
    });
    const identity = pid === undefined ? undefined : identify(pid);
    this.#save(started(record, { host: hostname(), started: now(), ...(identity && { process: identity }) }));
    go();
    const minutes = this.#job.resources?.minutes ?? Infinity;
    this.#running.set(id, {
      pid,
      deadline: Date.now() + minutes * 60_000,
      over: done.then((outcome) => this.#finish(id, outcome)),
    });
  }

  async #finish(id: string, outcome: Outcome): Promise<void> {
    const running = this.#running.get(id)!;
    // The command has ended; what it left behind in its group goes with it, as on Slurm.
    await this.#end(running);
    this.#save(ended(this.#record(id), now(), outcome, running.stop));
    this.#running.delete(id);
    this.#fill();
  }

  #end(running: Running): Promise<void> {
    if (running.pid === undefined) return Promise.resolve();
    return (running.ending ??= endGroup(running.pid, this.#job.graceSeconds * 1000));
  }

  async #stop(running: Running, why: Stop): Promise<void> {
    // Once the command has ended by itself, how it ended stands.
    if (!running.ending) running.stop = why;
    await this.#end(running);
    await running.over;
  }

  #enforceLimit(): void {
    for (const running of this.#running.values())
      if (Date.now() > running.deadline && !running.ending) void this.#stop(running, "out of time");
  }

  async #carryOut({ action, tasks }: Request): Promise<void> {
    const known = tasks.filter((id) => this.#records.has(id));
    if (action === "cancel") await Promise.all(known.map((id) => this.#cancel(id)));
    else await this.#requeue(known);
  }

  /** Marks a queued task before it first waits, so that none starts in the place of one that is being stopped. */
  async #cancel(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running) return this.#stop(running, "cancelled");
    const record = this.#record(id);
    if (record.state === "lost") await this.#endOrphan(record);
    else if (!this.#queue.delete(id)) return;
    this.#save(cancelled(record, now()));
  }

  async #requeue(ids: string[]): Promise<void> {
    const again = ids
      .map((id) => this.#record(id))
      .filter(({ state }) => state === "failed" || state === "cancelled" || state === "lost");
    await Promise.all(again.map((record) => this.#endOrphan(record)));
    for (const record of again) {
      this.#save(queuedAgain(record));
      this.#queue.add(record.id);
    }
  }

  /** Ends what an earlier supervisor started and could not look after any more. */
  async #endOrphan({ process: leader }: TaskRecord): Promise<void> {
    if (leader && liveness(leader) === "alive") await endGroup(leader.pid, this.#job.graceSeconds * 1000);
  }

  #record(id: string): TaskRecord {
    return this.#records.get(id)!;
  }

  #save(record: TaskRecord): void {
    this.#folder.save(record);
    this.#records.set(record.id, record);
  }
}

function now(): string {
  return new Date().toISOString();
}
