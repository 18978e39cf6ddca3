import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { errorText } from "figloom/errors";
import type { Engine, TaskStatus } from "../engine.js";
import { beatFile, readWorkers, type WorkerState } from "../run/beats.js";
import { readControl, readStop } from "../run/control.js";
import { standingOf, type PhaseStanding } from "../run/finish.js";
import type { RunFolder } from "../run/places.js";
import type { PhasePlan } from "../run/plan.js";
import { explainTask, verdictOf, type Heartbeat, type Standing } from "./explain.js";
import { readJobs, type JobRecord } from "./jobs.js";
import type { Launched } from "./read.js";
import { trustedEngine } from "./trust.js";

/** A phase, from what lies on the disk. */
export interface PhaseLook extends PhaseStanding {
  id: string;
  /** `null` before it is planned. */
  shards: number | null;
}

/** A task, from what the engine says and what its worker says. */
export interface TaskLook extends TaskStatus {
  phase: string;
  job: JobRecord;
  worker: WorkerState | null;
  said: string;
}

/** How a run stands. */
export interface Look {
  state: Standing;
  said: string;
  phases: PhaseLook[];
  tasks: TaskLook[];
}

/**
 * Looks at a run: at the disk, and at what the engine says of its tasks. Counts names and lines, so that it takes a
 * fraction of a second for a run of many thousand shards.
 */
export async function look(launched: Launched, engine?: Engine): Promise<Look> {
  const { folder, plan } = launched;
  const [control, stop, jobs, workers] = await Promise.all([
    readControl(folder),
    readStop(folder),
    readJobs(folder),
    readWorkers(folder),
  ]);
  const { tasks, unasked } = await tasksOf(jobs, () => engine ?? trustedEngine(launched));
  // After the engine: what its tasks have done by then is there.
  const phases = await Promise.all(plan.phases.map((phase) => lookAtPhase(folder, phase)));
  const submitted = new Set(jobs.filter(({ dropped }) => !dropped).map(({ phase }) => phase));
  const planned = phases.filter(({ shards }) => shards !== null);
  const verdict = verdictOf({
    ...{ want: control.want, stop, jobs: jobs.length, unasked, dataset: plan.dataset, name: plan.run },
    finished: phases.every(({ finished }) => finished),
    open: planned.reduce((sum, { shards, done }) => sum + shards! - done, 0),
    unsubmitted: phases.filter(({ id, finished }) => !finished && !submitted.has(id)).length,
    tasks: tasks.map(({ task }) => task),
  });
  const looks = await Promise.all(
    tasks.map(async ({ task, job }): Promise<TaskLook> => {
      const worker = workerOf(workers, job, task);
      const beat = worker && (await heartbeatOf(folder, worker));
      const said = explainTask(task, beat, plan.limits.staleSeconds);
      return { ...task, phase: job.phase, job, worker, said };
    }),
  );
  return { ...verdict, phases, tasks: looks };
}

/** Tasks of all jobs that the engine has; of a phase that was submitted again, only those of the last job and live ones. */
async function tasksOf(
  jobs: readonly JobRecord[],
  engineOf: () => Engine | Promise<Engine>,
): Promise<{ tasks: { task: TaskStatus; job: JobRecord }[]; unasked: string | null }> {
  const last = new Map(jobs.filter(({ dropped }) => !dropped).map((job) => [job.phase, job.number]));
  let unasked: string | null = null;
  const all = await Promise.all(
    jobs.map(async (job) => {
      try {
        const engine = await engineOf();
        const handle = job.handle ?? (job.dropped ? null : await engine.find(job.name));
        const tasks = handle ? await engine.status(handle) : [];
        return tasks.map((task) => ({ task, job: { ...job, handle } }));
      } catch (error) {
        unasked = errorText(error);
        return [];
      }
    }),
  );
  const isShown = ({ task, job }: { task: TaskStatus; job: JobRecord }) =>
    job.number === last.get(job.phase) || task.state === "queued" || task.state === "running";
  return { tasks: all.flat().filter(isShown), unasked };
}

async function lookAtPhase(folder: RunFolder, { id }: PhasePlan): Promise<PhaseLook> {
  const phase = folder.phase(id);
  const [shards, standing] = await Promise.all([linesIn(phase.plan), standingOf(phase)]);
  return { id, shards, ...standing };
}

async function linesIn(path: string): Promise<number | null> {
  let lines = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      const bytes = chunk as Buffer;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
    }
    return lines;
  } catch {
    return null;
  }
}

/** What the latest attempt of a task says. */
function workerOf(
  workers: readonly WorkerState[],
  { handle }: JobRecord,
  { id }: TaskStatus,
): WorkerState | null {
  const own = workers.filter(({ job, task }) => job === handle?.id && task === id);
  return own.sort((a, b) => b.restart - a.restart || b.started - a.started)[0] ?? null;
}

async function heartbeatOf(folder: RunFolder, worker: WorkerState): Promise<Heartbeat> {
  const { mtimeMs } = await stat(beatFile(folder, worker.worker)).catch(() => ({ mtimeMs: Date.now() }));
  const { status, note } = worker;
  const shards = worker.shards.map(({ shard }) => shard);
  return { status, note, shards, age: Math.max(0, (Date.now() - mtimeMs) / 1000) };
}
