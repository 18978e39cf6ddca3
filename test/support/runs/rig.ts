/** A run on a dataset, and workers as processes of their own, for tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_LIMITS, type PhasePlan, type RunPlan } from "../../../cluster/src/run/plan.js";
import { RunFolder } from "../../../cluster/src/run/places.js";
import { writeRunPlan } from "../../../cluster/src/run/run-file.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { VERSION } from "../../../kernel-lib/src/version.js";
import { EventLog } from "../../../kernel-lib/src/work/event-log.js";
import { EventsFile } from "../../../kernel-lib/src/work/events-file.js";
import { newRunName, workFolder } from "../../../kernel-lib/src/work/places.js";
import { foldRuns, type RunState } from "../../../kernel-lib/src/views/run.js";

/** A phase with what tests need not say. */
export type PhaseOptions = Partial<PhasePlan> & Pick<PhasePlan, "spec">;

export interface RigOptions extends Partial<Pick<RunPlan, "budget" | "prices" | "figloom_version">> {
  limits?: Partial<RunPlan["limits"]>;
}

/** Patient with nobody: what takes a minute in earnest takes a second. */
const QUICK = { ...DEFAULT_LIMITS, beatSeconds: 0.2, staleSeconds: 3, graceSeconds: 10 };

/** Writes down a run as whoever launches it does. */
export async function makeRun(
  dataset: string,
  phases: readonly PhaseOptions[],
  { limits, ...more }: RigOptions = {},
): Promise<{ run: RunFolder; plan: RunPlan }> {
  const created = new Date();
  const name = newRunName("rig", created);
  const plan: RunPlan = {
    ...{ run: name, dataset, title: "a rehearsal", figloom_version: VERSION, created: created.toISOString() },
    ...{ engine: { name: "local", options: {} }, program: ["node"], budget: {}, prices: {}, inherit: [] },
    phases: phases.map((phase, index) => ({
      ...{ id: `${index + 1}-${phase.spec.stage}`, shardSize: 5, workers: 2, resources: {}, serving: null },
      ...phase,
    })),
    limits: { ...QUICK, ...limits },
    ...more,
  };
  const run = new RunFolder(workFolder(dataset, name));
  await (await Dataset.openOrCreate(dataset)).make();
  await writeRunPlan(run, plan);
  const log = new EventLog(dataset, name);
  log.write({
    ...{ at: Date.now(), event: "start", run: name, dataset, verb: "rig", title: plan.title },
    ...{ host: "test", pid: process.pid, process: null },
  });
  await log.close();
  return { run, plan };
}

export interface WorkerOptions {
  /** The bundled program. */
  program: string;
  run: RunFolder;
  phase?: string;
  job?: string;
  task?: string;
  restart?: number;
  env?: NodeJS.ProcessEnv;
}

/** A worker's process. */
export class WorkerProcess {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #log: string;

  constructor({
    program,
    run,
    phase = "1-recaption",
    job = "7",
    task = "w0",
    restart = 0,
    env,
  }: WorkerOptions) {
    this.#log = join(run.path, `${phase}.${task}.${restart}.log`);
    const log = openSync(this.#log, "a");
    this.child = spawn(process.execPath, [program, run.path, phase], {
      stdio: ["ignore", log, log],
      env: {
        ...process.env,
        ...{ FIGLOOM_JOB_ID: job, FIGLOOM_TASK_ID: task, FIGLOOM_RESTART_COUNT: String(restart) },
        ...env,
      },
    });
    closeSync(log);
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject).once("exit", (code, signal) => resolve(signal ?? code!));
    });
  }

  get said(): string {
    return readFileSync(this.#log, "utf8");
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it at once, if it still runs; stopped ones, too. */
  async kill(): Promise<void> {
    if (this.isRunning) this.child.kill("SIGKILL");
    await this.ended;
  }
}

/** What whoever watches knows of a run. */
export async function stateOf({ dataset, run }: RunPlan): Promise<RunState> {
  return foldRuns((await new EventsFile(dataset, run).next()) ?? [])!;
}

/** Outcomes that stand in the attempts of a phase, and shards that are done: how far work has come. */
export async function outcomesIn(run: RunFolder, phase: string): Promise<number> {
  const { attempts, done } = run.phase(phase);
  const names = await readdir(attempts, { recursive: true }).catch(() => []);
  let lines = 0;
  for (const name of names.filter((name) => /\/\d+\.jsonl$/.test(name)))
    lines += (await readFile(join(attempts, name), "utf8").catch(() => "")).split("\n").length - 1;
  const counts = await Promise.all(
    (await readdir(done).catch(() => [])).map(async (name) => {
      const { counts } = JSON.parse(await readFile(join(done, name), "utf8")) as {
        counts: { done: number; failed: number };
      };
      return counts.done + counts.failed;
    }),
  );
  return lines + counts.reduce((sum, count) => sum + count, 0);
}

/** The rows of a dataset's table as its readers see them, apart from when and how fast they were made. */
export async function rowsOf(
  dataset: string,
  table: "figures" | "picture_texts" | "recaptions" | "scores" | "embeddings",
): Promise<unknown[]> {
  const reader = await (await Dataset.open(dataset)).read();
  const without = table === "recaptions" ? "run, seconds" : "run";
  try {
    return await reader.all(`SELECT * EXCLUDE (${without}) FROM ${table} ORDER BY ALL`);
  } finally {
    reader.close();
  }
}
