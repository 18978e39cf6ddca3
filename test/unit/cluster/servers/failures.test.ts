import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import { ServersBench } from "./bench.js";
import { until } from "../../../support/until.js";

const bench = new ServersBench("server-failures");
beforeAll(() => bench.prepare());
afterEach(() => bench.clear());
afterAll(() => bench.remove());

const OUT_OF_MEMORY =
  "(EngineCore_DP0 pid=7) ERROR 11-21 10:00:00 [core.py:700] torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB.";

/** Where servers begin to note that they started. */
const NOTE = "echo start >> trace";

test("a program that is not there stops everything at once, in one sentence", async () => {
  const script = bench.script("missing.sh", `${NOTE}\nexec vllm-is-not-here serve`);
  const starting = bench.start("0,1,2,3", { script });
  await expect(starting).rejects.toThrow(ConfigurationError);
  await expect(starting).rejects.toThrow(/on GPU 0 of \S+ did not start: .*vllm-is-not-here.*--serve/s);
  expect(bench.lines("trace")).toEqual(["start"]);
});

test("so do a script that is not there, and GPUs that are not", async () => {
  await expect(bench.start("0", { script: "/nowhere/serve.sh" })).rejects.toThrow(
    /\/nowhere\/serve\.sh.*is not there/,
  );
  await expect(bench.start("")).rejects.toThrow(/No GPU is visible/);
  await expect(bench.start("0,1", { gpusEach: 4 })).rejects.toThrow(/4 GPUs, but \S+ has only 2/);
});

test("so does a server of another model", async () => {
  const script = bench.script("other.sh", "export FIGLOOM_MODEL=another");
  await expect(bench.start("0", { script })).rejects.toThrow(
    /serves "another", not "qwen3-vl".*--served-model-name/,
  );
});

test("the node goes on without a GPU that is broken, and says why", async () => {
  const broken = `[ "$FIGLOOM_SERVER" != 1 ] || { ${NOTE}; echo '${OUT_OF_MEMORY}'; exit 1; }`;
  const servers = await bench.start("0,1,2", { script: bench.script("broken.sh", broken) });
  const { states } = servers;
  expect([states[0]!.health, states[2]!.health]).toEqual(["up", "up"]);
  await until(() => servers.states[1]!.health === "gone");
  expect(servers.states[1]!.note).toMatch(
    /^The server on GPU 1 of \S+ did not start: the memory of its GPU is not enough \("torch\.OutOfMemoryError: CUDA out of memory\. Tried to allocate 2 GiB\."\)\. .* 3 times and is given up\.$/,
  );
  expect(bench.lines("trace")).toHaveLength(3);
  await expect(servers.restart(servers.states[1]!.endpoint)).rejects.toThrow();
});

test("a first GPU that is broken keeps the others from nothing", async () => {
  const broken = `[ "$FIGLOOM_SERVER" != 0 ] || { echo '${OUT_OF_MEMORY}'; exit 1; }`;
  const servers = await bench.start("0,1,2", { script: bench.script("first.sh", broken) });
  expect(servers.states.slice(1).map(({ health }) => health)).toEqual(["up", "up"]);
  await until(() => servers.states[0]!.health === "gone");
});

test("the only server of a node is tried again", async () => {
  const once = `[ -e started ] || { touch started; echo '${OUT_OF_MEMORY}'; exit 1; }`;
  const servers = await bench.start("0", { script: bench.script("only.sh", once) });
  expect(servers.states).toMatchObject([{ health: "up", starts: 2 }]);
});

test("where no server starts the node is given up after a few, with the reason of the last", async () => {
  const script = bench.script("all.sh", `${NOTE}; echo '${OUT_OF_MEMORY}'; exit 1`);
  const starting = bench.start("0,1,2,3,4,5,6,7", { script });
  await expect(starting).rejects.toMatchObject({
    name: "ServersError",
    message: expect.stringMatching(/GPU 2 .*memory of its GPU.*nvidia-smi/) as string,
  });
  expect(bench.lines("trace")).toHaveLength(3);
});

test("a port that somebody took meanwhile is changed for another", async () => {
  const script = bench.script(
    "port.sh",
    `echo $FIGLOOM_PORT >> trace
    [ -e taken ] || { touch taken; echo "[Errno 98] error while attempting to bind: address already in use"; exit 1; }`,
  );
  const servers = await bench.start("0", { script });
  const [first, second] = bench.lines("trace");
  expect(second).not.toBe(first);
  expect(servers.endpoints).toEqual([`http://127.0.0.1:${second}`]);
});

test("a server that does not answer in time is ended, and no other is waited for", async () => {
  const script = bench.script("slow.sh", `${NOTE}; echo Loading weights 3 of 4; sleep 600`);
  await expect(bench.start("0,1,2", { script, patience: 2 })).rejects.toThrow(
    /it does not answer; it (last said "Loading weights 3 of 4"|said nothing), after 2 s/,
  );
  expect(bench.lines("trace")).toEqual(["start"]);
});

test("one that dies while it loads is tried again", async () => {
  const flaky = `[ "$FIGLOOM_SERVER" != 1 ] || [ -e tried ] || { touch tried; kill -9 $$; }`;
  const servers = await bench.start("0,1", { script: bench.script("flaky.sh", flaky) });
  await until(() => servers.states[1]!.health === "up");
  expect(servers.states[1]!.starts).toBe(2);
});

test("when every server is given up, the node says that it is of no more use", async () => {
  const once = `[ ! -e "lived-$FIGLOOM_SERVER" ] || { echo '${OUT_OF_MEMORY}'; exit 1; }
    touch "lived-$FIGLOOM_SERVER"`;
  const servers = await bench.start("0,1", { script: bench.script("once.sh", once) });
  for (const { pid } of servers.states) process.kill(pid!, "SIGKILL");
  expect(await servers.gone).toMatch(/did not start: the memory of its GPU/);
});
