import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Engine, Job, Task } from "../../../../cluster/src/index.js";
import { identify } from "../../../../kernel-lib/src/processes/index.js";
import { states, supervisorOf, waitingFor, Workbench } from "./workbench.js";
import { until } from "../../../support/until.js";

const bench = new Workbench();
let engine: Engine;
let makeEngine: (slots: number) => Engine;

beforeAll(async () => {
  const { local } = await bench.bundled();
  makeEngine = (slots) => local({ slots, folder: bench.jobs, graceSeconds: 0.3 });
  engine = makeEngine(2);
});
afterEach(() => bench.clear(engine));
afterAll(() => bench.remove());

const submit = async (tasks: Task[], more: Partial<Job> = {}, on = engine) =>
  bench.keep(await on.submit({ name: "demo", tasks, ...more }));

const allEnded = (handle: Parameters<Engine["status"]>[0]) =>
  until(async () => {
    const tasks = await engine.status(handle);
    return tasks.some(({ state }) => state === "queued" || state === "running") ? undefined : tasks;
  });

test("five tasks on two slots: never more than two at once, each exactly once", async () => {
  const script = `echo start >> slots; ${waitingFor("go-slots")}; sleep 0.1; echo end >> slots`;
  const handle = await submit(["a", "b", "c", "d", "e"].map((id) => bench.shell(id, script)));
  await until(() => bench.lines("slots").length === 2);
  expect(await states(engine, handle)).toEqual([
    "a running",
    "b running",
    "c queued",
    "d queued",
    "e queued",
  ]);
  bench.touch("go-slots");

  const tasks = await allEnded(handle);
  expect(tasks.map(({ state, exitCode, restarts }) => ({ state, exitCode, restarts }))).toEqual(
    Array(5).fill({ state: "succeeded", exitCode: 0, restarts: 0 }),
  );
  const atOnce = bench.lines("slots").map((_, i, all) => {
    const soFar = all.slice(0, i + 1);
    return 2 * soFar.filter((line) => line === "start").length - soFar.length;
  });
  expect(atOnce).toHaveLength(10);
  expect(Math.max(...atOnce)).toBe(2);
});

test("the supervisor leaves when its tasks have ended", async () => {
  const handle = await submit([bench.shell("a", "true")]);
  await allEnded(handle);
  await until(() => supervisorOf(handle) === undefined);
  expect(await states(engine, handle)).toEqual(["a succeeded"]);
});

test("a log is read while the task runs, and read on from where one was", async () => {
  const handle = await submit([
    bench.shell("a", `echo één; echo oops >&2; ${waitingFor("go-logs")}; echo twee`),
  ]);
  const first = await until(async () => {
    const part = await engine.logs(handle, "a");
    return part.text.endsWith("\n") ? part : undefined;
  });
  expect(first).toEqual({ text: "één\n", next: 6 });
  expect(await states(engine, handle)).toEqual(["a running"]);
  bench.touch("go-logs");
  await allEnded(handle);
  expect(await engine.logs(handle, "a", { from: first.next })).toEqual({ text: "twee\n", next: 11 });
  expect((await engine.logs(handle, "a", { stream: "stderr" })).text).toBe("oops\n");
});

test("cancel ends the whole process group, also one that ignores SIGTERM, and starts nothing that was queued", async () => {
  const stubborn = `trap '' TERM; sleep 600 & echo $$ >> pids; echo $! >> pids; wait`;
  const handle = await submit([bench.shell("a", stubborn), bench.shell("b", "echo ran")], {}, makeEngine(1));
  const pids = (await until(() => (bench.lines("pids").length === 2 ? bench.lines("pids") : undefined))).map(
    Number,
  );
  expect(pids.map(identify)).not.toContain(undefined);

  await engine.cancel(handle);

  const [a, b] = await engine.status(handle);
  expect(a).toMatchObject({ state: "cancelled", signal: "SIGKILL" });
  expect(b).toMatchObject({ state: "cancelled" });
  expect(b).not.toHaveProperty("started");
  await until(() => pids.every((pid) => identify(pid) === undefined));
  expect((await engine.logs(handle, "b")).text).toBe("");
});

test("a job waits until the tasks of those before it have ended, also where one failed; cancelled, it never starts", async () => {
  const first = await submit([bench.shell("a", `${waitingFor("go-first")}; echo first >> order; exit 1`)]);
  const second = await submit([bench.shell("b", "echo second >> order")], { after: [first] });
  const third = await submit([bench.shell("c", "echo third >> order")], { after: [first, second] });
  await until(async () => (await states(engine, first))[0] === "a running");
  await engine.cancel(third);
  expect(await states(engine, second)).toEqual(["b queued"]);
  bench.touch("go-first");
  await allEnded(second);
  expect(bench.lines("order")).toEqual(["first", "second"]);
  expect(await states(engine, third)).toEqual(["c cancelled"]);
});

test("one task is cancelled while its neighbours go on", async () => {
  const handle = await submit(["a", "b"].map((id) => bench.shell(id, waitingFor("go-one"))));
  await engine.cancel(handle, ["a"]);
  expect(await states(engine, handle)).toEqual(["a cancelled", "b running"]);
  bench.touch("go-one");
  await until(async () => (await states(engine, handle))[1] === "b succeeded");
});

test("requeue runs failed and cancelled tasks again with one more restart, and leaves the others alone", async () => {
  const flaky = `echo "$FIGLOOM_TASK_ID $FIGLOOM_RESTART_COUNT" >> flaky; [ "$FIGLOOM_RESTART_COUNT" = 1 ] || exit 3`;
  const handle = await submit([
    bench.shell("flaky", flaky),
    bench.shell("good", "echo good >> flaky"),
    bench.shell("stopped", `[ "$FIGLOOM_RESTART_COUNT" = 1 ] || sleep 600`),
  ]);
  await engine.cancel(handle, ["stopped"]);
  const [failed] = await allEnded(handle);
  expect(failed).toMatchObject({ state: "failed", exitCode: 3, restarts: 0 });

  await engine.requeue(handle);

  const again = await allEnded(handle);
  expect(again.map(({ id, state, restarts }) => [id, state, restarts])).toEqual([
    ["flaky", "succeeded", 1],
    ["good", "succeeded", 0],
    ["stopped", "succeeded", 1],
  ]);
  expect(bench.lines("flaky").sort()).toEqual(["flaky 0", "flaky 1", "good"]);
});

test("a command that does not exist fails with the reason, and its neighbour runs", async () => {
  const handle = await submit([
    { id: "a", command: ["/no/such/program"], cwd: bench.path },
    bench.shell("b", "true"),
  ]);
  const [a, b] = await allEnded(handle);
  expect(a).toMatchObject({ state: "failed", reason: expect.stringContaining("/no/such/program") });
  expect(b).toMatchObject({ state: "succeeded" });
});

test("a task that meets the time limit is stopped and has failed", async () => {
  const handle = await submit([bench.shell("a", "sleep 600")], { resources: { minutes: 0.002 } });
  const [a] = await allEnded(handle);
  expect(a).toMatchObject({ state: "failed", signal: "SIGTERM", reason: "It met the job's time limit." });
});

test("what a command leaves running in its group goes with it", async () => {
  const handle = await submit([bench.shell("a", "sleep 600 & echo $! >> left")]);
  const [a] = await allEnded(handle);
  expect(a).toMatchObject({ state: "succeeded" });
  const left = Number(bench.lines("left")[0]);
  await until(() => identify(left) === undefined);
});

test("a secret reaches the task by name only: no file of the job holds it, and unnamed ones stay behind", async () => {
  const secret = `s3cret-${process.pid}-value`;
  process.env["DEMO_API_KEY"] = secret;
  process.env["OTHER_TOKEN"] = secret;
  try {
    const handle = await submit([
      bench.shell("a", `echo "\${#DEMO_API_KEY} \${#OTHER_TOKEN} $PLAIN"`, {
        inherit: ["DEMO_API_KEY"],
        env: { PLAIN: "a, b" },
      }),
    ]);
    await allEnded(handle);
    expect((await engine.logs(handle, "a")).text).toBe(`${secret.length} 0 a, b\n`);
    const files = readdirSync(handle.folder, { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    );
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      expect(readFileSync(join(file.parentPath, file.name), "utf8")).not.toContain(secret);
  } finally {
    delete process.env["DEMO_API_KEY"];
    delete process.env["OTHER_TOKEN"];
  }
});

test("a task id that the job does not have is refused, whatever its characters", async () => {
  const handle = await submit([bench.shell("a", "true")]);
  for (const id of ["b", "../a", "a/../../x", "__proto__"]) {
    await expect(engine.logs(handle, id)).rejects.toThrow(/has no task/);
    await expect(engine.cancel(handle, [id])).rejects.toThrow(/has no task/);
    await expect(engine.requeue(handle, [id])).rejects.toThrow(/has no task/);
  }
});

test("a handle of another engine or of no job is refused with the way out", async () => {
  const handle = { engine: "local", id: "x", folder: bench.file("nothing-here") };
  await expect(engine.status(handle)).rejects.toMatchObject({ name: "ConfigurationError" });
  await expect(engine.status({ ...handle, engine: "slurm" })).rejects.toThrow(/engine slurm/);
});

test("a job that cannot be right is refused before anything is written", async () => {
  const before = readdirSync(bench.jobs);
  for (const id of ["../x", "a/b", "..", "", "a\0b", ".hidden", "x".repeat(101), "a b", "a\n"])
    await expect(engine.submit({ name: "demo", tasks: [bench.shell(id, "true")] })).rejects.toMatchObject({
      name: "ConfigurationError",
    });
  const lost = { ...bench.shell("a", "true"), cwd: bench.file("nothing-here") };
  await expect(engine.submit({ name: "demo", tasks: [lost] })).rejects.toThrow(/not a folder/);
  expect(readdirSync(bench.jobs)).toEqual(before);
});
