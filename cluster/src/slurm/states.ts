import { constants } from "node:os";
import type { TaskState, TaskStatus } from "../engine.js";
import type { Attempt, Submission } from "./folder.js";
import { hasEnded, type Row } from "./queue.js";
import { whyEnded, whyWaiting } from "./reasons.js";

const STATES: Record<string, TaskState> = {
  RUNNING: "running",
  COMPLETING: "running",
  CONFIGURING: "queued",
  SUSPENDED: "running",
  STOPPED: "running",
  SIGNALING: "running",
  STAGE_OUT: "running",
  RESIZING: "running",
  COMPLETED: "succeeded",
  CANCELLED: "cancelled",
  REVOKED: "cancelled",
  NODE_FAIL: "lost",
};

/** What is known of a task from all sides. */
export interface Known {
  id: string;
  /** The latest array it was submitted in, if any. */
  submission?: Submission;
  /** What Slurm says of it there. */
  row?: Row;
  /** What its script wrote down, in all arrays. */
  attempts: Attempt[];
  /** Whether we have cancelled it since. */
  cancelled: boolean;
}

/** A task's state with its explanation. Slurm's word counts, where it has one. */
export function statusOf(known: Known): TaskStatus {
  const { id, submission, row, attempts } = known;
  if (submission === undefined)
    return {
      id,
      state: "lost",
      restarts: 0,
      reason: "It was never submitted: whoever submitted the job has died.",
    };
  return row ? fromRow(known, submission, row) : fromRecords(id, submission, attempts, known.cancelled);
}

function fromRow({ id, attempts, cancelled }: Known, { before }: Submission, row: Row): TaskStatus {
  const ended = hasEnded(row);
  const state = STATES[row.state] ?? (ended ? "failed" : "queued");
  const waiting = state === "queued";
  const reason =
    state === "cancelled" && !cancelled
      ? "It was cancelled outside of figloom."
      : ended
        ? whyEnded(row)
        : [whyAgain(attempts, before + row.restarts), waiting ? whyWaiting(row) : undefined]
            .filter(Boolean)
            .join(" ");
  const exited = ended && row.state !== "CANCELLED" && row.state !== "NODE_FAIL";
  return {
    id,
    state,
    restarts: before + row.restarts,
    ...(!waiting && row.node !== "" && { host: row.node }),
    ...(!waiting && row.started !== undefined && { started: row.started }),
    ...(ended && row.ended !== undefined && { ended: row.ended }),
    ...(exited && (signalName(row.signal) ? { signal: signalName(row.signal) } : { exitCode: row.exitCode })),
    ...(reason && { reason }),
  };
}

/** What Slurm has forgotten, and keeps no accounts of. */
function fromRecords(
  id: string,
  { array, before }: Submission,
  attempts: Attempt[],
  cancelled: boolean,
): TaskStatus {
  const last = attempts.findLast((attempt) => attempt.array === array);
  const begun = last && { host: last.node, started: last.began };
  const restarts = last?.restarts ?? before;
  if (last?.ended !== undefined && last.code !== undefined && last.code !== REQUEUES) {
    const state = cancelled ? "cancelled" : last.code === 0 ? "succeeded" : "failed";
    return { id, state, restarts, ...begun, ended: last.ended, exitCode: last.code };
  }
  if (cancelled) return { id, state: "cancelled", restarts, ...begun };
  if (array === null)
    return {
      id,
      state: "lost",
      restarts,
      reason: "Its submission was never confirmed, and Slurm does not know of it.",
    };
  const reason = last
    ? `Slurm knows it no more, and it did not write down how it ended on ${last.node}.`
    : "Slurm knows it no more: it was cancelled outside of figloom while it waited, or the cluster has lost its queue.";
  return { id, state: "lost", restarts, ...begun, reason };
}

const REQUEUES = 75;

/** Why a task runs, or waits, once more. */
function whyAgain(attempts: Attempt[], restarts: number): string | undefined {
  if (restarts === 0) return undefined;
  const last = attempts.findLast((attempt) => attempt.restarts < restarts);
  if (!last) return "It is run again.";
  if (last.code === REQUEUES) return `It is run again as it asked for on ${last.node}.`;
  if (last.ended !== undefined) return `It is run again after it ended with ${last.code} on ${last.node}.`;
  return `It is run again since its attempt on ${last.node} was cut off: that node failed, or Slurm took the task away.`;
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}
