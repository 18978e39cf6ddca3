/** Workers that cannot, or need not, do anything; and the phases of a run one after the other. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readStop } from "../../cluster/src/run/control.js";
import { isFinished } from "../../cluster/src/run/finish.js";
import type { RunFolder } from "../../cluster/src/run/places.js";
import { listSources } from "../../kernel-lib/src/papers/sources.js";
import { writeSources } from "../../kernel-lib/src/stages/works/sources.js";
import { bundlePrograms, ROOT } from "../support/bundle-programs.js";
import type { Oddities } from "../support/runs/odd-worker-program.js";
import { makeRun, rowsOf, stateOf, WorkerProcess } from "../support/runs/rig.js";
import { EXTRACTIVE, SUPPORT, TEXTS } from "../support/runs/specs.js";
import { synthesize } from "../support/synthetic/dataset.js";

let folder: string;
let program: string;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-leaving-"));
  const programs = await bundlePrograms("workers-leaving", {
    "run-worker": "test/support/runs/odd-worker-program.ts",
    figloom: "kernel-lib/src/cli/main.ts",
    // Papers are read in threads, whose program lies beside.
    worker: "kernel-lib/src/stages/worker.ts",
    // And so is Tesseract's.
    ocr: "kernel-lib/src/ocr/tesseract/program.ts",
  });
  program = join(programs, "run-worker.cjs");
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(
  run: RunFolder,
  phase: string,
  options: { restart?: number; task?: string; oddities?: Oddities } = {},
): WorkerProcess {
  const { restart = 0, task = "w0", oddities = {} } = options;
  const env = { FIGLOOM_TEST_ODDITIES: JSON.stringify(oddities) };
  const worker = new WorkerProcess({ program, run, phase, task, restart, env });
  workers.push(worker);
  return worker;
}

/** One of each paper, for a worker each. */
const TWO_BITMAPS = "figure_id IN ('co2-seasons#fig3', 'penguin-bills#fig1')";

async function synthetic(name: string, figures = 20): Promise<string> {
  const dataset = join(folder, name);
  await synthesize(dataset, { figures, seed: 3 });
  return dataset;
}

test("papers and the text on figures are read, captioned and scored by workers, phase after phase, as commands do", async () => {
  const papers = join(folder, "papers");
  for (const name of ["co2-seasons.tar.gz", "penguin-bills.tar.gz", "metadata.jsonl"])
    await cp(join(ROOT, "notebooks/papers", name), join(papers, name));
  const dataset = join(folder, "read");
  const list = join(folder, "sources.jsonl");
  await writeSources(list, await listSources([papers]));
  const ingest = { stage: "ingest", sources: list, discipline: null, metadata: null, layout: null } as const;
  const { run, plan } = await makeRun(dataset, [
    { spec: ingest, shardSize: 1 },
    { spec: { ...TEXTS, where: TWO_BITMAPS }, shardSize: 1 },
    { spec: EXTRACTIVE },
    { spec: SUPPORT },
  ]);
  for (const { id } of plan.phases) {
    const crew = id === "2-ocr" ? [start(run, id), start(run, id, { task: "w1" })] : [start(run, id)];
    for (const worker of crew) expect(await worker.ended, worker.said).toBe(0);
  }
  const alike = join(folder, "read-alike");
  const figloom = join(dirname(program), "figloom.cjs");
  const command = (...args: string[]) => promisify(execFile)(process.execPath, [figloom, ...args]);
  await command("ingest", papers, "--out", alike);
  await command("ocr", alike, "--where", TWO_BITMAPS);
  await command("recaption", alike);
  await command("score", alike, "--metrics", "support");
  expect(await rowsOf(dataset, "figures")).toEqual(await rowsOf(alike, "figures"));
  expect(await rowsOf(dataset, "picture_texts")).toEqual(await rowsOf(alike, "picture_texts"));
  expect(await rowsOf(dataset, "recaptions")).toEqual(await rowsOf(alike, "recaptions"));
  expect(await rowsOf(dataset, "scores")).toEqual(await rowsOf(alike, "scores"));
  // The picture is a bitmap: only the reader has seen these words.
  expect(await rowsOf(dataset, "recaptions")).toContainEqual(
    expect.objectContaining({
      figure_id: "penguin-bills#fig1",
      text: expect.stringContaining("Labels: bill length L; bill depth D.") as string,
    }),
  );
  expect((await stateOf(plan)).status).toBe("finished");
});

test("a phase does not begin before the one that it needs is finished, and says so", async () => {
  const dataset = await synthetic("early");
  const { run, plan } = await makeRun(dataset, [{ spec: EXTRACTIVE }, { spec: SUPPORT }]);
  const early = start(run, "2-score");
  expect(await early.ended).toBe(1);
  expect((await stateOf(plan)).notices.map(({ text }) => text)).toContain(
    "No worker is at work just now; 1-recaption was not planned yet.",
  );
  expect(isFinished(run.phase("2-score"))).toBe(false);
  for (const { id } of plan.phases) expect(await start(run, id, { restart: 1 }).ended).toBe(0);
  expect(await stateOf(plan)).toMatchObject({ status: "finished", parts: [{ done: 20 }, { done: 40 }] });
});

test("what a killed worker left to be finished is finished by those of the next phase", async () => {
  const dataset = await synthetic("unfinished");
  const { run, plan } = await makeRun(dataset, [{ spec: EXTRACTIVE }, { spec: SUPPORT }]);
  const killed = start(run, "1-recaption");
  const done = () => readdir(run.phase("1-recaption").done).catch(() => []);
  await expect.poll(done, { timeout: 60_000, interval: 10 }).toHaveLength(4);
  await killed.kill();
  // As if it had been killed in time.
  await rm(run.phase("1-recaption").finished, { force: true });
  const next = start(run, "2-score");
  expect(await next.ended, next.said).toBe(0);
  expect(isFinished(run.phase("1-recaption"))).toBe(true);
  expect(await stateOf(plan)).toMatchObject({ status: "finished", parts: [{ done: 20 }, { done: 40 }] });
});

test("an empty phase finishes at once", async () => {
  const dataset = await synthetic("empty");
  const spec = { ...EXTRACTIVE, where: "discipline = 'Nothing'" };
  const { run, plan } = await makeRun(dataset, [{ spec }]);
  expect(await start(run, "1-recaption").ended).toBe(0);
  expect(await stateOf(plan)).toMatchObject({
    ...{ status: "finished", message: "recaption: 0 done, 0 quarantined" },
    parts: [{ done: 0, failed: 0, reused: 0, total: 0 }],
  });
});

test("what is wrong for all stops the run within its first worker, in one sentence", async () => {
  const dataset = await synthetic("wrong");
  const wrong = [
    {
      spec: { ...EXTRACTIVE, where: "disciplin = 1" },
      says: /^The condition "disciplin = 1" cannot be used on figures/,
    },
    {
      spec: { ...SUPPORT, metric: "beauty", scorer: { kind: "beauty", options: {} } },
      says: /^There is no metric "beauty"/,
    },
    {
      spec: EXTRACTIVE,
      figloom_version: "0.0.1",
      says: /^The run was launched by figloom 0\.0\.1, and .* has/,
    },
  ];
  for (const { says, spec, ...options } of wrong) {
    const { run, plan } = await makeRun(dataset, [{ spec }], options);
    const worker = start(run, plan.phases[0]!.id);
    expect(await worker.ended, worker.said).toBe(1);
    expect(worker.said).toMatch(new RegExp(says.source, "m"));
    expect((await readStop(run))!.message).toMatch(says);
    expect(await stateOf(plan)).toMatchObject({
      status: "failed",
      message: expect.stringMatching(says) as string,
    });
    // Those that come later leave without a word.
    expect(await start(run, plan.phases[0]!.id, { restart: 1 }).ended).toBe(0);
  }
});

test("a task that comes to nothing again and again stops itself and says why", async () => {
  const dataset = await synthetic("hopeless");
  const { run } = await makeRun(dataset, [{ spec: EXTRACTIVE }], { limits: { restarts: 2 } });
  const hold = join(folder, "hold-hopeless");
  await writeFile(hold, "");
  for (const restart of [0, 1]) {
    const worker = start(run, "1-recaption", { restart, oddities: { hold } });
    const begun = async () => {
      const attempts = run.phase("1-recaption").attempts;
      const text = await readFile(join(attempts, "00000000", `${restart + 1}.begun.jsonl`), "utf8").catch(
        () => "",
      );
      return text.length;
    };
    await expect.poll(begun, { timeout: 60_000 }).toBeGreaterThan(0);
    await worker.kill();
  }
  const last = start(run, "1-recaption", { restart: 2 });
  expect(await last.ended).toBe(1);
  expect(last.said).toMatch(/started again 2 times without a single new result, and is not tried any more/);
});
