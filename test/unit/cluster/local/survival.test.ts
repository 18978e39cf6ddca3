import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Engine, JobHandle } from "../../../../cluster/src/index.js";
import { JobFolder } from "../../../../cluster/src/local/folder.js";
import { identify } from "../../../../kernel-lib/src/processes/index.js";
import { post } from "../../../../cluster/src/local/requests.js";
import { states, supervisorOf, waitingFor, Workbench } from "./workbench.js";
import { until } from "../../../support/until.js";

const bench = new Workbench();
let engine: Engine;

beforeAll(async () => {
  const { local } = await bench.bundled();
  engine = local({ slots: 1, folder: bench.jobs, graceSeconds: 0.3 });
});
afterEach(() => bench.clear(engine));
afterAll(() => bench.remove());

const killSupervisor = async (handle: JobHandle): Promise<void> => {
  process.kill(await until(() => supervisorOf(handle)), "SIGKILL");
  await until(() => supervisorOf(handle) === undefined);
};

/** See proc(5): the parent stands second after the program's name, which is in parentheses. */
const childrenOf = (parent: number): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!.split(" ")[1] === String(parent)
        );
      } catch {
        return false;
      }
    });

/** Submits from a process of its own, which then waits to be killed. */
const SUBMITTER = `
const [, index, job, options] = process.argv;
require(index).local(JSON.parse(options)).submit(JSON.parse(job)).then((handle) => console.log(JSON.stringify(handle)));
setInterval(() => {}, 1000);`;

test("tasks go on to the end after the submitter and its process group were killed with -9", async () => {
  const script = `${waitingFor("go-submitter")}; echo "$FIGLOOM_TASK_ID" >> survivors`;
  const job = { name: "demo", tasks: ["a", "b", "c"].map((id) => bench.shell(id, script)) };
  const options = { slots: 2, folder: bench.jobs };
  const submitter = spawn(
    process.execPath,
    ["-e", SUBMITTER, bench.index, JSON.stringify(job), JSON.stringify(options)],
    { detached: true, stdio: ["ignore", "pipe", "inherit"] },
  );
  const printed = await new Promise<Buffer>((resolve) => submitter.stdout.once("data", resolve));
  const handle = bench.keep(JSON.parse(printed.toString()) as JobHandle);
  process.kill(-submitter.pid!, "SIGKILL");
  await until(() => submitter.signalCode);

  bench.touch("go-submitter");
  await until(async () => (await states(engine, handle)).every((state) => state.endsWith("succeeded")));
  expect(bench.lines("survivors").sort()).toEqual(["a", "b", "c"]);
});

test("a killed supervisor leaves its tasks lost; requeue ends what still runs and brings them back", async () => {
  const script = `echo "$FIGLOOM_TASK_ID $FIGLOOM_RESTART_COUNT $$" >> lost; ${waitingFor("go-lost")}`;
  const handle = await engine
    .submit({ name: "demo", tasks: ["a", "b"].map((id) => bench.shell(id, script)) })
    .then((h) => bench.keep(h));
  const [line = ""] = await until(() => (bench.lines("lost").length === 1 ? bench.lines("lost") : undefined));
  const orphan = Number(line.split(" ")[2]);
  await killSupervisor(handle);

  const [a, b] = await engine.status(handle);
  expect(a).toMatchObject({
    state: "lost",
    restarts: 0,
    host: hostname(),
    reason: expect.stringContaining("requeue"),
  });
  expect(b).toMatchObject({ state: "lost", restarts: 0 });
  expect(identify(orphan)).toBeDefined();

  await engine.requeue(handle);
  await until(() => bench.lines("lost").length === 2);
  expect(identify(orphan)).toBeUndefined();
  bench.touch("go-lost");
  const done = await until(async () => {
    const tasks = await engine.status(handle);
    return tasks.every(({ state }) => state === "succeeded") ? tasks : undefined;
  });
  expect(done.map(({ restarts }) => restarts)).toEqual([1, 1]);
  expect(bench.lines("lost").map((each) => each.replace(/ \d+$/, ""))).toEqual(["a 0", "a 1", "b 1"]);
});

test("tasks of a killed supervisor can be cancelled, and nothing of them is left running", async () => {
  const handle = bench.keep(
    await engine.submit({ name: "demo", tasks: [bench.shell("a", "echo $$ >> orphan; sleep 600")] }),
  );
  await until(() => bench.lines("orphan").length === 1);
  await killSupervisor(handle);
  await engine.cancel(handle);
  expect(await states(engine, handle)).toEqual(["a cancelled"]);
  await until(() => identify(Number(bench.lines("orphan")[0])) === undefined);
});

test.runIf(process.platform === "linux")(
  "a supervisor killed before it has recorded a process leaves none that runs",
  async () => {
    const folder = new JobFolder(bench.file("unrecorded"));
    const job = {
      id: "unrecorded",
      name: "demo",
      tasks: [bench.shell("a", "echo ran >> unrecorded-ran; sleep 600")],
    };
    folder.create({ ...job, slots: 1, graceSeconds: 0.3, submitted: "2026-01-01T00:00:00Z" });
    // To write into a pipe that nobody reads keeps the supervisor from ever recording the process.
    const record = join(folder.path, "tasks", "a", "state.json");
    mkdirSync(dirname(record), { recursive: true });
    execFileSync("mkfifo", [`${record}.tmp`]);
    const supervisor = spawn(process.execPath, [bench.supervisor, folder.path], { stdio: "inherit" });
    const [started] = await until(() => {
      const children = childrenOf(supervisor.pid!);
      return children.length > 0 ? children : undefined;
    });
    supervisor.kill("SIGKILL");
    await until(() => supervisor.signalCode);
    await until(() => identify(started!) === undefined);
    expect(bench.lines("unrecorded-ran")).toEqual([]);

    rmSync(`${record}.tmp`);
    const handle = bench.keep({ engine: "local", id: job.id, folder: folder.path });
    expect(await states(engine, handle)).toEqual(["a lost"]);
    await engine.requeue(handle);
    await until(() => bench.lines("unrecorded-ran").length === 1);
  },
);

test("of six supervisors started at once on an orphaned job one works and five leave", async () => {
  const script = `echo run >> rivals; ${waitingFor("go-rivals")}`;
  const handle = bench.keep(await engine.submit({ name: "demo", tasks: [bench.shell("a", script)] }));
  await until(() => bench.lines("rivals").length === 1);
  await killSupervisor(handle);
  // Keeps the winner at work, so that no rival can follow it.
  post(new JobFolder(handle.folder), { action: "requeue", tasks: ["a"] });

  const rivals = Array.from({ length: 6 }, () =>
    spawn(process.execPath, [bench.supervisor, handle.folder], { stdio: "inherit" }),
  );
  await until(() => rivals.filter(({ exitCode }) => exitCode === 0).length === 5);
  await until(() => bench.lines("rivals").length === 2);
  const [winner] = rivals.filter(({ exitCode }) => exitCode === null);
  expect(supervisorOf(handle)).toBe(winner?.pid);
  expect(readdirSync(join(handle.folder, "supervisors")).sort()).toEqual(["1.json", "2.json"]);
  bench.touch("go-rivals");
  await until(() => winner?.exitCode === 0);
  expect(bench.lines("rivals")).toEqual(["run", "run"]);
});

test("a job that another machine looks after is shown as recorded, and not touched", async () => {
  const handle = bench.keep(
    await engine.submit({ name: "demo", tasks: [bench.shell("a", waitingFor("go-elsewhere"))] }),
  );
  await until(async () => (await states(engine, handle))[0] === "a running");
  const foreign = join(handle.folder, "supervisors", "2.json");
  writeFileSync(foreign, JSON.stringify({ ...identify(process.pid), host: "another-machine" }));
  await expect(engine.cancel(handle)).rejects.toThrow(/another-machine; ask there/);
  expect(await states(engine, handle)).toEqual(["a running"]);
  // The way out that the message names.
  rmSync(foreign);
  await engine.cancel(handle);
  expect(await states(engine, handle)).toEqual(["a cancelled"]);
});
