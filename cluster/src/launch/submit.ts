import { hostname } from "node:os";
import { ConfigurationError } from "figloom/errors";
import { EventLog, type RunEvent } from "figloom/stages";
import type { Engine, Job, JobHandle, Task } from "../engine.js";
import { makeFolder } from "../run/files.js";
import type { RunFolder } from "../run/places.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { planText, writeRunPlan } from "../run/run-file.js";
import { trustRun } from "./trust.js";
import { announceJob, isBeingSubmitted, readJobs, settleJob, type JobRecord } from "./jobs.js";

/**
 * Writes a run down, so that any process can submit it from here on. The plan comes last: a folder without one is no run.
 * @param write writes what it needs beside
 * @param notice what those who watch are told first
 * @throws {ConfigurationError} where the folder cannot be written
 */
export async function createRun(
  folder: RunFolder,
  plan: RunPlan,
  write: () => Promise<void>,
  notice: string | null = null,
): Promise<void> {
  await makeFolder(folder.prompts);
  await write();
  const log = new EventLog(plan.dataset, plan.run);
  log.write(startOf(plan));
  if (notice !== null) log.write({ at: Date.now(), event: "notice", text: notice });
  await log.close();
  // Without a home folder that can be written, it has to be taken over like a stranger's.
  await trustRun(plan.run, planText(plan)).catch(() => undefined);
  await writeRunPlan(folder, plan);
}

function startOf({ run, dataset, title, engine, phases }: RunPlan): RunEvent {
  return {
    ...{ at: Date.now(), event: "start", run, dataset, title, host: hostname(), pid: process.pid },
    ...{ verb: phases.map(({ spec }) => spec.stage).join(", "), process: null, engine: engine.name },
  };
}

/**
 * Submits a job for each phase, each to begin when those before it have ended.
 * @param after jobs that are still there, and have to end first
 */
export async function submitPhases(
  folder: RunFolder,
  plan: RunPlan,
  engine: Engine,
  { phases, after }: { phases: readonly PhasePlan[]; after: readonly JobHandle[] },
): Promise<void> {
  const earlier = [...after];
  for (const phase of phases) {
    const record = await announceJob(folder, plan.run, phase.id);
    if (!record)
      throw new ConfigurationError(
        `Another process is submitting ${plan.run} just now; look at it in a moment: figloom run status.`,
      );
    const handle = await engine.submit(jobOf(folder, plan, phase, { name: record.name, after: earlier }));
    await settleJob(folder, { ...record, handle });
    earlier.push(handle);
  }
}

/** The engine's job for a phase. */
export function jobOf(
  folder: RunFolder,
  plan: RunPlan,
  { id, workers, resources }: PhasePlan,
  { name, after }: { name: string; after: readonly JobHandle[] },
): Job {
  const digits = String(workers - 1).length;
  const tasks = Array.from({ length: workers }, (_, i): Task => {
    return {
      id: `w${String(i).padStart(digits, "0")}`,
      command: [...plan.program, folder.path, id],
      cwd: plan.dataset,
      inherit: plan.inherit,
    };
  });
  return { name, tasks, resources, ...(after.length > 0 && { after: [...after] }) };
}

/**
 * The run's jobs that the engine has, those among them whose submitter died before it had heard of them: they are asked
 * for by name.
 * @throws {ConfigurationError} while somebody is submitting
 */
export async function adoptJobs(
  folder: RunFolder,
  engine: Engine,
): Promise<(JobRecord & { handle: JobHandle })[]> {
  const adopted: (JobRecord & { handle: JobHandle })[] = [];
  for (const record of await readJobs(folder)) {
    if (record.dropped) continue;
    const handle = record.handle ?? (await engine.find(record.name));
    if (handle) {
      if (!record.handle) await settleJob(folder, { ...record, handle });
      adopted.push({ ...record, handle });
    } else if (isBeingSubmitted(record))
      throw new ConfigurationError(
        `${record.name} is being submitted by process ${record.by.pid} on ${record.by.host}; try again in a few minutes.`,
      );
    else await settleJob(folder, { ...record, dropped: true });
  }
  return adopted;
}
