import type { TaskStatus } from "../engine.js";
import type { StopReason, Want } from "../run/control.js";

/** How a run stands, from all that is known. */
export type Standing =
  | "waiting"
  | "running"
  | "pausing"
  | "paused"
  | "cancelling"
  | "cancelled"
  | "stopping"
  | "failed"
  | "finished"
  | "lost"
  | "unknown";

/** What is known of a worker beside its task. */
export interface Heartbeat {
  status: string;
  note: string | null;
  /** Names of the shards that it is at. */
  shards: readonly string[];
  /** Seconds since its last, by the file's time: for people. */
  age: number;
}

const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled", "lost"]);

/** Whether a task may still do something. */
export const isLive = ({ state }: Pick<TaskStatus, "state">): boolean => !ENDED.has(state);

/** Exit codes by which a worker says that it left before its end. */
const LEFT_EARLY = new Set([75, 143]);

/** What a task's state means, in plain words: as the engine says, and beside it what its worker says. */
export function explainTask(task: TaskStatus, beat: Heartbeat | null, staleSeconds: number): string {
  const again = task.restarts === 0 ? "" : `started anew ${times(task.restarts)}`;
  return [said(task, beat, staleSeconds), again].filter((part) => part !== "").join("; ");
}

function said(task: TaskStatus, beat: Heartbeat | null, staleSeconds: number): string {
  const { state, reason, exitCode, signal } = task;
  switch (state) {
    case "queued":
      return reason ?? (task.restarts > 0 ? "waits to be started again" : "waits for its turn");
    case "running":
      if (!beat) return "was started, and has said nothing yet";
      if (beat.age > staleSeconds && !hasLeft(beat))
        return `has said nothing for ${Math.round(beat.age)} s: others take over what it had`;
      return (
        beat.note ?? (beat.status === "working" ? worksAt(beat.shards) : (OURS[beat.status] ?? beat.status))
      );
    case "succeeded":
      return reason ?? (beat?.note ? `has left: ${beat.note}` : "has left: nothing more was to be done");
    case "cancelled":
      return reason ?? "was taken out before it was done";
    case "lost":
      return reason ?? "nobody knows what became of it";
    case "failed":
      if (reason !== undefined) return reason;
      if (exitCode !== undefined && LEFT_EARLY.has(exitCode))
        return "left when it was told to, and gave back what it had";
      return `${signal === undefined ? `ended with exit code ${exitCode ?? "?"}` : `was ended by ${signal}`}; its log says why`;
  }
}

const hasLeft = ({ status }: Heartbeat): boolean => status === "left" || status === "gave-up";

const OURS: Record<string, string> = {
  starting: "is starting",
  serving: "waits for its servers",
  leaving: "finishes what it has at work, and leaves",
  left: "has left",
  "gave-up": "gave up",
};

/** `works at shards 7, 8 and 12`; of many only how many they are. */
function worksAt(shards: readonly string[]): string {
  if (shards.length === 0) return "looks for work";
  if (shards.length > 4) return `works at ${shards.length} shards`;
  const numbers = shards.map(Number).sort((a, b) => a - b);
  const last = numbers.pop()!;
  return numbers.length === 0
    ? `works at shard ${last}`
    : `works at shards ${numbers.join(", ")} and ${last}`;
}

const times = (n: number): string => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);

/** What a verdict rests on. */
export interface Evidence {
  want: Want;
  stop: StopReason | null;
  /** Whether every phase is. */
  finished: boolean;
  /** Shards that are planned and not done. */
  open: number;
  tasks: readonly TaskStatus[];
  /** Jobs that were, or may have been, submitted. */
  jobs: number;
  /** Phases that have no job that anybody knows of. */
  unsubmitted: number;
  /** Why the engine could not be asked. */
  unasked: string | null;
  dataset: string;
  name: string;
}

/** How a run stands, and a sentence on it. */
export function verdictOf(evidence: Evidence): { state: Standing; said: string } {
  const { want, stop, finished, tasks, unasked, dataset, name } = evidence;
  if (finished) return { state: "finished", said: "All is done and in the dataset." };
  if (unasked !== null && tasks.length === 0)
    return {
      state: stop ? "failed" : "unknown",
      said: stop?.message ?? `The engine cannot be asked: ${unasked}`,
    };
  const live = tasks.filter(isLive);
  const running = live.filter(({ state }) => state === "running").length;
  const goOn = `resume it to go on (figloom run resume ${dataset} ${name}).`;
  if (stop) {
    if (live.length > 0) return { state: "stopping", said: stop.message };
    return { state: "failed", said: stop.message };
  }
  if (want === "cancel")
    return live.length > 0
      ? { state: "cancelling", said: `${tasksText(live.length)} still to leave.` }
      : { state: "cancelled", said: `Cancelled. What is done is kept; ${goOn}` };
  if (want === "pause")
    return live.length > 0
      ? { state: "pausing", said: `${tasksText(live.length)} still to finish what is at work.` }
      : { state: "paused", said: `Paused: no task is left, ${openText(evidence)}; ${goOn}` };
  if (running > 0) return { state: "running", said: runningText(running, live.length - running, evidence) };
  if (live.length > 0)
    return { state: "waiting", said: `${tasksText(live.length)} waiting: ${whyOf(live)}.` };
  return { state: "lost", said: `No task is left, and ${openText(evidence)}: ${goOn}` };
}

function runningText(running: number, waiting: number, { unsubmitted }: Evidence): string {
  const waits = waiting > 0 ? `, ${waiting.toLocaleString("en")} waiting` : "";
  const rest = unsubmitted > 0 ? "; a later phase was not submitted, resume to do so" : "";
  return `${tasksText(running)} running${waits}${rest}.`;
}

function openText({ open, jobs, unsubmitted }: Evidence): string {
  if (jobs === 0) return "nothing was submitted";
  if (open === 0)
    return unsubmitted > 0 ? "a phase was not submitted" : "what there is to do was not finished";
  return `${open.toLocaleString("en")} ${open === 1 ? "shard is" : "shards are"} open`;
}

/** The most frequent reason. */
function whyOf(tasks: readonly TaskStatus[]): string {
  const counts = new Map<string, number>();
  for (const { reason = "for its turn" } of tasks) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [why] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  return why.replace(/^Waits:? /, "").replace(/[.\s]+$/, "");
}

const tasksText = (n: number): string => `${n.toLocaleString("en")} ${n === 1 ? "task" : "tasks"}`;
