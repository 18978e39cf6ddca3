/** Workers that are killed, stopped and cut off in the middle of their work. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { writeControl } from "../../cluster/src/run/control.js";
import type { RunFolder } from "../../cluster/src/run/places.js";
import { readQuarantine } from "../../kernel-lib/src/dataset/quarantine.js";
import { renderFigure } from "../../kernel-lib/src/figures/render.js";
import { openLab } from "../../kernel-lib/src/lab/lab.js";
import { bundlePrograms } from "../support/bundle-programs.js";
import type { Oddities } from "../support/runs/odd-worker-program.js";
import { makeRun, outcomesIn, rowsOf, stateOf, WorkerProcess } from "../support/runs/rig.js";
import { EXTRACTIVE, TEXTS } from "../support/runs/specs.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { randomOf } from "../support/synthetic/words.js";
import { pdfArchive, pdfOf, text as words } from "../unit/kernel-lib/papers/pdf/writer.js";

const SEED = Number(process.env.FIGLOOM_CHAOS_SEED ?? 20_260_102);
const FIGURES = 60;
const PHASE = "1-recaption";

let folder: string;
let program: string;
let alike: string;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-lost-"));
  alike = join(folder, "alike");
  const [programs] = await Promise.all([
    bundlePrograms("workers-lost", {
      worker: "test/support/runs/odd-worker-program.ts",
      ocr: "kernel-lib/src/ocr/tesseract/program.ts",
    }),
    synthesize(alike, { figures: FIGURES, seed: 3 }),
  ]);
  program = join(programs, "worker.cjs");
  await (await openLab(alike)).recaption();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeDataset(name: string, shardSize = 10, limits = {}) {
  const dataset = join(folder, name);
  await synthesize(dataset, { figures: FIGURES, seed: 3 });
  return { dataset, ...(await makeRun(dataset, [{ spec: EXTRACTIVE, shardSize }], { limits })) };
}

function start(
  run: RunFolder,
  task: string,
  restart = 0,
  oddities: Oddities = {},
  phase = PHASE,
): WorkerProcess {
  const env = { FIGLOOM_TEST_ODDITIES: JSON.stringify(oddities) };
  const worker = new WorkerProcess({ program, run, phase, task, restart, env });
  workers.push(worker);
  return worker;
}

const expectAlike = async (dataset: string): Promise<void> =>
  expect(await rowsOf(dataset, "recaptions")).toEqual(await rowsOf(alike, "recaptions"));

const worksOn = (run: RunFolder, least: number, phase = PHASE) =>
  expect.poll(() => outcomesIn(run, phase), { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(least);

test("workers that are killed again and again lose nothing: whoever is started next goes on", async () => {
  const { dataset, run, plan } = await makeDataset("killed");
  const random = randomOf(SEED);
  const restarts = [0, 0];
  const tasks = restarts.map((_, n) => start(run, `w${n}`, 0, { slowMs: 60 }));
  for (let kills = 1; kills <= 4; kills++) {
    await worksOn(run, kills * 10);
    const victim = Math.floor(random() * tasks.length);
    await tasks[victim]!.kill();
    tasks[victim] = start(run, `w${victim}`, ++restarts[victim]!, { slowMs: 60 });
  }
  expect(await Promise.all(tasks.map(({ ended }) => ended)), tasks.map(({ said }) => said).join()).toEqual([
    0, 0,
  ]);
  await expectAlike(dataset);
  expect(await readQuarantine(dataset)).toEqual([]);
  expect(await stateOf(plan)).toMatchObject({ status: "finished", parts: [{ done: FIGURES, failed: 0 }] });
});

/** A picture with words on it that no other has. */
async function written(number: number): Promise<Buffer> {
  const content = words(60, 60, `Sample ${number + 1} at ${(number + 2) ** 3} volts`, { size: 24 });
  const source = { from: "pdf", file: "paper.pdf", page: 1, bbox: [40, 20, 500, 90] } as const;
  return (await renderFigure({ archive: pdfArchive(pdfOf([{ content }])), source })).png;
}

test("a worker that is killed while it reads leaves each picture to be read once, and all texts as they would have been", async () => {
  const [read, log] = [6, join(folder, "read.log")];
  const texts = [];
  for (const hold of [null, join(folder, "hold-reading")]) {
    const dataset = join(folder, hold === null ? "read" : "read-killed");
    await synthesize(dataset, { figures: read, seed: 3, picture: written });
    const { run, plan } = await makeRun(dataset, [{ spec: TEXTS, shardSize: 5, resources: { cpus: 2 } }]);
    if (hold !== null) {
      await writeFile(hold, "");
      // Three are read, and the next are at work.
      const victim = start(run, "w0", 0, { hold, before: 3, log }, "1-ocr");
      await worksOn(run, 3, "1-ocr");
      await expect.poll(() => linesOf(log), { timeout: 60_000 }).toHaveLength(5);
      await victim.kill();
      await rm(hold);
    }
    const worker = start(
      run,
      "w0",
      1,
      { log: hold === null ? join(folder, "undisturbed.log") : log },
      "1-ocr",
    );
    expect(await worker.ended, worker.said).toBe(0);
    expect(await stateOf(plan)).toMatchObject({ status: "finished", parts: [{ done: read, failed: 0 }] });
    texts.push(await rowsOf(dataset, "picture_texts"));
  }
  expect(texts[1]).toEqual(texts[0]);
  expect(texts[0]).toHaveLength(read);
  expect(texts[0]).toContainEqual(expect.objectContaining({ text: "Sample 3 at 64 volts" }));
  // What was at work and not kept is begun anew; nothing else is.
  const begun = await linesOf(log);
  expect(new Set(begun).size).toBe(read);
  const again = begun.filter((item, at) => begun.indexOf(item) !== at);
  expect(again.toSorted()).toEqual(begun.slice(3, 5).toSorted());
});

const linesOf = async (path: string): Promise<string[]> =>
  (await readFile(path, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");

test("a worker that stood still while others took over its shard, and goes on, breaks nothing", async () => {
  const { dataset, run } = await makeDataset("split", 60);
  const hold = join(folder, "hold");
  const stopped = start(run, "w0", 0, { slowMs: 60 });
  await worksOn(run, 10);
  stopped.child.kill("SIGSTOP");
  const other = start(run, "w1", 0, { slowMs: 20 });
  await expect
    .poll(() => readFile(join(run.phase(PHASE).leases("00000000"), "2.json"), "utf8").catch(() => ""), {
      timeout: 60_000,
    })
    .toContain("w1");
  await writeFile(hold, "");
  stopped.child.kill("SIGCONT");
  expect([await stopped.ended, await other.ended], stopped.said + other.said).toEqual([0, 0]);
  await expectAlike(dataset);
  expect(await readQuarantine(dataset)).toEqual([]);
});

test("told that its time is nearly up a worker ends what it has begun and wants to be started again; told to end, not", async () => {
  const { dataset, run, plan } = await makeDataset("signals");
  for (const [restart, [signal, code]] of (
    [
      ["SIGUSR1", 75],
      ["SIGTERM", 143],
    ] as const
  ).entries()) {
    const worker = start(run, "w0", restart, { slowMs: 40 });
    await worksOn(run, (restart + 1) * 15);
    worker.child.kill(signal);
    expect(await worker.ended, worker.said).toBe(code);
  }
  const { status, parts } = await stateOf(plan);
  expect(status).toBe("running");
  expect(parts[0]!.done).toBeGreaterThan(20);
  expect(parts[0]!.done).toBeLessThan(FIGURES);
  expect(await start(run, "w0", 2).ended).toBe(0);
  await expectAlike(dataset);
  // What left by itself did not die: nothing was under suspicion.
  const report = JSON.parse(await readFile(run.report("json"), "utf8")) as { phases: { shards: object }[] };
  expect(report.phases[0]!.shards).toMatchObject({ done: 6, deaths: 0 });
});

test("a run is paused and goes on where it was; cancelled, it ends, with what was done in the dataset", async () => {
  const { dataset, run, plan } = await makeDataset("control");
  const first = [0, 1].map((n) => start(run, `w${n}`, 0, { slowMs: 200 }));
  await worksOn(run, 12);
  await writeControl(run, "pause", "ada@login");
  expect(await Promise.all(first.map(({ ended }) => ended))).toEqual([0, 0]);
  expect((await stateOf(plan)).status).toBe("paused");
  const paused = await outcomesIn(run, PHASE);

  await writeControl(run, "run", "ada@login");
  // It cannot come to the end before it is cancelled.
  const hold = join(folder, "hold-control");
  await writeFile(hold, "");
  const second = start(run, "w0", 0, { hold, before: 20 });
  await worksOn(run, paused + 12);
  await writeControl(run, "cancel", "ada@login");
  expect(await second.ended).toBe(0);
  const state = await stateOf(plan);
  expect(state.status).toBe("cancelled");
  expect(state.message).toMatch(
    /^Cancelled\. What is done is kept; \d of 6 shards of 1-recaption (is|are) left\.$/,
  );
  const kept = await rowsOf(dataset, "recaptions");
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length % 10).toBe(0);

  await writeControl(run, "run", "ada@login");
  expect(await start(run, "w0").ended).toBe(0);
  expect((await stateOf(plan)).status).toBe("finished");
  await expectAlike(dataset);
});

test("a figure that kills whoever works on it is found and quarantined, and its neighbours are done", async () => {
  const { dataset, run } = await makeDataset("poison", 20);
  const deadly = ["paper-000002#fig3"];
  let restart = 0;
  for (;;) {
    const worker = start(run, "w0", restart++, { deadly });
    const end = await worker.ended;
    if (end === 0) break;
    expect(end, worker.said).toBe("SIGKILL");
    expect(restart).toBeLessThan(6);
  }
  const quarantine = await readQuarantine(dataset);
  expect(quarantine).toMatchObject([{ stage: "recaption", item: deadly[0], reason: "killed-its-worker" }]);
  const expected = (await rowsOf(alike, "recaptions")) as { figure_id: string }[];
  expect(await rowsOf(dataset, "recaptions")).toEqual(
    expected.filter(({ figure_id }) => figure_id !== deadly[0]),
  );
});

test("a shard that keeps dying is given up; what was done of it is kept, and the run goes on", async () => {
  const { dataset, run, plan } = await makeDataset("given-up", 20, { deaths: 1 });
  // Among the first that are at work, so that no other shard is begun.
  const deadly = ["paper-000000#fig3"];
  expect(await start(run, "w0", 0, { deadly, slowMs: 20 }).ended).toBe("SIGKILL");
  expect(await start(run, "w0", 1, { deadly }).ended).toBe(0);
  const kept = (await rowsOf(dataset, "recaptions")) as { figure_id: string }[];
  expect(kept.length).toBeGreaterThanOrEqual(40);
  expect(kept.map(({ figure_id }) => figure_id)).not.toContain(deadly[0]);
  expect(await readQuarantine(dataset)).toEqual([]);
  const state = await stateOf(plan);
  expect(state.message).toBe(`recaption: ${kept.length} done, 0 quarantined, 1 shard given up`);
  expect(state.shards).toMatchObject([{ total: 3, done: 2, givenUp: 1 }]);
  const report = JSON.parse(await readFile(run.report("json"), "utf8")) as {
    phases: { shards: object; items: object }[];
  };
  expect(report.phases[0]).toMatchObject({
    shards: { givenUp: [{ shard: "00000000", why: "an attempt at it died", left: FIGURES - kept.length }] },
    items: { left: FIGURES - kept.length },
  });
});
