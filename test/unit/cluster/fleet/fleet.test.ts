import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bundle } from "../../../../cluster/bundle.mjs";
import type { fleet as Fleet, FleetOptions } from "../../../../cluster/src/fleet/index.js";
import { serveScript } from "../../../../cluster/src/servers/index.js";
import { readFleet } from "../../../../kernel-lib/src/captions/vllm/fleet/index.js";
import { vllm } from "../../../../kernel-lib/src/captions/vllm/vllm.js";
import { latestClaim } from "../../../../kernel-lib/src/processes/index.js";
import { isAlive } from "../servers/bench.js";
import { until } from "../../../support/until.js";

// Below the tests, so that the bundle finds the packages it is made to find.
const output = join(import.meta.dirname, "../../../output");
const SIGNAL = new AbortController().signal;
const MODEL = "Qwen/Qwen3-VL-8B";
let programs: string;
let fleet: typeof Fleet;
let folder: string;

beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  programs = mkdtempSync(join(output, "fleet-"));
  await bundle(programs);
  ({ fleet } = createRequire(import.meta.url)(join(programs, "index.cjs")) as { fleet: typeof Fleet });
});
afterAll(() => rmSync(programs, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-fleet-"));
  vi.stubEnv("FIGLOOM_FLEET", folder);
  vi.stubEnv("FIGLOOM_ENDPOINTS", "");
  vi.stubEnv("FIGLOOM_MOCK", join(programs, "mock-server-program.cjs"));
  vi.stubEnv("CUDA_VISIBLE_DEVICES", "0,1");
});
afterEach(async () => {
  await fleet.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const start = (options: Partial<FleetOptions> = {}) =>
  fleet.start({ model: MODEL, serve: serveScript("mock"), media: folder, beatSeconds: 0.1, ...options });

const nodes = async () => (await fleet.status()).fleets.flatMap((each) => each.nodes);
const serving = (count: number) =>
  until(async () => {
    const all = await nodes();
    return all.filter(({ state, up }) => state === "serving" && up === 2).length === count ? all : undefined;
  });
const members = (name = "qwen3-vl-8b") => readFleet(join(folder, name))!.members;

async function reach(endpoints: string[]): Promise<boolean[]> {
  return Promise.all(
    endpoints.map((endpoint) =>
      fetch(`${endpoint}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
}

test("cells find a fleet that was started, wait while it loads, and are told when it is gone", async () => {
  const script = join(folder, "loads.sh");
  writeFileSync(script, `while [ ! -e ${folder}/go ]; do sleep 0.05; done\nexec sh ${serveScript("mock")}\n`);
  const started = await start({ nodes: 2, serve: script });
  expect(started.fleets[0]).toMatchObject({ name: "qwen3-vl-8b", model: MODEL, endpoints: [] });
  const said: string[] = [];
  const model = vllm({ shared: false, onWarning: (text) => said.push(text) });
  const ready = model.ready({ signal: SIGNAL, folder });
  await until(() => said.length > 0);
  writeFileSync(join(folder, "go"), "");
  await ready;
  expect(said).toEqual([expect.stringMatching(/^Waiting for the fleet qwen3-vl-8b /)]);
  expect(model.name).toBe(MODEL);
  await model.close();

  await serving(2);
  const status = await fleet.status();
  expect(status.fleets[0]!.endpoints).toHaveLength(4);
  expect(String(status)).toMatch(
    /^qwen3-vl-8b \(Qwen\/Qwen3-VL-8B, vLLM 0\.32\.0\): 4 of 4 servers answer\n {2}node-1 on \S+: serving, 2 of 2 servers up\n {2}node-2 on/,
  );

  const stopped = await fleet.stop({ name: "qwen3-vl-8b" });
  expect(stopped.fleets[0]!.nodes.map(({ state }) => state)).toEqual(["gone", "gone"]);
  expect(await reach(status.fleets[0]!.endpoints)).toEqual([false, false, false, false]);
  await expect(vllm().ready({ signal: SIGNAL, folder })).rejects.toThrow(/^No server is named/);
});

test("a node leaves when nobody asks its servers for a while", async () => {
  await start({ idle: 1 });
  await until(async () => (await nodes())[0]!.state === "gone");
  expect(members()).toMatchObject([{ status: "left", servers: [] }]);
  const [log] = ["stdout.log"].map((name) => {
    const { folder: job } = JSON.parse(readFileSync(join(folder, "qwen3-vl-8b", "job.json"), "utf8")) as {
      folder: string;
    };
    return readFileSync(join(job, "tasks", "node-1", name), "utf8");
  });
  expect(log).toBe("Nobody asked its servers for 1 s.\n");
});

test("a node that is killed takes its servers with it, and does not mislead anybody", async () => {
  await start();
  await serving(1);
  const { pid, servers } = members()[0]!;
  const endpoints = servers.map(({ endpoint }) => endpoint);
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  await until(async () => (await reach(endpoints)).every((answers) => !answers));
  await until(async () => (await nodes())[0]!.state === "gone");
  expect(members()[0]!.status).toBe("serving");
});

test("a node whose supervisor was killed goes on serving, and is stopped all the same", async () => {
  await start();
  const [node] = await serving(1);
  const { folder: job } = JSON.parse(readFileSync(join(folder, "qwen3-vl-8b", "job.json"), "utf8")) as {
    folder: string;
  };
  const supervisor = latestClaim(join(job, "supervisors"))!.holder!.pid;
  process.kill(supervisor, "SIGKILL");
  await until(() => !isAlive(supervisor));
  expect((await nodes())[0]).toMatchObject({ task: node!.task, state: "serving", up: 2 });
  const { pid } = members()[0]!;
  await fleet.stop();
  expect(isAlive(pid)).toBe(false);
  expect(members()[0]!.status).toBe("left");
});

test("a node that is told that its time is over leaves in good order", async () => {
  await start();
  await serving(1);
  process.kill(members()[0]!.pid, "SIGUSR1");
  await until(() => members()[0]!.status === "left");
  await until(async () => (await nodes())[0]!.state === "gone");
});

test("why servers do not start is said", async () => {
  const script = join(folder, "broken.sh");
  writeFileSync(script, "vllm-is-not-here serve\n");
  await start({ serve: script });
  const [node] = await until(async () => {
    const all = await nodes();
    return all[0]!.state === "gone" ? all : undefined;
  });
  expect(node!.note).toMatch(/GPU 0 of \S+ did not start: .*vllm-is-not-here/);
  expect(String(await fleet.status())).toContain("vllm-is-not-here");
});

test("a name is taken while its fleet lives, and free afterwards", async () => {
  await start({ name: "mine" });
  await expect(start({ name: "mine" })).rejects.toThrow(
    "A fleet mine is there already: stop it (figloom fleet stop mine)",
  );
  await fleet.stop({ name: "mine" });
  await start({ name: "mine", model: "another" });
  expect((await fleet.status()).fleets).toMatchObject([{ name: "mine", model: "another", stopping: false }]);
});

test("wrong settings are told before anything is started", async () => {
  await expect(start({ name: "../up" })).rejects.toThrow(/cannot be called "\.\.\/up"/);
  await expect(start({ nodes: 0 })).rejects.toThrow("nodes is 0");
  await expect(start({ idle: -1 })).rejects.toThrow("idle is -1");
  await expect(start({ serve: "/nowhere.sh" })).rejects.toThrow("The script /nowhere.sh is not there");
  await expect(start({ media: "/nowhere" })).rejects.toThrow("The folder /nowhere is not there");
  await expect(fleet.stop({ name: "none" })).rejects.toThrow("There is no fleet none in");
  mkdirSync(join(folder, "precious"));
  await expect(start({ name: "precious" })).rejects.toThrow("precious holds something else");
  expect(String(await fleet.status())).toBe("There is no fleet; figloom fleet start starts one.");
});
