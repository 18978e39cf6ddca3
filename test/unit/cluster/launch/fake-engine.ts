import type {
  Engine,
  EngineChoice,
  Job,
  JobHandle,
  LogPart,
  TaskState,
  TaskStatus,
} from "../../../../cluster/src/engine.js";

interface Known {
  job: Job;
  handle: JobHandle;
  states: Map<string, TaskState>;
}

/** An engine that runs nothing: tests say what became of its tasks, and when it fails. */
export class FakeEngine implements Engine {
  readonly name = "fake";
  readonly choice = { name: "local", options: {} } as EngineChoice;
  readonly jobs: Known[] = [];
  /** What happens to the next submission: the connection breaks before or after it was accepted. */
  breaks: "before" | "after" | null = null;
  /** What was asked of it, in order. */
  readonly asked: string[] = [];

  preflight(): Promise<string[]> {
    return Promise.resolve([]);
  }

  find(name: string): Promise<JobHandle | null> {
    return Promise.resolve(this.jobs.find(({ job }) => job.name === name)?.handle ?? null);
  }

  submit(job: Job): Promise<JobHandle> {
    const { breaks } = this;
    this.breaks = null;
    if (breaks === "before") return Promise.reject(new Error("The connection broke."));
    const handle = { engine: this.name, id: `job-${this.jobs.length + 1}`, folder: "/none" };
    this.jobs.push({ job, handle, states: new Map(job.tasks.map(({ id }) => [id, "queued"])) });
    return breaks === "after" ? Promise.reject(new Error("The connection broke.")) : Promise.resolve(handle);
  }

  status(handle: JobHandle): Promise<TaskStatus[]> {
    const { states } = this.#job(handle);
    return Promise.resolve([...states].map(([id, state]) => ({ id, state, restarts: 0 })));
  }

  cancel(handle: JobHandle, tasks?: string[]): Promise<void> {
    const { states } = this.#job(handle);
    const stopped = tasks ?? [...states.keys()];
    this.asked.push(`cancel ${handle.id} ${stopped.join(",")}`);
    for (const id of stopped) states.set(id, "cancelled");
    return Promise.resolve();
  }

  requeue(): Promise<void> {
    return Promise.resolve();
  }

  logs(_: JobHandle, task: string): Promise<LogPart> {
    return Promise.resolve({ text: `${task} says hello\n`, next: 0 });
  }

  /** Says what became of a job's tasks, the first job being 1. */
  become(number: number, ...states: TaskState[]): void {
    const known = this.jobs[number - 1]!;
    states.forEach((state, i) => known.states.set(known.job.tasks[i]!.id, state));
  }

  #job({ id }: JobHandle): Known {
    return this.jobs.find(({ handle }) => handle.id === id)!;
  }
}
