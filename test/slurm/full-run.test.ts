/** Full runs on a real Slurm, whose nodes start imitations of vLLM servers: at peace, and through all that goes wrong. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { RunFolder } from "../../cluster/src/run/places.js";
import { keptCaptions } from "../chaos/evidence.js";
import { ROOT } from "../support/bundle-programs.js";
import { outcomesIn, rowsOf, stateOf } from "../support/runs/rig.js";
import { near, valuesOf } from "../support/runs/scores.js";
import { type Slurm, startSlurm } from "../support/slurm/slurm.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { randomOf } from "../support/synthetic/words.js";
import { Bench, copyFolder } from "./bench.js";
import { until } from "../support/until.js";
import { figloom, launching, type LaunchOnSlurm, watching } from "./laptop.js";
import { troublesOf } from "./troubles.js";

const SEED = Number(process.env.FIGLOOM_CHAOS_SEED ?? 20_260_103);
const FIGURES = 2000;
const PHASE = "1-recaption";
const MODEL = "qwen";
const TINY_CLIP = join(ROOT, "test/fixtures/models/clip");

const bench = new Bench();
const [alike, peace, chaos, scored] = ["alike", "peace", "chaos", "scored"].map((name) =>
  bench.file(name),
) as [string, string, string, string];
let cluster: Slurm;

beforeAll(async () => {
  const size = () => ({ width: 32, height: 32 });
  await synthesize(alike, { figures: FIGURES, seed: 3, size, contexts: () => 1 });
  await Promise.all([peace, chaos].map((path) => copyFolder(alike, path)));
  // What they are compared with: one loop in one process.
  const server = await MockServer.start({
    model: MODEL,
    speed: 500,
    decode: "header",
    allowedLocalMediaPath: alike,
  });
  await figloom("recaption", alike, "--prompt", "context", "--endpoint", server.url, "--model", MODEL);
  await server.close();
  // Two nodes more than there are tasks, so that tasks whose nodes are lost find others.
  cluster = await startSlurm({ nodes: 6 });
  vi.stubEnv("SLURM_CONF", cluster.env.SLURM_CONF);
});
afterAll(async () => {
  await cluster.stop();
  vi.unstubAllEnvs();
  await bench.remove();
});

const launchOn = (dataset: string): LaunchOnSlurm => ({
  dataset,
  on: { nodes: 4 },
  prompt: "context",
  model: MODEL,
  serve: { script: "mock", gpusEach: 8, patience: 60 },
  shardSize: 50,
  resources: { gpu: { minutes: 10 } },
  limits: { beatSeconds: 1, staleSeconds: 5, graceSeconds: 5, deaths: 12, restarts: 12 },
});

/** The run that is being launched on a dataset, once the launcher is about to submit it. */
const submitted = (dataset: string): Promise<RunFolder> =>
  until(async () => {
    const names = await readdir(join(dataset, "work")).catch(() => []);
    const path = names
      .map((name) => join(dataset, "work", name))
      .find((path) => existsSync(join(path, "jobs/1.json")));
    return path === undefined ? undefined : new RunFolder(path);
  }, 5);

const statusOf = async ({ plan }: RunFolder) =>
  stateOf(JSON.parse(await readFile(plan, "utf8")) as Parameters<typeof stateOf>[0]);

const become = (run: RunFolder, status: string) =>
  until(async () => (await statusOf(run)).status === status, 1000);

const shardsOf = async (run: RunFolder) =>
  (JSON.parse(await readFile(run.report("json"), "utf8")) as { phases: { shards: { deaths: number } }[] })
    .phases[0]!.shards;

/** Just what one undisturbed loop makes of the dataset, each figure once; and nobody is left at work. */
async function expectAlike(dataset: string, run: RunFolder): Promise<void> {
  expect((await statusOf(run)).message).toBe("recaption: 2,000 done, 0 quarantined");
  expect(await keptCaptions(dataset)).toHaveLength(FIGURES);
  // How often a question had to be asked is no part of the answer.
  const [made, expected] = await Promise.all(
    [dataset, alike].map(async (folder) =>
      ((await rowsOf(folder, "recaptions")) as { attempts: number }[]).map(({ attempts: _, ...row }) => row),
    ),
  );
  expect(made).toEqual(expected);
  await until(async () => (await cluster.command("squeue", "-h")) === "", 500);
}

test("2,000 figures on four nodes, over an array, to the end", async () => {
  vi.stubEnv("FIGLOOM_MOCK_ARGS", "--speed 200 --cheap");
  expect(await once(launching(launchOn(peace)), "exit")).toEqual([0, null]);
  const run = await submitted(peace);
  await become(run, "finished");
  await expectAlike(peace, run);
  expect(await shardsOf(run)).toMatchObject({ done: 40, deaths: 0 });
});

test("text is read and captions are measured on nodes as in a cell: by a model on their own servers, one in a folder, and servers that make vectors", async () => {
  await synthesize(scored, { figures: 12, seed: 5 });
  const apart = bench.file("scored-apart");
  await copyFolder(scored, apart);
  const server = await MockServer.start({ runner: "pooling", model: "org/clip", speed: 100 });
  const vision = await MockServer.start({ model: MODEL, speed: 100, allowedLocalMediaPath: apart });
  try {
    const flags = "--on slurm --nodes 2 --shard-size 4 --minutes 10".split(" ");
    const launch = async (...stages: string[]) => {
      const { run } = await figloom("run", scored, ...flags, ...stages);
      const folder = new RunFolder(join(scored, "work", String(run)));
      await become(folder, "finished");
      expect((await statusOf(folder)).message).toMatch(/, 0 quarantined$/);
    };
    const reading = "--ocr-reader vllm --serve mock --gpus-each 8 --model".split(" ");
    const measuring = ["--metrics", "support,clip", "--clip", TINY_CLIP];
    await launch("--stages", "ocr,score", ...reading, MODEL, ...measuring);
    await launch("--stages", "score", "--metrics", "clip", "--clip-endpoint", server.url, "--as", "served");
    await figloom("ocr", apart, "--reader", "vllm", "--endpoint", vision.url, "--model", MODEL);
    await figloom("score", apart, ...measuring);
    await figloom("score", apart, "--metrics", "clip", "--clip-endpoint", server.url, "--as", "served");
    expect(await rowsOf(scored, "picture_texts")).toEqual(await rowsOf(apart, "picture_texts"));
    expect(await rowsOf(scored, "picture_texts")).toHaveLength(12);
    const rows = await valuesOf(scored);
    expect(rows).toEqual(near(await valuesOf(apart)));
    expect(rows.filter(({ metric }) => metric === "clip-best" || metric === "served")).toHaveLength(2 * 12);
  } finally {
    await server.close();
    await vision.close();
  }
});

test("through crashes, cuts, requeues, a time limit, a cancellation and dead laptops: the same, each figure once", async () => {
  vi.stubEnv("FIGLOOM_MOCK_ARGS", "--speed 2 --max-num-seqs 8 --cheap");
  const random = randomOf(SEED);
  // One laptop dies while it submits: whether Slurm has the job, nobody has heard. The other goes on, and dies later.
  const first = launching(launchOn(chaos));
  const run = await submitted(chaos);
  first.kill("SIGKILL");
  await figloom("run", "resume", chaos);
  const second = watching(chaos);
  const worksOn = (least: number) => until(async () => (await outcomesIn(run, PHASE)) >= least, 500);

  await worksOn(50);
  const { troubles, heal } = troublesOf(cluster, run, random);
  // It takes Slurm half a minute to see that nodes are lost.
  const { cut, crash, ...others } = troubles;
  const copies = await cut();
  await crash();
  const order = [() => void second.kill("SIGKILL"), ...Object.values(others)]
    .map((trouble) => ({ trouble, at: random() }))
    .sort((a, b) => a.at - b.at);
  for (const [i, { trouble }] of order.entries()) {
    await worksOn(((i + 1) * 1200) / order.length);
    await trouble();
  }
  await copies.runOnTwoNodes();
  await figloom("run", "cancel", chaos);
  await become(run, "cancelled");
  expect(await outcomesIn(run, PHASE)).toBeLessThan(FIGURES);
  await figloom("run", "resume", chaos);
  await become(run, "finished");
  await heal();
  await expectAlike(chaos, run);
  expect((await shardsOf(run)).deaths).toBeGreaterThan(0);
});
