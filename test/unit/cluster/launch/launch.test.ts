import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bundle } from "../../../../cluster/bundle.mjs";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import type * as Launch from "../../../../cluster/src/launch/index.js";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import type { LaunchOptions } from "../../../../kernel-lib/src/lab/launch-options.js";
import { recaption } from "../../../../kernel-lib/src/lab/recaption.js";
import { score } from "../../../../kernel-lib/src/lab/score.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import type { ReaderSpec } from "../../../../kernel-lib/src/ocr/spec.js";
import { clip, clipScorer } from "../../../../kernel-lib/src/scores/clip/clip.js";
import { localEmbedder } from "../../../../kernel-lib/src/scores/clip/local.js";
import { ppplScorer } from "../../../../kernel-lib/src/scores/pppl/pppl.js";
import { ROOT } from "../../../support/bundle-programs.js";
import { rowsOf } from "../../../support/runs/rig.js";
import { near, valuesOf } from "../../../support/runs/scores.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { until } from "../../../support/until.js";

// Below the tests, so that the bundle finds the packages it is made to find.
const output = join(import.meta.dirname, "../../../output");
// A run starts some twenty processes.
vi.setConfig({ testTimeout: 300_000 });
let programs: string;
let cluster: typeof Launch;
let base: string;
let dataset: string;
/** One of its pictures, relative to it. */
let picture: string;
let number = 0;

/** Patient with nobody: what takes a minute in earnest takes a second. */
const LIMITS = { beatSeconds: 0.2, staleSeconds: 3, graceSeconds: 5, restarts: 5, deaths: 6 };
const TINY_CLIP = join(ROOT, "test/fixtures/models/clip");
const TINY_BERT = join(ROOT, "test/fixtures/models/bert");
const MODEL_PROGRAM = join(ROOT, "kernel-lib/dist/model.cjs");
const OPTIONS: LaunchOptions = { stages: ["recaption", "score"], shardSize: 5, limits: LIMITS };

beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  programs = mkdtempSync(join(output, "launch-"));
  await bundle(join(programs, "dist"));
  // By its package's folder it finds its programs.
  writeFileSync(join(programs, "package.json"), "{}");
  cluster = createRequire(import.meta.url)(join(programs, "dist/launch.cjs")) as typeof Launch;
  base = mkdtempSync(join(output, "launched-"));
  const made = await synthesize(join(base, "made"), { figures: 30 });
  picture = relative(join(base, "made"), made[6]!.image);
});
afterAll(() => {
  rmSync(programs, { recursive: true, force: true });
  rmSync(base, { recursive: true, force: true });
});
beforeEach(() => void (dataset = copy()));

/** A dataset of thirty figures of its own. */
function copy(): string {
  const folder = join(base, String(++number));
  cpSync(join(base, "made"), folder, { recursive: true });
  return folder;
}

const launch = async (options: LaunchOptions = OPTIONS) =>
  (await cluster.prepareLaunch(dataset, options)).submit();
const standing = async (run: string) => (await cluster.status(dataset, run)).state;
/** To look at a run is some work. */
const SELDOM = 300;
const finished = (run: string) => until(async () => (await standing(run)) === "finished", SELDOM);

test("a run goes on by itself to what one process would have made", async () => {
  const run = await launch();
  await finished(run);
  const undisturbed = copy();
  const local = await Dataset.open(undisturbed);
  await recaption(local);
  await score(local, ["support"]);
  expect(await rowsOf(dataset, "recaptions")).toEqual(await rowsOf(undisturbed, "recaptions"));
  expect(await rowsOf(dataset, "scores")).toEqual(await rowsOf(undisturbed, "scores"));

  const report = await cluster.report(dataset, run);
  expect(report.final).toBe(true);
  expect(report.markdown).toContain("finished");
  const [log] = await cluster.logs(dataset, run, { shard: "2-score/1" });
  expect(log).toMatchObject({ phase: "2-score", why: "finished 00000001, 2-score" });
  // Nothing is left to be done by another.
  const { plan } = await cluster.prepareLaunch(dataset, OPTIONS);
  expect(plan.problems).toEqual([]);
});

test("captions are measured by models on workers as in a cell: those in a folder, and one on servers", async () => {
  const server = await MockServer.start({ runner: "pooling", model: "org/clip", speed: 100 });
  try {
    const served = clip({ endpoints: server.url, as: "served" });
    const selection = { variant: "raw", limit: 6 };
    const local = [
      { kind: "clip", options: { model: TINY_CLIP } },
      { kind: "pppl", options: { model: TINY_BERT } },
    ];
    const metrics = [...local, served];
    await finished(await launch({ ...OPTIONS, stages: ["score"], metrics, ...selection, shardSize: 3 }));
    const undisturbed = copy();
    const program = { program: MODEL_PROGRAM };
    const own = [clipScorer(localEmbedder(TINY_CLIP, program)), ppplScorer(TINY_BERT, program), served];
    await score(await Dataset.open(undisturbed), own, selection);
    const rows = await valuesOf(dataset);
    expect(rows).toEqual(near(await valuesOf(undisturbed)));
    expect(new Set(rows.map(({ metric }) => metric))).toContain("served-best");
    for (const metric of ["clip", "pppl-l2r"])
      expect(rows.filter((row) => row.metric === metric)).toHaveLength(6);
    const vectors = await rowsOf(dataset, "embeddings");
    expect(vectors).toEqual(near(await rowsOf(undisturbed, "embeddings")));
    // Of each model a picture and its caption.
    expect(vectors).toHaveLength(2 * 2 * 6);

    // Another variant is measured by the vectors that are there: no picture is looked at again.
    for (const folder of [dataset, undisturbed]) await recaption(await Dataset.open(folder));
    rmSync(join(dataset, "images"), { recursive: true });
    const variant = { variant: "extractive", limit: 6, workers: 1 };
    await finished(
      await launch({ ...OPTIONS, stages: ["score"], metrics: [local[0]!, served], ...variant, shardSize: 3 }),
    );
    await score(await Dataset.open(undisturbed), [own[0]!, served], variant);
    expect(await valuesOf(dataset)).toEqual(near(await valuesOf(undisturbed)));
    expect(await rowsOf(dataset, "embeddings")).toEqual(near(await rowsOf(undisturbed, "embeddings")));
    expect(await rowsOf(dataset, "embeddings")).toHaveLength(2 * 3 * 6);
  } finally {
    await server.close();
  }
});

test("a metric, a model or a mix of models that would fail on workers is told before anything is submitted", async () => {
  const scoring = (...metrics: NonNullable<LaunchOptions["metrics"]>) =>
    cluster.prepareLaunch(dataset, { ...OPTIONS, stages: ["score"], metrics });
  await expect(scoring("beauty")).rejects.toThrow('There is no metric "beauty"');
  await expect(scoring({ kind: "clip", options: { model: "clip-l14" } })).rejects.toThrow(
    /figloom models get clip-l14/,
  );
  const mine = { metric: "mine", id: "mine", version: 1, score: () => Promise.resolve({ scores: [] }) };
  await expect(scoring(mine)).rejects.toThrow("measure it there with lab.score");
  const own = clipScorer(localEmbedder(TINY_CLIP, { program: MODEL_PROGRAM }));
  await score(await Dataset.open(dataset), [own], { variant: "raw", limit: 1 });
  const other = clip({ endpoints: "http://127.0.0.1:9", model: "org/clip" });
  await expect(scoring(other)).rejects.toThrow(/and org\/clip@vllm would mix its own with them/);
  const { plan } = await cluster.prepareLaunch(dataset, {
    ...{
      ...OPTIONS,
      stages: ["score"],
      metrics: [clip({ endpoints: "http://me:s3cret@host:8000", model: "org/clip" })],
    },
    replace: true,
  });
  expect(plan.problems).toEqual([expect.stringMatching(/^The endpoint at host:8000 has a password/)]);
  const { plan: idle } = await cluster.prepareLaunch(dataset, {
    ...{ ...OPTIONS, stages: ["score"], metrics: [{ kind: "clip", options: { model: TINY_CLIP } }] },
    resources: { score: { gpus: 1 } },
  });
  expect(idle.problems).toEqual([expect.stringContaining("set FIGLOOM_ONNX_DEVICE=cuda")]);
});

test("text on figures is read by workers as in a cell, and a picture that cannot be used harms no other", async () => {
  const server = await MockServer.start({ model: "org/reader", speed: 100, allowedLocalMediaPath: base });
  try {
    const undisturbed = copy();
    for (const folder of [dataset, undisturbed]) writeFileSync(join(folder, picture), "another");
    const ocr: ReaderSpec = { kind: "vllm", model: "org/reader", endpoints: [server.url] };
    const run = await launch({ ...OPTIONS, stages: ["ocr"], ocr, limit: 12, shardSize: 4 });
    await finished(run);
    const lab = await openLab(undisturbed);
    await lab.ocr({ reader: ocr, limit: 12 });
    const texts = await rowsOf(dataset, "picture_texts");
    expect(texts).toEqual(await rowsOf(undisturbed, "picture_texts"));
    expect(texts).toHaveLength(11);
    const quarantined = await (await openLab(dataset)).quarantine();
    expect(quarantined).toEqual(await lab.quarantine());
    expect(quarantined).toMatchObject([{ stage: "ocr", reason: "picture-unreadable" }]);
    const { markdown } = await cluster.report(dataset, run);
    expect(markdown).toContain("text on figures: 11 done, 1 quarantined");
    expect(markdown).toContain("- 11: reader `org/reader@vllm lines-");
  } finally {
    await server.close();
  }
});

test("a reader that would fail on workers is told before anything is submitted", async () => {
  const reading = (ocr: unknown, more: LaunchOptions = {}) =>
    cluster.prepareLaunch(dataset, { stages: ["ocr"], ocr: ocr as "tesseract", ...more });
  await expect(reading("abbyy")).rejects.toThrow('There is no reader of text on pictures "abbyy"');
  await expect(reading({ kind: "tesseract", model: "m" })).rejects.toThrow('"tesseract" is not right');
  await expect(reading("vllm")).rejects.toThrow("Nobody is there to be asked");
  const { plan } = await reading("vllm", { model: "org/m", serve: { script: "/no/such/script" } });
  expect(plan.problems).toEqual([
    expect.stringContaining("The script that starts a server, /no/such/script"),
  ]);
  const { plan: usual } = await reading(undefined, { shardSize: 10 });
  expect(usual.problems).toEqual([]);
  expect(usual.phases).toMatchObject([{ title: "text on figures", items: 30, shards: 3, gpus: 0 }]);
});

test("cancelled at once and resumed, it makes the same", async () => {
  const run = await launch();
  await cluster.ask(dataset, run, "cancel");
  await until(async () => ["cancelled", "finished"].includes(await standing(run)), SELDOM);
  await cluster.ask(dataset, run, "resume");
  await finished(run);
  expect(await rowsOf(dataset, "recaptions")).toHaveLength(30);
  expect(await rowsOf(dataset, "scores")).toHaveLength(60);
});

test("a second run on the same stage is refused while the first has not finished", async () => {
  const run = await launch();
  await cluster.ask(dataset, run, "pause");
  await expect(launch({ stages: ["recaption"] })).rejects.toThrow(`${run} has not finished its recaption`);
  await cluster.ask(dataset, run, "resume");
  await finished(run);
});

test("all that hinders a launch is said at once, and nothing is left behind", async () => {
  const { plan, submit } = await cluster.prepareLaunch(dataset, {
    ...{ prompt: "context", model: "./m", serve: { script: "/no/such/script" }, budget: { cost: 3 } },
    ...{ node: "/no/such/node", workers: 0 },
  });
  expect(plan.problems).toEqual([
    expect.stringContaining("workers of 1-recaption is 0"),
    expect.stringContaining("A budget in money needs prices"),
    expect.stringContaining("The model ./m is a folder named from here"),
    expect.stringContaining("Node's program, /no/such/node, cannot be run"),
    expect.stringContaining("The script that starts a server, /no/such/script, cannot be run"),
    expect.stringContaining("has no tasks"),
  ]);
  await expect(submit()).rejects.toThrow(/^Nothing was submitted:\n- [^\n]+\n- /);
  await expect(cluster.status(dataset, plan.run)).rejects.toThrow("There is no run");
});

test("what a launch would take is said without asking anybody, hours at a rate that is given", async () => {
  const asked = { prompt: "context", model: "m", endpoints: ["http://127.0.0.1:9"], prices: { gpuHour: 2 } };
  const { plan } = await cluster.prepareLaunch(dataset, asked);
  expect(plan.estimate).toMatchObject({ figures: 30 });
  expect(plan.takes).toMatchObject({ hours: null, cost: null, open: ["1-recaption"] });
  const { plan: rated } = await cluster.prepareLaunch(dataset, { ...asked, workers: 3, perSecond: 2 });
  // Thirty figures are one shard, which one worker takes.
  expect(rated.takes!.hours).toBeCloseTo(30 / 2 / 3600);
  expect(rated.takes!.cost).toBeCloseTo((30 / 2 / 3600) * 2);
  expect(rated.phases[0]!.said).toContain("2 a second, as given");
});

test("hours are known once the same was done before, in a cell or by a run, and of what is left only", async () => {
  const lab = await openLab(dataset);
  await lab.recaption({ limit: 20 });
  const [tried] = await lab.runs();
  const { plan } = await cluster.prepareLaunch(dataset, OPTIONS);
  expect(plan.phases).toMatchObject([
    { todo: 10, after: [], rate: { run: tried!.name, made: 20, unit: "process", startup: 0 } },
    // Raw captions, those that are there, and those that are to come.
    { todo: 60, rate: null, hours: null },
  ]);
  expect(plan.takes).toMatchObject({ open: ["2-score"] });
  const run = await launch();
  expect((await lab.run(run)).state.notices[0]!.text).toMatch(/^Together at least .* not known of 2-score/);
  await finished(run);
  const { plan: again } = await cluster.prepareLaunch(dataset, OPTIONS);
  expect(again.takes).toMatchObject({ hours: 0, open: [] });
  // Ten captions were too few to tell; sixty scores were not.
  expect(again.phases.map(({ todo, rate }) => [todo, rate!.run, rate!.made])).toEqual([
    [0, tried!.name, 20],
    [0, run, 60],
  ]);
  const { json } = await cluster.report(dataset, run);
  const { rates } = (json as { phases: { rates: { each: number } }[] }).phases[1]!;
  expect(rates.each / again.phases[1]!.rate!.each).toBeCloseTo(1, 2);
});

test("a password in an endpoint's address is not written down", async () => {
  const { plan } = await cluster.prepareLaunch(dataset, {
    ...{ prompt: "context", model: "m", endpoints: ["http://me:s3cret@host:8000"] },
  });
  expect(plan.problems).toEqual([expect.stringMatching(/^The endpoint at host:8000 has a password/)]);
  expect(JSON.stringify(plan)).not.toContain("s3cret");
});

test("a submitter that is killed once the run is written down leaves one that resume completes", async () => {
  const script = `require(${JSON.stringify(join(programs, "dist/launch.cjs"))})
    .prepareLaunch(${JSON.stringify(dataset)}, ${JSON.stringify(OPTIONS)})
    .then(({ plan, submit }) => { console.log(plan.run); return submit(); })`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  const run = chunk.toString().trim();
  const path = join(dataset, "work", run, "run.json");
  // As soon as there is a run.
  await until(() => Promise.resolve(readOrNull(path) !== null));
  child.kill("SIGKILL");
  await once(child, "exit");
  await until(async () => {
    await cluster.ask(dataset, run, "resume");
    return (await standing(run)) === "finished";
  }, SELDOM);
  expect(await rowsOf(dataset, "recaptions")).toHaveLength(30);
  const { tasks } = await cluster.status(dataset, run);
  expect(tasks.filter(({ phase }) => phase === "1-recaption")).toHaveLength(2);
});

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
