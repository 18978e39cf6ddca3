import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Task } from "../engine.js";
import { errorText } from "figloom/errors";
import type { TaskRecord } from "./folder.js";
import type { ProcessIdentity } from "./processes.js";

/** How a command ended. */
export interface Outcome {
  exitCode?: number;
  signal?: string;
  /** Why it never started. */
  error?: string;
}

/** Why the supervisor itself stopped an attempt. */
export type Stop = "cancelled" | "out of time";

/**
 * Starts a task's command in a process group of its own, writing straight to its logs, so that it and its output
 * outlive the supervisor.
 */
export function launch(
  { command, cwd }: Task,
  { env, stdout, stderr }: { env: NodeJS.ProcessEnv; stdout: string; stderr: string },
): { pid: number | undefined; done: Promise<Outcome> } {
  mkdirSync(dirname(stdout), { recursive: true });
  const [program = "", ...args] = command;
  const logs = [openSync(stdout, "a"), openSync(stderr, "a")];
  try {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", ...logs] });
    const done = new Promise<Outcome>((resolve) => {
      child.once("error", (error) => resolve({ error: errorText(error) }));
      child.once("exit", (code, signal) => resolve(signal ? { signal } : { exitCode: code ?? undefined }));
    });
    return { pid: child.pid, done };
  } catch (error) {
    return { pid: undefined, done: Promise.resolve({ error: errorText(error) }) };
  } finally {
    logs.forEach((log) => closeSync(log));
  }
}

export function started(
  { id, restarts }: TaskRecord,
  at: { host: string; started: string; process?: ProcessIdentity },
): TaskRecord {
  return { id, state: "running", restarts, ...at };
}

export function ended(
  { process: _process, ...rest }: TaskRecord,
  time: string,
  outcome: Outcome,
  stop?: Stop,
): TaskRecord {
  const { error, ...exit } = outcome;
  const state = stop === "cancelled" ? "cancelled" : !stop && exit.exitCode === 0 ? "succeeded" : "failed";
  const reason =
    stop === "out of time" ? "It met the job's time limit." : error && `It could not be started: ${error}.`;
  return { ...rest, state, ended: time, ...exit, ...(reason && { reason }) };
}

/** A task whose supervisor died; its process is remembered, since it may still be running. */
export function lost(record: TaskRecord, time: string): TaskRecord {
  return { ...record, state: "lost", ended: time, reason: LOSS };
}

export const LOSS = "The process that looked after the job died; requeue the task to run it again.";

/** A task that was cancelled while nobody saw it run: queued, or lost. */
export function cancelled(
  { process: _process, reason: _reason, ...rest }: TaskRecord,
  time: string,
): TaskRecord {
  return { ...rest, state: "cancelled", ended: time };
}

export function queuedAgain({ id, restarts }: TaskRecord): TaskRecord {
  return { id, state: "queued", restarts: restarts + 1 };
}
