import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job, JobHandle, Task, TaskStatus } from "../../cluster/src/engine.js";
import { slurm, type SlurmOptions } from "../../cluster/src/slurm/slurm.js";
import { type Slurm, startSlurm } from "../support/slurm/slurm.js";
import { Bench, ended, states, waitingFor } from "./bench.js";
import { until } from "../support/until.js";

const bench = new Bench();
let cluster: Slurm;

beforeAll(async () => {
  cluster = await startSlurm({
    // Small enough for several arrays of a few tasks.
    settings: { MaxArraySize: 20 },
    partitions: {
      calm: "Nodes=n[1-2] MaxTime=60 State=UP",
      rough: "Nodes=n[3-4] State=UP",
      closed: "Nodes=n1 State=DOWN",
    },
  });
  process.env.SLURM_CONF = cluster.env.SLURM_CONF;
  process.env.FIGLOOM_TEST_TOKEN = SECRET;
  process.env.FIGLOOM_TEST_OTHER = "not for tasks";
});
afterAll(async () => {
  await cluster.stop();
  await bench.remove();
});

const SECRET = 'se\'cret, "with" $everything';
const engine = (options: SlurmOptions = {}) => slurm({ folder: bench.jobs, partition: "calm", ...options });
const submit = (tasks: Task[], more: Partial<Job> = {}, options?: SlurmOptions) =>
  engine(options).submit({ name: "demo", tasks, ...more });
const outcomes = (tasks: TaskStatus[]) => tasks.map(({ id, state, restarts }) => [id, state, restarts]);
const text = async (handle: JobHandle, task: string, stream: "stdout" | "stderr" = "stdout") =>
  (await engine().logs(handle, task, { stream })).text;

describe.concurrent("on a cluster that works", () => {
  test("a command, its folder and its variables arrive as they are, and nothing in them is run", async () => {
    const cwd = bench.file("it's a $(touch pwned) folder; *");
    mkdirSync(cwd);
    const hostile = [
      "",
      "-n",
      "a b",
      "$(touch pwned)",
      "`touch pwned`",
      "'\"\\",
      "%41\\x41",
      "one\ntwo\t",
      "é漢🙂",
      "*",
      ";&|",
    ];
    const command = [
      process.execPath,
      "-e",
      "console.log(JSON.stringify([process.argv.slice(1), process.cwd(), process.env]))",
      "--",
      ...hostile,
    ];
    const env = { COMMAS: "a,b=c,\n$(touch pwned)", EMPTY: "" };
    const handle = await submit([{ id: "a", command, cwd, env, inherit: ["FIGLOOM_TEST_TOKEN", "NOT_SET"] }]);

    expect(outcomes(await ended(engine(), handle))).toEqual([["a", "succeeded", 0]]);
    const [args, folder, variables] = JSON.parse(await text(handle, "a")) as [
      string[],
      string,
      Record<string, string>,
    ];
    expect(args).toEqual(hostile);
    expect(folder).toBe(cwd);
    expect(variables).toMatchObject({
      ...env,
      FIGLOOM_TEST_TOKEN: SECRET,
      FIGLOOM_JOB_ID: handle.id,
      FIGLOOM_TASK_ID: "a",
      FIGLOOM_RESTART_COUNT: "0",
      HOME: process.env.HOME,
    });
    expect(variables).not.toHaveProperty("FIGLOOM_TEST_OTHER");
    expect(variables).not.toHaveProperty("SLURM_EXPORT_ENV");
    expect(readdirSync(bench.path)).not.toContain("pwned");
    expect(readdirSync(cwd)).toEqual([]);
    const written = readdirSync(handle.folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.parentPath.endsWith("logs"),
    );
    for (const entry of written)
      expect(readFileSync(join(entry.parentPath, entry.name), "utf8")).not.toContain("se'cret");
  });

  test("more tasks than an array may have go into several; each has its own log", async () => {
    const handle = await submit(Array.from({ length: 45 }, (_, i) => bench.shell(`t${i}`, `echo task ${i}`)));
    const tasks = await ended(engine(), handle);
    expect(tasks.map(({ state }) => state)).toEqual(Array(45).fill("succeeded"));
    expect(readdirSync(join(handle.folder, "submissions"))).toHaveLength(3);
    expect(await Promise.all(["t0", "t20", "t44"].map((id) => text(handle, id)))).toEqual([
      "task 0\n",
      "task 20\n",
      "task 44\n",
    ]);
  });

  test("as many tasks at the same time as the job may have nodes, over several arrays, too", async () => {
    const script = "echo start >> slots; sleep 0.3; echo end >> slots";
    const tasks = Array.from({ length: 23 }, (_, i) => bench.shell(`t${i}`, i < 18 ? "true" : script));
    const handle = await submit(tasks, {}, { nodes: 2 });
    expect((await ended(engine(), handle)).map(({ state }) => state)).toEqual(Array(23).fill("succeeded"));
    const atOnce = bench.lines("slots").map((_, i, all) => {
      const soFar = all.slice(0, i + 1);
      return 2 * soFar.filter((line) => line === "start").length - soFar.length;
    });
    expect(atOnce).toHaveLength(10);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(2);
  });

  test("tasks are cancelled alone, running and waiting ones; requeued they run again, and the others go on", async () => {
    const script = `[ "$FIGLOOM_RESTART_COUNT" = 0 ] || exit 0; ${waitingFor("go-cancel")}`;
    const handle = await submit(
      ["a", "b", "c", "d"].map((id) => bench.shell(id, script)),
      {},
      { throttle: 2 },
    );
    await until(
      async () => (await states(engine(), handle)).filter((each) => / running/.test(each)).length === 2,
    );
    const [, , waiting] = await engine().status(handle);
    expect(waiting!.reason).toBe(
      "Waits: as many tasks of the job run as may run at the same time (JobArrayTaskLimit).",
    );

    await engine().cancel(handle, ["a", "d"]);

    expect((await engine().status(handle)).map(({ state }) => state === "cancelled")).toEqual([
      true,
      false,
      false,
      true,
    ]);
    await engine().requeue(handle);
    bench.touch("go-cancel");
    expect(outcomes(await ended(engine(), handle))).toEqual([
      ["a", "succeeded", 1],
      ["b", "succeeded", 0],
      ["c", "succeeded", 0],
      ["d", "succeeded", 1],
    ]);
  });

  test("a task that fails says how; requeued it counts on, and its log goes on", async () => {
    const handle = await submit([
      bench.shell("a", `echo attempt $FIGLOOM_RESTART_COUNT; exit $((3 - 3 * FIGLOOM_RESTART_COUNT))`),
      { id: "b", command: ["no-such-program"], cwd: bench.path },
      bench.shell("c", "kill -KILL $$"),
    ]);
    const [a, b, c] = await ended(engine(), handle);
    expect(a).toMatchObject({
      state: "failed",
      exitCode: 3,
      host: expect.stringMatching(/^n[12]$/) as string,
    });
    expect(b).toMatchObject({
      state: "failed",
      exitCode: 127,
      reason: expect.stringContaining("was not found") as string,
    });
    expect(await text(handle, "b", "stderr")).toContain("no-such-program");
    expect(c).toMatchObject({ state: "failed", exitCode: 137 });

    await engine().requeue(handle, ["a"]);
    const again = await ended(engine(), handle);
    expect(again[0]).toMatchObject({ state: "succeeded", restarts: 1, exitCode: 0 });
    expect(await text(handle, "a")).toBe("attempt 0\nattempt 1\n");
  });

  test("a task that is told of its time limit asks to be run again, and is", async () => {
    const script = `trap 'echo told; exit 75' USR1; [ "$FIGLOOM_RESTART_COUNT" = 0 ] || exit 0; while :; do sleep 0.1; done`;
    const handle = await submit([bench.shell("a", script)], { resources: { minutes: 1, noticeSeconds: 55 } });
    const again = await until(async () =>
      (await engine().status(handle)).find(({ restarts }) => restarts === 1),
    );
    expect(again.reason).toMatch(/^It is run again as it asked for on n[12]\./);
    expect(outcomes(await ended(engine(), handle))).toEqual([["a", "succeeded", 1]]);
    expect(await text(handle, "a")).toBe("told\n");
  });

  test("a job waits until the tasks of those before it have ended, also where one failed", async () => {
    const first = await submit([bench.shell("a", `${waitingFor("go-after")}; echo first >> order; exit 1`)]);
    const second = await submit([bench.shell("b", "echo second >> order")], { after: [first] });
    const [task] = await until(async () => {
      const tasks = await engine().status(second);
      return /Dependency/.test(tasks[0]!.reason ?? "") ? tasks : undefined;
    });
    expect(task).toMatchObject({
      state: "queued",
      reason: "Waits until the tasks of an earlier job have ended (Dependency).",
    });
    bench.touch("go-after");
    expect(outcomes(await ended(engine(), second))).toEqual([["b", "succeeded", 0]]);
    expect(bench.lines("order")).toEqual(["first", "second"]);
  });

  test("when its node dies, a task runs again on another, and says why", async () => {
    const script = `echo $SLURMD_NODENAME; [ "$FIGLOOM_RESTART_COUNT" = 1 ] || sleep 600`;
    const handle = await submit([bench.shell("a", script)], {}, { partition: "rough" });
    const node = (await until(() => text(handle, "a"))).trim();
    await cluster.crash(node);
    const other = node === "n3" ? "n4" : "n3";
    const again = await until(
      async () => (await engine().status(handle)).find(({ restarts }) => restarts === 1),
      300,
    );
    expect(again.reason).toMatch(new RegExp(`^It is run again since its attempt on ${node} was cut off`));
    expect((await ended(engine(), handle))[0]).toMatchObject({
      state: "succeeded",
      restarts: 1,
      host: other,
    });
    expect(await text(handle, "a")).toBe(`${node}\n${other}\n`);
    await cluster.revive(node);
  });

  test("a dry run shows the script, the tasks and the commands, and does nothing of it", async () => {
    const options = {
      folder: bench.file("dry"),
      account: "astro",
      gpuType: "h100",
      lines: ["--mail-type=END"],
      throttle: 5,
    };
    const shown = await engine(options).dryRun({
      name: "demo",
      tasks: Array.from({ length: 30 }, (_, i) =>
        bench.shell(`t${i}`, "echo it's", { inherit: ["FIGLOOM_TEST_TOKEN"] }),
      ),
      resources: { gpus: 8, minutes: 90, noticeSeconds: 300 },
    });
    for (const line of [
      "#SBATCH --partition=calm",
      "#SBATCH --account=astro",
      "#SBATCH --gres=gpu:h100:8",
      "#SBATCH --time=90",
      "#SBATCH --signal=B:USR1@300",
      "#SBATCH --mail-type=END",
    ])
      expect(shown.split("\n")).toContain(line);
    expect(shown).not.toContain("--qos");
    expect(shown).not.toContain("{{");
    expect(shown).toContain("echo%20it%27s");
    expect(shown.match(/^sbatch .*--array=\S+/gm)!.map((line) => /--array=(\S+)/.exec(line)![1])).toEqual([
      "0-19%5",
      "0-9%5",
    ]);
    expect(shown).not.toContain("se'cret");
    expect(existsSync(bench.file("dry"))).toBe(false);
  });

  test.each<[string, SlurmOptions, Job["resources"], RegExp]>([
    [
      "a partition that is not there",
      { partition: "h100" },
      {},
      /^There is no partition h100; there are: gpu, calm, rough, closed\.$/,
    ],
    ["a closed partition", { partition: "closed" }, {}, /^The partition closed is closed at present\.$/],
    [
      "more GPUs than a node has",
      {},
      { gpus: 16 },
      /^Nodes of the partition calm have 8 GPUs; a task asks for 16\.$/,
    ],
    [
      "a longer time than is allowed",
      {},
      { minutes: 90 },
      /^The partition calm allows 60 minutes at most; a task asks for 90\.$/,
    ],
    [
      "a kind of GPU that no node has",
      { gpuType: "a100" },
      { gpus: 1 },
      /^No node of the partition has what a task asks for/,
    ],
    ["features that no node has", { constraint: "nvlink" }, {}, /^No node has the features/],
    ["an option that sbatch does not know", { lines: ["--no-such-option"] }, {}, /no-such-option/],
    [
      "a folder that cannot be made",
      { folder: "/dev/null/jobs" },
      {},
      /^Jobs cannot be written to \/dev\/null\/jobs/,
    ],
  ])("before submission: %s", async (_, options, resources, sentence) => {
    const job = { name: "demo", tasks: [bench.shell("a", "true")], resources };
    expect(await engine(options).preflight(job)).toEqual([expect.stringMatching(sentence)]);
  });

  test("before submission: nothing stands in the way of a job that fits", async () => {
    const job = {
      name: "demo",
      tasks: [bench.shell("a", "true")],
      resources: { gpus: 8, cpus: 64, minutes: 60 },
    };
    expect(await engine({ nodes: 2 }).preflight(job)).toEqual([]);
  });
});

describe("when something is in the way", () => {
  /** Puts a program of ours before the system's. */
  const instead = async (name: string, script: string, work: () => Promise<void>) => {
    const folder = bench.file(`bin-${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), script, { mode: 0o755 });
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      await work();
    } finally {
      process.env.PATH = path;
    }
  };

  test("a submission that was accepted without our hearing of it is not made again", async () => {
    const real = execFileSync("which", ["sbatch"], { encoding: "utf8" }).trim();
    const deaf = `#!/bin/sh\n${real} "$@" >/dev/null\necho 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2\nexit 1\n`;
    await instead("sbatch", deaf, async () => {
      const handle = await submit([bench.shell("a", "echo ran >> once")]);
      await ended(engine(), handle);
      expect(await engine().find("demo")).toEqual(handle);
    });
    expect(bench.lines("once")).toEqual(["ran"]);
  });

  test("through a login host words arrive as they are, secrets by no command line, and the host's own variables stay there", async () => {
    const ssh = `#!/bin/sh\necho "$@" >> ${bench.file("ssh.log")}\n[ "$FAIL" ] && { echo 'me@login: Permission denied (publickey).' >&2; exit 255; }\nunset FIGLOOM_TEST_TOKEN\nexport OF_THE_LOGIN=1\nexec /bin/sh -s\n`;
    const at = { login: "me@login" };
    await instead("ssh", ssh, async () => {
      expect(await engine(at).preflight({ name: "demo", tasks: [bench.shell("a", "true")] })).toEqual([]);
      const handle = await submit(
        [
          bench.shell("a", `echo "$FIGLOOM_TEST_TOKEN|$OF_THE_LOGIN|it's"`, {
            inherit: ["FIGLOOM_TEST_TOKEN"],
          }),
        ],
        {},
        at,
      );
      await ended(engine(at), handle);
      expect(await text(handle, "a")).toBe(`${SECRET}||it's\n`);
      expect(readFileSync(bench.file("ssh.log"), "utf8")).not.toContain("se'cret");
      process.env.FAIL = "1";
      await expect(engine(at).status(handle)).rejects.toThrow(
        "me@login cannot be reached by ssh: me@login: Permission denied (publickey). It must work without a password",
      );
      delete process.env.FAIL;
    });
  });

  test("without Slurm's commands, one sentence says where they are to be had", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nowhere";
    try {
      expect(await engine().preflight({ name: "demo", tasks: [bench.shell("a", "true")] })).toEqual([
        expect.stringMatching(/^There is no sinfo on this machine: start figloom on a login host/),
      ]);
    } finally {
      process.env.PATH = path;
    }
  });

  test("while its controller is down tasks go on; what it forgets is still known", async () => {
    const handle = await submit([
      bench.shell("a", `echo here; ${waitingFor("go-on")}; echo done`),
      bench.shell("b", "exit 4"),
      bench.shell("c", `echo here; sleep 600`),
    ]);
    await until(async () => (await text(handle, "a")) && (await text(handle, "c")));
    await until(async () => /b failed/.test((await states(engine(), handle)).join()));
    cluster.killController();
    bench.touch("go-on");
    await until(async () => /done/.test(await text(handle, "a")));
    await expect(engine().status(handle)).rejects.toThrow(/^Slurm does not answer/);
    await cluster.startController({ forgetful: true });
    await until(
      () =>
        existsSync(join(handle.folder, "records/0")) &&
        /end/.test(readFileSync(join(handle.folder, "records/0"), "utf8")),
    );
    const [a, b, c] = await engine().status(handle);
    expect(a).toMatchObject({ state: "succeeded", exitCode: 0 });
    expect(b).toMatchObject({ state: "failed", exitCode: 4 });
    expect(c).toMatchObject({
      state: "lost",
      reason: expect.stringMatching(/^Slurm knows it no more/) as string,
    });
  });
});
