import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ServerState } from "../../../../cluster/src/servers/index.js";
import { isAlive, MODEL, modelAt, ServersBench } from "./bench.js";
import { until } from "../../../support/until.js";

const bench = new ServersBench("servers");
beforeAll(() => bench.prepare());
afterEach(() => bench.clear());
afterAll(() => bench.remove());

const healths = (states: readonly ServerState[]) => states.map(({ health }) => health);

test("the first server starts alone; when it answers, the others start at once", async () => {
  const script = bench.script(
    "one-by-one.sh",
    `echo "$FIGLOOM_SERVER: $CUDA_VISIBLE_DEVICES" >> trace
    [ "$FIGLOOM_SERVER" != 0 ] || while [ ! -e go ]; do sleep 0.05; done`,
  );
  let states: ServerState[] = [];
  const starting = bench.start("4,5,6,7", { script }, { onState: (now) => (states = now) });
  await until(() => bench.lines("trace").length === 1);
  expect(healths(states)).toEqual(["starting", "waiting", "waiting", "waiting"]);
  bench.touch("go");

  const servers = await starting;
  expect(bench.lines("trace").sort()).toEqual(["0: 4", "1: 5", "2: 6", "3: 7"]);
  expect(healths(servers.states)).toEqual(["up", "up", "up", "up"]);
  expect(servers.states.map(({ version }) => version)).toEqual(Array(4).fill("0.32.0"));
  expect(new Set(servers.endpoints).size).toBe(4);
  expect(await Promise.all(servers.endpoints.map(modelAt))).toEqual(Array(4).fill(MODEL));
});

test("a server that is killed comes back under its address, and its log keeps both lives", async () => {
  const servers = await bench.start("0,1");
  const [first] = servers.states;
  process.kill(first!.pid!, "SIGKILL");
  await until(() => servers.states[0]!.starts === 2 && servers.states[0]!.health === "up");
  expect(servers.states[0]).toMatchObject({ endpoint: first!.endpoint, gpus: ["0"] });
  expect(servers.states[0]!.note).toMatch(/^The server on GPU 0 of \S+ died: it was killed \(SIGKILL\)/);
  expect(servers.states[1]!.starts).toBe(1);
  expect(await modelAt(first!.endpoint)).toBe(MODEL);
  expect(readFileSync(first!.log, "utf8").match(/^-- start \d/gm)).toEqual(["-- start 1", "-- start 2"]);
});

test("a server that hangs is ended and started again when the client asks for it", async () => {
  const servers = await bench.start("0");
  const { pid, endpoint } = servers.states[0]!;
  process.kill(pid!, "SIGSTOP");
  await Promise.all([servers.restart(endpoint), servers.restart(endpoint)]);
  expect(isAlive(pid!)).toBe(false);
  expect(servers.states[0]).toMatchObject({ health: "up", starts: 2, endpoint });
  await expect(servers.restart("http://127.0.0.1:1")).rejects.toThrow("none of this node's servers");
});

test("stop ends servers and what they have left behind", async () => {
  const script = bench.script("with-child.sh", `sleep 600 & echo $! >> trace`);
  const servers = await bench.start("0,1", { script });
  const pids = [...servers.states.map(({ pid }) => pid!), ...bench.lines("trace").map(Number)];
  expect(pids).toHaveLength(4);
  await servers.stop();
  await until(() => !pids.some(isAlive));
  expect(healths(servers.states)).toEqual(["stopped", "stopped"]);
});

test("a server gets its grace: its first process alone is asked to end", async () => {
  const polite = `sleep 600 & trap 'echo asked >> trace; kill -0 $child && echo child lives >> trace; exit 0' TERM
    child=$!
    "\${FIGLOOM_NODE}" "\${FIGLOOM_MOCK}" mock-server --model "$FIGLOOM_MODEL" --port "$FIGLOOM_PORT" & wait`;
  const servers = await bench.start("0", { script: bench.script("polite.sh", `${polite}\nexit 0`) });
  await servers.stop();
  expect(bench.lines("trace")).toEqual(["asked", "child lives"]);
});

test("what runs ends when its starting is aborted", async () => {
  const script = bench.script("loads.sh", `echo $$ >> trace; sleep 600`);
  const controller = new AbortController();
  const starting = bench.start("0,1", { script }, { signal: controller.signal });
  const [pid] = await until(() => {
    const pids = bench.lines("trace").map(Number);
    return pids.length > 0 ? pids : undefined;
  });
  controller.abort(new Error("enough"));
  await expect(starting).rejects.toThrow("enough");
  expect(isAlive(pid!)).toBe(false);
  expect(bench.lines("trace")).toHaveLength(1);
});
