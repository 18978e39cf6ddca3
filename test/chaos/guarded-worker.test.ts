/** A worker as engines start it: one that dies is started again on the spot. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWorkers } from "../../cluster/src/run/beats.js";
import { readQuarantine } from "../../kernel-lib/src/dataset/quarantine.js";
import { bundlePrograms } from "../support/bundle-programs.js";
import { makeRun, rowsOf, stateOf, WorkerProcess } from "../support/runs/rig.js";
import { EXTRACTIVE } from "../support/runs/specs.js";
import { synthesize } from "../support/synthetic/dataset.js";

const FIGURES = 60;
const DEADLY = "paper-000002#fig3";

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-guarded-"));
  const programs = await bundlePrograms("guarded-worker", {
    worker: "test/support/runs/odd-worker-program.ts",
    "guarded-worker": "cluster/src/worker/guarded.ts",
  });
  program = join(programs, "guarded-worker.cjs");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a figure that kills its worker is found by one task, which nobody has to start again", async () => {
  const dataset = join(folder, "poison");
  await synthesize(dataset, { figures: FIGURES, seed: 3 });
  const { run, plan } = await makeRun(dataset, [{ spec: EXTRACTIVE, shardSize: 20 }]);
  const env = { FIGLOOM_TEST_ODDITIES: JSON.stringify({ deadly: [DEADLY] }) };
  const worker = new WorkerProcess({ program, run, env });
  expect(await worker.ended, worker.said).toBe(0);
  expect(worker.said).toContain("The worker died (SIGKILL) and is started again.");
  expect((await stateOf(plan)).status).toBe("finished");
  expect(await readQuarantine(dataset)).toMatchObject([{ item: DEADLY, reason: "killed-its-worker" }]);
  expect(await rowsOf(dataset, "recaptions")).toHaveLength(FIGURES - 1);
});

test("a worker whose guard is killed leaves, and gives back what it held", async () => {
  const dataset = join(folder, "alone");
  await synthesize(dataset, { figures: FIGURES, seed: 3 });
  const { run } = await makeRun(dataset, [{ spec: EXTRACTIVE, shardSize: 20 }]);
  const env = { FIGLOOM_TEST_ODDITIES: JSON.stringify({ slowMs: 300 }) };
  const worker = new WorkerProcess({ program, run, env });
  await expect
    .poll(async () => (await readWorkers(run)).map(({ status }) => status), { timeout: 60_000 })
    .toEqual(["working"]);
  await worker.kill();
  await expect
    .poll(async () => (await readWorkers(run)).map(({ status }) => status), { timeout: 60_000 })
    .toEqual(["left"]);
});
