import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { RunFolder } from "../run/places.js";
import { readTask } from "./checks.js";
import { Departure, exitCodeOf } from "./departure.js";
import { identityOf } from "./identity.js";
import type { MakeWork } from "./materials.js";
import { Worker } from "./worker.js";

/**
 * A worker of a run, as an engine's task.
 * @param makeWork the stages; figloom's own unless given
 * @returns the exit code that tells the engine whether to start the task again, see {@link exitCodeOf}
 * @throws {ConfigurationError} where the run's folder cannot be read or written from here
 */
export async function runWorker(folder: string, phaseId: string, makeWork?: MakeWork): Promise<number> {
  const run = new RunFolder(resolve(folder));
  const identity = identityOf();
  const { plan, phase } = await readTask(run, phaseId, identity.host);
  boundThreads(phase.resources.cpus);
  const departure = new Departure(plan.limits.graceSeconds);
  const deaf = listen(departure);
  try {
    await new Worker({ run, plan, phase, identity, departure, ...(makeWork && { makeWork }) }).run();
  } finally {
    deaf();
  }
  return exitCodeOf(departure.reason!);
}

/** Where an engine does not confine its tasks, a model's process sees all of the machine's processors. */
function boundThreads(cpus: number | undefined): void {
  if (cpus === undefined || process.env["FIGLOOM_ONNX_THREADS"]) return;
  process.env["FIGLOOM_ONNX_THREADS"] = String(Math.max(1, Math.min(cpus, availableParallelism())));
}

/** @returns ends it */
function listen(departure: Departure): () => void {
  const timeLimit = () => departure.leave({ why: "time limit" });
  const terminated = () => departure.leave({ why: "terminated" });
  const signals = [
    ["SIGUSR1", timeLimit],
    ["SIGTERM", terminated],
    ["SIGINT", terminated],
    // Who started it, see `guarded.ts`, is gone: nobody else would end it.
    ["disconnect", terminated],
  ] as const;
  for (const [signal, listener] of signals) process.on(signal, listener);
  return () => signals.forEach(([signal, listener]) => process.off(signal, listener));
}
