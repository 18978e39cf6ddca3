import { expect, test } from "vitest";
import type { Standing } from "../../../../cluster/src/launch/explain.js";
import type { Look, TaskLook } from "../../../../cluster/src/launch/look.js";
import { eventsOf } from "../../../../cluster/src/launch/tell.js";
import { foldRuns, type RunEvent, type RunState } from "../../../../kernel-lib/src/views/run.js";

const START: RunEvent = {
  ...{
    at: 1,
    event: "start",
    run: "20261121T143355Z-score-3f2a9c",
    dataset: "/d",
    verb: "score",
    title: "score",
  },
  ...{ host: "login", pid: 7, process: null, engine: "slurm" },
};
const task = (state: TaskLook["state"], id = "w0"): TaskLook => ({
  ...{ id, state, restarts: 0, phase: "1-score", worker: null, said: `it is ${state}` },
  job: { number: 1, phase: "1-score", name: "n", at: "", by: null!, handle: null },
});
const looked = (state: Standing, ...tasks: TaskLook[]): Look => ({
  state,
  said: "So it is.",
  phases: [],
  tasks,
});
const known = (look: Look, ...before: RunEvent[]): RunState =>
  foldRuns([START, ...before, ...eventsOf(look, 5)])!;

test.each<[Standing, RunState["status"], string | null]>([
  ["waiting", "starting", null],
  ["running", "running", null],
  ["pausing", "pausing", null],
  ["paused", "paused", null],
  ["cancelling", "cancelling", null],
  ["cancelled", "cancelled", "So it is."],
  ["failed", "failed", "So it is."],
  ["lost", "lost", "So it is."],
])("a run that is %s is shown as %s", (state, status, message) => {
  expect(known(looked(state))).toMatchObject({ status, message });
});

test("a run that was paused and goes on is not shown as paused", () => {
  const paused: RunEvent = { at: 2, event: "status", status: "paused" };
  expect(known(looked("running", task("running")), paused).status).toBe("running");
});

test("what nobody can be asked about stays as it was", () => {
  const running: RunEvent = { at: 2, event: "status", status: "running" };
  expect(known(looked("unknown"), running).status).toBe("running");
});

test("the end of one that finished is left to its last worker while there is one", () => {
  expect(known(looked("finished", task("running"))).ended).toBeNull();
  expect(known(looked("finished", task("succeeded")))).toMatchObject({ status: "finished", ended: 5 });
});

test("tasks that run come first, each with what it means", () => {
  const { tasks } = known(
    looked("running", task("succeeded", "w1"), task("queued", "w2"), task("running", "w3")),
  );
  expect(tasks.map(({ task }) => task)).toEqual(["w3", "w2", "w1"]);
  expect(tasks[0]).toMatchObject({ phase: "1-score", state: "running", host: null, said: "it is running" });
});
