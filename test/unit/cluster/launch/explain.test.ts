import { expect, test } from "vitest";
import type { TaskStatus } from "../../../../cluster/src/engine.js";
import {
  explainTask,
  verdictOf,
  type Evidence,
  type Heartbeat,
} from "../../../../cluster/src/launch/explain.js";

const task = (state: TaskStatus["state"], more: Partial<TaskStatus> = {}): TaskStatus => ({
  ...{ id: "w0", state, restarts: 0 },
  ...more,
});
const beat = (status: string, age = 1): Heartbeat => ({ status, note: null, shards: [], age });

test.each<[TaskStatus, Heartbeat | null, string]>([
  [task("queued"), null, "waits for its turn"],
  [task("queued", { reason: "Waits for free nodes." }), null, "Waits for free nodes."],
  [task("queued", { restarts: 1 }), null, "waits to be started again; started anew once"],
  [task("running"), null, "was started, and has said nothing yet"],
  [task("running", { restarts: 2 }), beat("serving"), "waits for its servers; started anew twice"],
  [task("running"), beat("working", 300), "has said nothing for 300 s: others take over what it had"],
  [task("running"), beat("left", 300), "has left"],
  [task("running"), beat("working"), "looks for work"],
  [task("running"), { ...beat("working"), shards: ["00000007"] }, "works at shard 7"],
  [
    task("running"),
    { ...beat("working"), shards: ["00000012", "00000007", "00000008"] },
    "works at shards 7, 8 and 12",
  ],
  [task("running"), { ...beat("working"), shards: Array<string>(5).fill("00000001") }, "works at 5 shards"],
  [task("succeeded"), { ...beat("left"), note: "the run is paused" }, "has left: the run is paused"],
  [task("failed", { exitCode: 75 }), null, "left when it was told to, and gave back what it had"],
  [task("failed", { exitCode: 1 }), null, "ended with exit code 1; its log says why"],
  [task("failed", { signal: "SIGKILL" }), null, "was ended by SIGKILL; its log says why"],
  [task("lost"), null, "nobody knows what became of it"],
])("%o with the heartbeat %o: %s", (status, heartbeat, said) => {
  expect(explainTask(status, heartbeat, 60)).toBe(said);
});

const evidence = (more: Partial<Evidence>): Evidence => ({
  ...{ want: "run", stop: null, finished: false, open: 3, tasks: [], jobs: 1, unsubmitted: 0, unasked: null },
  ...{ dataset: "/data/all", name: "r" },
  ...more,
});
const stop = { kind: "configuration" as const, message: "There is no model x.", at: "", worker: "w" };

test.each<[string, Partial<Evidence>, string, RegExp]>([
  ["tasks run", { tasks: [task("running"), task("queued")] }, "running", /^1 task running, 1 waiting\.$/],
  [
    "all wait",
    { tasks: [task("queued", { reason: "Waits: no node is free." })] },
    "waiting",
    /^1 task waiting: no node is free\.$/,
  ],
  [
    "none is left",
    { tasks: [task("succeeded")] },
    "lost",
    /^No task is left, and 3 shards are open: resume it/,
  ],
  ["nothing was submitted", { jobs: 0, open: 0, unsubmitted: 1 }, "lost", /nothing was submitted: resume it/],
  [
    "a pause, and one at work",
    { want: "pause", tasks: [task("running")] },
    "pausing",
    /1 task still to finish/,
  ],
  [
    "a pause, and none left",
    { want: "pause" },
    "paused",
    /^Paused: no task is left, 3 shards are open; resume/,
  ],
  [
    "a cancel, and one at work",
    { want: "cancel", tasks: [task("running")] },
    "cancelling",
    /1 task still to leave/,
  ],
  [
    "a cancel, and none left",
    { want: "cancel", tasks: [task("cancelled")] },
    "cancelled",
    /resume it to go on \(figloom run resume \/data\/all r\)\./,
  ],
  ["it stopped itself", { stop, tasks: [task("failed")] }, "failed", /^There is no model x\.$/],
  ["it stops itself", { stop, tasks: [task("running")] }, "stopping", /^There is no model x\.$/],
  ["all is finished", { finished: true, open: 0 }, "finished", /in the dataset/],
  ["the engine is silent", { unasked: "squeue failed." }, "unknown", /cannot be asked: squeue failed\./],
])("%s", (_, more, state, said) => {
  const verdict = verdictOf(evidence(more));
  expect(verdict.state).toBe(state);
  expect(verdict.said).toMatch(said);
});
