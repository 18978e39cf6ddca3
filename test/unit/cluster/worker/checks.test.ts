import { expect, test } from "vitest";
import { hopelessness } from "../../../../cluster/src/worker/checks.js";
import { identityOf } from "../../../../cluster/src/worker/identity.js";
import { Pulse } from "../../../../cluster/src/worker/pulse.js";
import { worker } from "../coordinator/samples.js";

const task = { job: "7", task: "w0", restart: 5 };
const start = (restart: number, more = {}) => worker(`w0.${restart}`, { task: "w0", restart, ...more });

test("a task that was started again and again without a single result is not tried any more", () => {
  const starts = [0, 1, 2, 3]
    .map((restart) => start(restart))
    .concat(start(4, { note: "No GPU is visible." }));
  expect(hopelessness(task, starts, 5)).toBe(
    "The task w0 was started again 5 times without a single new result, and is not tried any more. It last said: No GPU is visible.",
  );
  // As their names sort, the tenth comes before the ninth.
  const later = [start(10, { note: "No room." }), start(9, { note: "No GPU is visible." })];
  expect(hopelessness({ ...task, restart: 11 }, later, 5)).toContain("It last said: No room.");
  expect(hopelessness(task, [], 5)).toMatch(/5 times without a single new result/);
});

test("a result in one of the last starts, or too few starts, keep a task going", () => {
  expect(hopelessness(task, [start(2, { done: 1 })], 5)).toBeNull();
  expect(hopelessness({ ...task, restart: 4 }, [], 5)).toBeNull();
  // Of another task, or of long ago.
  expect(hopelessness(task, [worker("w1", { task: "w1", done: 9 })], 5)).not.toBeNull();
  expect(hopelessness({ ...task, restart: 9 }, [start(2, { done: 1 })], 5)).not.toBeNull();
});

test("a worker is what its engine says, and no two have the same name", () => {
  const env = {
    FIGLOOM_JOB_ID: "41",
    FIGLOOM_TASK_ID: "w07",
    FIGLOOM_RESTART_COUNT: "3",
    SLURMD_NODENAME: "gpu9",
  };
  expect(identityOf(env)).toMatchObject({
    job: "41",
    task: "w07",
    restart: 3,
    host: "gpu9",
    pid: process.pid,
  });
  expect(identityOf(env).worker).toMatch(/^w07\.3\.[0-9a-f]{6}$/);
  expect(identityOf(env).worker).not.toBe(identityOf(env).worker);
  expect(identityOf({ FIGLOOM_TASK_ID: "../x" }).worker).toMatch(/^[\w.-]+$/);
  expect(identityOf({})).toMatchObject({ job: "none", restart: 0 });
});

test("a worker is alive when its heart was seen to beat, lately", () => {
  let now = 0;
  const pulse = new Pulse(100, () => now);
  pulse.see([worker("a", { beat: 4 })]);
  expect(pulse.isAlive("a")).toBe(false);
  now = 50;
  pulse.see([worker("a", { beat: 5 })]);
  expect(pulse.isAlive("a")).toBe(true);
  now = 160;
  pulse.see([worker("a", { beat: 5 })]);
  expect(pulse.isAlive("a")).toBe(false);
  expect(pulse.isAlive("unknown")).toBe(false);
});
