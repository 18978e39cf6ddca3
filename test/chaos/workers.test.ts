import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { bundlePrograms } from "../support/bundle-programs.js";
import { makeRun, rowsOf, stateOf, WorkerProcess, type WorkerOptions } from "../support/runs/rig.js";
import { EXTRACTIVE, SUPPORT } from "../support/runs/specs.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { openLab } from "../../kernel-lib/src/lab/lab.js";

const FIGURES = 60;

let folder: string;
let program: string;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-workers-"));
  const programs = await bundlePrograms("workers", { worker: "test/support/runs/worker-program.ts" });
  program = join(programs, "worker.cjs");
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(options: Omit<WorkerOptions, "program">): WorkerProcess {
  const worker = new WorkerProcess({ program, ...options });
  workers.push(worker);
  return worker;
}

test("workers of a run's phases bring a dataset to what cells make of it", async () => {
  const dataset = join(folder, "phases");
  const alike = join(folder, "alike");
  await Promise.all([dataset, alike].map((path) => synthesize(path, { figures: FIGURES, seed: 3 })));
  const { run, plan } = await makeRun(dataset, [{ spec: EXTRACTIVE }, { spec: SUPPORT, workers: 3 }]);
  const first = [0, 1].map((n) => start({ run, task: `w${n}` }));
  expect(await Promise.all(first.map(({ ended }) => ended)), first.map(({ said }) => said).join()).toEqual([
    0, 0,
  ]);
  const second = [0, 1, 2].map((n) => start({ run, phase: "2-score", job: "8", task: `w${n}` }));
  expect(await Promise.all(second.map(({ ended }) => ended)), second.map(({ said }) => said).join()).toEqual([
    0, 0, 0,
  ]);

  const lab = await openLab(alike);
  await lab.recaption();
  await lab.score(["support"]);
  expect(await rowsOf(dataset, "recaptions")).toEqual(await rowsOf(alike, "recaptions"));
  expect(await rowsOf(dataset, "scores")).toEqual(await rowsOf(alike, "scores"));

  const state = await stateOf(plan);
  expect(state).toMatchObject({
    status: "finished",
    message: "recaption: 60 done, 0 quarantined; score support: 120 done, 0 quarantined",
  });
  expect(state.parts).toMatchObject([
    { stage: "recaption", done: 60, failed: 0, reused: 0, total: 60, rate: { by: "extractive" } },
    { stage: "score support", done: 120, failed: 0, reused: 0, total: 120, rate: { unit: "process" } },
  ]);
  for (const { rate } of state.parts) expect(rate!.unitSeconds).toBeGreaterThan(0);
});
