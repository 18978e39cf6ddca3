import { latestClaim, liveness } from "figloom/processes";
import type { TaskStatus } from "../engine.js";
import { LOSS } from "./attempt.js";
import type { JobFolder, TaskRecord } from "./folder.js";

/** What is recorded of a job's tasks; lost are those that nobody looks after any more. */
export function recordedStatus(folder: JobFolder): TaskStatus[] {
  const { tasks } = folder.job();
  for (;;) {
    // Who looks after the job is asked before the records are read: what a dead supervisor left is final, unless
    // another has taken over meanwhile.
    const claim = latestClaim(folder.supervisors);
    const unattended = !claim?.holder || liveness(claim.holder) === "dead";
    const records = tasks.map(({ id }) => folder.record(id));
    if (latestClaim(folder.supervisors)?.number === claim?.number)
      return records.map((record) => statusOf(record, unattended));
  }
}

/** Whether no task of the job will do anything more by itself. A job whose folder is gone has ended, too. */
export function hasEnded(folder: JobFolder): boolean {
  if (!folder.exists()) return true;
  return recordedStatus(folder).every(({ state }) => state !== "queued" && state !== "running");
}

function statusOf({ process: _process, ...status }: TaskRecord, unattended: boolean): TaskStatus {
  const unfinished = status.state === "queued" || status.state === "running";
  return unattended && unfinished ? { ...status, state: "lost", reason: LOSS } : status;
}
