import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Who a worker is, to everybody who sees the run's folder. */
export interface Identity {
  /** Names its files; no other process ever has it, not even another copy of the same attempt. */
  worker: string;
  job: string;
  task: string;
  /** Times that the task was started again. */
  restart: number;
  host: string;
  pid: number;
}

/**
 * From what an engine says to each task, see `Engine`; a worker that was started by hand is a task of its own. On Slurm
 * the node's name is `SLURMD_NODENAME`: several nodes may share a host name.
 */
export function identityOf(env: Record<string, string | undefined> = process.env): Identity {
  const suffix = randomBytes(3).toString("hex");
  const task = plain(env.FIGLOOM_TASK_ID) || `hand-${suffix}`;
  const restart = Number.parseInt(env.FIGLOOM_RESTART_COUNT ?? "0", 10) || 0;
  return {
    worker: `${task}.${restart}.${suffix}`,
    job: plain(env.FIGLOOM_JOB_ID) || "none",
    task,
    restart,
    host: env.SLURMD_NODENAME || hostname(),
    pid: process.pid,
  };
}

/** Fit for a file's name. */
const plain = (text = ""): string => text.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 100);
