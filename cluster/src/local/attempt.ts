import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Task } from "../engine.js";
import { errorText } from "figloom/errors";
import type { ProcessIdentity } from "figloom/processes";
import type { TaskRecord } from "./folder.js";

/** How a command ended. */
export interface Outcome {
  exitCode?: number;
  signal?: string;
  /** Why, where code and signal do not say it all: one plain sentence. */
  reason?: string;
}

/** Why the supervisor itself stopped an attempt. */
export type Stop = "cancelled" | "out of time";

/** An attempt's process, which leads a group of its own. */
export interface Attempt {
  pid: number | undefined;
  /** Lets the command begin. */
  go(): void;
  done: Promise<Outcome>;
}

/**
 * What an attempt's process does first: it waits for a line, and becomes the command. A supervisor that is killed
 * before it has recorded the process leaves none that nobody would find again: the waiting ends without a line then.
 */
const GATE = 'read -r _ && exec "$@" </dev/null';

/**
 * Starts a task's process in a group of its own, writing straight to its logs, so that it and its output outlive the
 * supervisor. The command begins when it is told to {@link Attempt.go}.
 */
export function launch(
  { command, cwd }: Task,
  { env, stdout, stderr }: { env: NodeJS.ProcessEnv; stdout: string; stderr: string },
): Attempt {
  mkdirSync(dirname(stdout), { recursive: true });
  const logs = [openSync(stdout, "a"), openSync(stderr, "a")];
  try {
    const args = ["-c", GATE, "figloom", ...command];
    const child = spawn("/bin/sh", args, { cwd, env, detached: true, stdio: ["pipe", ...logs] });
    // A process that was killed at the gate takes no line any more; how it ended says so.
    child.stdin?.on("error", () => undefined);
    const done = new Promise<Outcome>((resolve) => {
      child.once("error", (error) => resolve(unstarted(cwd, error)));
      child.once("exit", (code, signal) => resolve(signal ? { signal } : exited(code ?? 0, command)));
    });
    return { pid: child.pid, go: () => child.stdin?.end("\n"), done };
  } catch (error) {
    return { pid: undefined, go: () => undefined, done: Promise.resolve(unstarted(cwd, error)) };
  } finally {
    logs.forEach((log) => closeSync(log));
  }
}

function unstarted(cwd: string, error: unknown): Outcome {
  const why = existsSync(cwd) ? errorText(error) : `its folder ${cwd} is not there`;
  return { reason: `It could not be started: ${why}.` };
}

/** See "Exit Status for Commands" in POSIX, Shell Command Language: what 126 and 127 stand for. */
const UNFIT: Record<number, string> = { 126: "cannot be executed", 127: "was not found" };

function exited(exitCode: number, [program = ""]: string[]): Outcome {
  const what = UNFIT[exitCode];
  if (!what) return { exitCode };
  const reason = `Exit code ${exitCode} says that ${program}, or a command in it, ${what}; its stderr says which.`;
  return { exitCode, reason };
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
  const state = stop === "cancelled" ? "cancelled" : !stop && outcome.exitCode === 0 ? "succeeded" : "failed";
  const limit = stop === "out of time" && { reason: "It met the job's time limit." };
  return { ...rest, state, ended: time, ...outcome, ...limit };
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
