import { expect, test } from "vitest";
import type { Attempt, Submission } from "../../../../cluster/src/slurm/folder.js";
import type { Row } from "../../../../cluster/src/slurm/queue.js";
import { explainRefusal } from "../../../../cluster/src/slurm/refusals.js";
import { statusOf } from "../../../../cluster/src/slurm/states.js";

const submission: Submission = {
  ...{ number: 1, name: "demo.1", first: 0, indices: [0], before: 0, array: "7" },
  at: "2026-11-21T10:00:00.000Z",
};
const row: Row = {
  ...{ array: "7", index: 0, state: "RUNNING", reason: "None", exitCode: 0, signal: 0, restarts: 0 },
  ...{ node: "n1", partition: "h100", name: "demo.1", started: "2026-11-21T10:00:00.000Z" },
};
const attempt: Attempt = { restarts: 0, array: "7", node: "n1", began: "2026-11-21T10:00:01Z" };
const told = (more: Partial<Parameters<typeof statusOf>[0]>) => {
  const { state, reason } = statusOf({ id: "a", submission, attempts: [], cancelled: false, ...more });
  return [state, reason];
};
const says = (more: Partial<Row>) => told({ row: { ...row, ...more } });

test("what Slurm says is said in words", () => {
  expect(says({})).toEqual(["running", undefined]);
  expect(says({ state: "COMPLETING" })).toEqual(["running", undefined]);
  expect(says({ state: "PENDING", reason: "Resources" })).toEqual([
    "queued",
    "Waits: the partition h100 is full (Resources).",
  ]);
  expect(says({ state: "PENDING", reason: "QOSMaxGRESPerUser" })).toEqual([
    "queued",
    "Waits: a limit of your account or QOS is reached (QOSMaxGRESPerUser).",
  ]);
  expect(says({ state: "PENDING", reason: "SomethingNew" })).toEqual(["queued", "Waits (SomethingNew)."]);
  expect(says({ state: "TIMEOUT" })).toEqual(["failed", "It met its time limit."]);
  expect(says({ state: "NODE_FAIL" })).toEqual([
    "lost",
    "Its node failed (n1), and Slurm did not requeue it.",
  ]);
  expect(says({ state: "CANCELLED" })).toEqual(["cancelled", "It was cancelled outside of figloom."]);
  expect(told({ row: { ...row, state: "CANCELLED" }, cancelled: true })).toEqual(["cancelled", undefined]);
});

test("a task that never started tells of its folder, not of a signal that nobody sent", () => {
  const status = statusOf({
    ...{ id: "a", submission, attempts: [], cancelled: false },
    row: { ...row, state: "FAILED", reason: "JobLaunchFailure", exitCode: 15, signal: 53 },
  });
  expect(status.reason).toMatch(/^It could not be started on the node n1: .*Do all nodes share it\?$/);
  expect(status).not.toHaveProperty("signal");
});

test("why a task is run again is known from what its attempts wrote", () => {
  const again = { ...row, restarts: 1, node: "n2" };
  expect(told({ row: again, attempts: [attempt] })).toEqual([
    "running",
    "It is run again since its attempt on n1 was cut off: that node failed, or Slurm took the task away.",
  ]);
  const asked = { ...attempt, ended: "2026-11-21T10:09:00Z", code: 75 };
  expect(told({ row: { ...again, state: "PENDING", reason: "BeginTime" }, attempts: [asked] })).toEqual([
    "queued",
    "It is run again as it asked for on n1. Waits: Slurm lets a task that is run again start a little later (BeginTime).",
  ]);
});

test("what Slurm has forgotten is known from what attempts wrote, and what was cancelled", () => {
  const ended = { ...attempt, ended: "2026-11-21T10:09:00Z" };
  expect(told({ attempts: [{ ...ended, code: 0 }] })).toEqual(["succeeded", undefined]);
  expect(told({ attempts: [{ ...ended, code: 3 }] })).toEqual(["failed", undefined]);
  expect(told({ cancelled: true })).toEqual(["cancelled", undefined]);
  expect(told({ attempts: [attempt] })[0]).toBe("lost");
  expect(told({})[1]).toMatch(/^Slurm knows it no more: it was cancelled outside of figloom while it waited/);
  expect(told({ submission: { ...submission, array: null } })[1]).toMatch(
    /^Its submission was never confirmed/,
  );
  // An end in an earlier array says nothing of this one.
  expect(told({ attempts: [{ ...ended, array: "6", code: 0 }] })[0]).toBe("lost");
});

test("a refusal in one sentence, with Slurm's own words", () => {
  expect(
    explainRefusal(
      "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified\n",
    ),
  ).toBe(
    "The account may not be used there; `sacctmgr show assoc user=$USER` lists yours " +
      "(Slurm says: Invalid account or account/partition combination specified).",
  );
  expect(explainRefusal("sbatch: unrecognized option '--no-such'\n")).toBe(
    "Slurm refuses the job: unrecognized option '--no-such'.",
  );
});
