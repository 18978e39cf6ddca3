/** Workers that ask models: servers of their own, given ones, and what is wrong with them. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RunReport } from "../../cluster/src/coordinator/report.js";
import type { RunFolder } from "../../cluster/src/run/places.js";
import type { PhasePlan } from "../../cluster/src/run/plan.js";
import { readStop } from "../../cluster/src/run/control.js";
import { loadPrompt } from "../../kernel-lib/src/captions/prompts/load.js";
import { vllm } from "../../kernel-lib/src/captions/vllm/vllm.js";
import { openLab } from "../../kernel-lib/src/lab/lab.js";
import { bundlePrograms, ROOT } from "../support/bundle-programs.js";
import {
  makeRun,
  rowsOf,
  stateOf,
  WorkerProcess,
  type PhaseOptions,
  type RigOptions,
} from "../support/runs/rig.js";
import { SupervisedServer } from "../support/supervised-server.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { CHAOS_PROMPT } from "./prompt.js";

const FIGURES = 40;
const MODEL = "figloom-mock-vl";
const SCRIPT = join(ROOT, "cluster/templates/serve-mock.sh");

let folder: string;
let programs: string;
let prompt: string;
let server: SupervisedServer;
let slow: SupervisedServer;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-asking-"));
  prompt = join(folder, "chaos.md");
  await writeFile(prompt, CHAOS_PROMPT);
  programs = await bundlePrograms("workers-asking", {
    worker: "test/support/runs/worker-program.ts",
    "mock-server": "test/support/mock-server-program.ts",
  });
  const serve = (...args: string[]) =>
    SupervisedServer.start({ program: join(programs, "mock-server.cjs"), args });
  server = await serve("--speed", "20");
  slow = await serve("--speed", "4", "--max-num-seqs", "2");
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(async () => {
  await Promise.all([server, slow].map((each) => each.stop()));
  await rm(folder, { recursive: true, force: true });
});

const asking = (serving: PhasePlan["serving"], more: Partial<PhasePlan> = {}): PhaseOptions => ({
  spec: { stage: "recaption", ask: { prompt, model: MODEL }, where: null, limit: null, retryFailed: false },
  ...{ serving, shardSize: 10, ...more },
});

async function makeAsking(name: string, phase: PhaseOptions, options: RigOptions = {}) {
  const dataset = join(folder, name);
  await synthesize(dataset, { figures: FIGURES, seed: 3 });
  return { dataset, ...(await makeRun(dataset, [phase], options)) };
}

function start(run: RunFolder, task: string): WorkerProcess {
  const env = { FIGLOOM_MOCK: join(programs, "mock-server.cjs"), FIGLOOM_MOCK_ARGS: "--speed 20" };
  const worker = new WorkerProcess({ program: join(programs, "worker.cjs"), run, task, env });
  workers.push(worker);
  return worker;
}

const reportOf = async (run: RunFolder) =>
  JSON.parse(await readFile(run.report("json"), "utf8")) as RunReport;

test("workers start the servers of their nodes, and make what a cell makes with the same prompt and model", async () => {
  const serving = { model: MODEL, script: SCRIPT, gpusEach: 1, patience: 60 };
  const phase = asking(serving, { resources: { gpus: 2 } });
  const { dataset, run, plan } = await makeAsking("own", phase, { prices: { gpuHour: 2 } });
  const own = [0, 1].map((n) => start(run, `w${n}`));
  expect(await Promise.all(own.map(({ ended }) => ended)), own.map(({ said }) => said).join()).toEqual([
    0, 0,
  ]);

  const alike = join(folder, "own-alike");
  await synthesize(alike, { figures: FIGURES, seed: 3 });
  const on = vllm({ endpoints: [server.url] });
  await (await openLab(alike)).recaption({ prompt: await loadPrompt(prompt), on });
  await on.close();
  expect(await rowsOf(dataset, "recaptions")).toEqual(await rowsOf(alike, "recaptions"));

  const report = await reportOf(run);
  const [made] = report.phases;
  expect(made).toMatchObject({ made: FIGURES, items: { done: FIGURES, left: 0 } });
  expect(made!.ways).toMatchObject([
    { by: { captioner: "vllm", model: MODEL, prompt_id: "chaos" }, results: FIGURES },
  ]);
  expect(made!.programs.join()).toMatch(/^vLLM \d/);
  const tokens = (await rowsOf(dataset, "recaptions")) as { prompt_tokens: number }[];
  expect(report.spent.prompt_tokens).toBe(tokens.reduce((sum, { prompt_tokens }) => sum + prompt_tokens, 0));
  expect(report.spent.gpuHours).toBeGreaterThan(0);
  expect(report.spent.cost).toBeCloseTo(2 * report.spent.gpuHours);
  const { servers, status } = await stateOf(plan);
  expect(status).toBe("finished");
  expect(servers.every(({ name }) => !name.includes("127.0.0.1"))).toBe(true);

  // Where everything was made before nobody is asked, and no server started.
  const nowhere = asking({ ...serving, script: "/nowhere/serve.sh" }, { resources: { gpus: 2 } });
  const again = await makeRun(dataset, [nowhere]);
  const idle = start(again.run, "w0");
  expect(await idle.ended, idle.said).toBe(0);
  expect(await stateOf(again.plan)).toMatchObject({
    status: "finished",
    parts: [{ done: 0, failed: 0, reused: FIGURES, total: FIGURES }],
  });
});

test("a run stops when its budget is spent; what was done is in the dataset", async () => {
  const phase = asking({ endpoints: [slow.url] }, { shardSize: 5 });
  const { dataset, run, plan } = await makeAsking("budget", phase, { budget: { tokens: 5000 } });
  const own = start(run, "w0");
  expect(await own.ended, own.said).toBe(0);
  const state = await stateOf(plan);
  expect(state).toMatchObject({ status: "failed" });
  expect(state.message).toMatch(/^Stopped: the token budget of 5,000 is spent\. What is done is kept\./);
  expect(await readStop(run)).toMatchObject({ kind: "budget" });
  const kept = await rowsOf(dataset, "recaptions");
  expect(kept.length).toBeLessThan(FIGURES);
  expect((await reportOf(run)).phases[0]!.items).toMatchObject({ done: kept.length });
});

test("a model that is not served stops the run with one sentence, and everybody leaves", async () => {
  const phase = asking({ endpoints: [server.url] });
  const spec = { ...phase.spec, ask: { prompt, model: "another/model" } } as PhaseOptions["spec"];
  const { run, plan } = await makeAsking("model", { ...phase, spec });
  const own = [0, 1].map((n) => start(run, `w${n}`));
  const codes = await Promise.all(own.map(({ ended }) => ended));
  expect(codes).toContain(1);
  const { status, message } = await stateOf(plan);
  expect(status).toBe("failed");
  expect(message).toMatch(/another\/model/);
  expect((await readStop(run))!.message).toBe(message);
});
