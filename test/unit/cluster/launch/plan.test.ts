import { expect, test } from "vitest";
import type { LaunchOptions } from "../../../../kernel-lib/src/lab/launch-options.js";
import { subjectOf } from "../../../../cluster/src/launch/check.js";
import { planRun, stagesOf, type Facts } from "../../../../cluster/src/launch/plan.js";

const facts: Facts = {
  ...{ run: "20261121T143355Z-recaption-3f2a9c", folder: "/d/work/r", dataset: "/d", version: "0.1.0" },
  ...{ created: new Date(0), engine: { name: "slurm", options: {} }, program: ["/node", "/worker.cjs"] },
  sources: "/d/work/r/sources.jsonl",
  ask: { prompt: "context", file: "/d/work/r/prompt/context.md", model: "org/model" },
  reads: { reader: { kind: "tesseract" }, id: "tesseract-eng@4", serving: null, computes: false },
  serving: { model: "org/model", script: "/serve.sh", gpusEach: 1, patience: 1800 },
  ...{ items: { ocr: 120_000, recaption: 100_000, score: 100_000 }, nodes: 4, device: "cpu" },
  measured: [{ metric: "support", scorer: { kind: "support", options: {} }, id: "support-lexical" }],
};

const CLIP = {
  ...{ metric: "clip", scorer: { kind: "clip", options: { model: "clip-b32" } }, id: "org/clip@abc" },
  model: { name: "clip-b32", kind: "clip" as const },
};

test("what asks a model that workers serve takes GPUs, what measures takes none", () => {
  const { phases, title, prices } = planRun({ stages: ["score", "recaption"] }, facts);
  expect(
    phases.map(({ id, resources, serving, workers }) => [id, resources.gpus, serving !== null, workers]),
  ).toEqual([
    ["1-recaption", 8, true, 4],
    ["2-score", undefined, false, 4],
  ]);
  expect(title).toBe("recaption with context@org/model, score support");
  expect(prices.gpus).toBe(32);
});

test("on this machine one worker serves on the GPUs that the user may use; elsewhere the scheduler says which", () => {
  const here = { ...facts, engine: { name: "local" as const, options: {} }, nodes: 2 };
  const { phases, inherit } = planRun({ stages: ["score", "recaption"] }, here);
  expect(phases.map(({ workers }) => workers)).toEqual([1, 2]);
  expect(inherit).toContain("CUDA_VISIBLE_DEVICES");
  expect(planRun({}, facts).inherit).not.toContain("CUDA_VISIBLE_DEVICES");
});

test("servers that run already are asked by tasks without GPUs, and are what is paid for", () => {
  const serving = { endpoints: ["http://a:8000", "http://b:8000"] };
  const { phases, prices } = planRun({}, { ...facts, serving });
  expect(phases[0]).toMatchObject({ serving, resources: { cpus: 8 } });
  expect(phases[0]!.resources.gpus).toBeUndefined();
  expect(prices.gpus).toBe(2);
});

test("text on figures is read before captions are written, by tasks without GPUs unless a model reads it", () => {
  const stages = ["recaption", "ocr"] as const;
  const { phases, title } = planRun({ stages, where: "flagged", retryFailed: true }, facts);
  expect(phases.map(({ id, resources }) => [id, resources.gpus])).toEqual([
    ["1-ocr", undefined],
    ["2-recaption", 8],
  ]);
  expect(phases[0]!.spec).toEqual({
    ...{ stage: "ocr", reader: { kind: "tesseract" }, id: "tesseract-eng@4" },
    ...{ where: "flagged", limit: null, retryFailed: true },
  });
  expect(title).toBe("read text on figures with tesseract, recaption with context@org/model");
  const reads = {
    reader: { kind: "vllm" as const, model: "org/reader" },
    ...{ id: "org/reader@vllm lines", serving: facts.serving, computes: false },
  };
  const served = planRun({ stages: ["ocr"] }, { ...facts, reads });
  expect(served.phases[0]).toMatchObject({ serving: facts.serving, resources: { gpus: 8 } });
  expect(served.title).toBe("read text on figures with org/reader");
});

test("a reader that computes a model itself gets a GPU where it computes on one", () => {
  const reads = { ...facts.reads!, computes: true };
  const resourcesOf = (device: "cpu" | "cuda") =>
    planRun({ stages: ["ocr"], workers: { score: 3 } }, { ...facts, reads, device }).phases[0];
  expect(resourcesOf("cpu")).toMatchObject({ workers: 3, resources: { cpus: 8 } });
  expect(resourcesOf("cuda")).toMatchObject({ workers: 3, resources: { cpus: 8, gpus: 1 } });
});

test("the user's word on workers, resources, shards and prices counts", () => {
  const { phases, prices, budget, limits } = planRun(
    {
      stages: ["recaption", "score"],
      ...{
        workers: { gpu: 16, cpu: 2 },
        shardSize: 77,
        budget: { cost: 5 },
        prices: { gpus: 1, gpuHour: 2 },
      },
      resources: { gpu: { cpus: 96, minutes: 240 }, cpu: { partition: "small" } },
      limits: { staleSeconds: 90 },
    },
    facts,
  );
  expect(phases.map(({ workers, shardSize, resources }) => ({ workers, shardSize, resources }))).toEqual([
    { workers: 16, shardSize: 77, resources: { gpus: 8, cpus: 96, minutes: 240, noticeSeconds: 120 } },
    { workers: 2, shardSize: 77, resources: { cpus: 8, noticeSeconds: 120, partition: "small" } },
  ]);
  expect([prices, budget, limits.staleSeconds]).toEqual([{ gpus: 1, gpuHour: 2 }, { cost: 5 }, 90]);
});

test("every metric is a phase of its own, and stages come in the order in which one needs the other", () => {
  const { phases, title } = planRun({ stages: ["score"] }, { ...facts, measured: [...facts.measured, CLIP] });
  expect(phases.map(({ id }) => id)).toEqual(["1-score", "2-score"]);
  expect(phases[1]!.spec).toMatchObject({ metric: "clip", scorer: CLIP.scorer, id: CLIP.id });
  expect(title).toBe("score support, score clip");
  expect(stagesOf({ stages: ["score", "ocr", "ingest", "recaption"] })).toEqual([
    ...["ingest", "ocr", "recaption", "score"],
  ]);
});

test("what measures with a model of its own gets a GPU where it computes on one, and tasks of its own number", () => {
  const measured = [...facts.measured, CLIP];
  const resourcesOf = (options: LaunchOptions, device: "cpu" | "cuda") =>
    planRun({ stages: ["score"], ...options }, { ...facts, measured, device }).phases.map(
      ({ workers, resources: { noticeSeconds: _, ...rest } }) => ({ workers, ...rest }),
    );
  expect(resourcesOf({}, "cpu")).toEqual([
    { workers: 4, cpus: 8 },
    { workers: 4, cpus: 8 },
  ]);
  expect(resourcesOf({ resources: { cpu: { partition: "small" } } }, "cuda")).toEqual([
    { workers: 4, cpus: 8, partition: "small" },
    { workers: 4, cpus: 8, gpus: 1 },
  ]);
  expect(resourcesOf({ workers: { cpu: 2, score: 16 }, resources: { score: { cpus: 4 } } }, "cpu")).toEqual([
    { workers: 2, cpus: 8 },
    { workers: 16, cpus: 4 },
  ]);
});

test("secrets are inherited by name, each once", () => {
  const { inherit } = planRun({ inherit: ["MY_TOKEN", "HF_TOKEN"] }, facts);
  expect(inherit).toEqual(expect.arrayContaining(["FIGLOOM_API_KEY", "FIGLOOM_LAYOUT_KEY", "MY_TOKEN"]));
  expect(inherit.filter((name) => name === "HF_TOKEN")).toHaveLength(1);
});

test("runs get in each other's way only where they make the same: another prompt, model or metric is another matter", () => {
  const subjects = (prompt: string | null, model: string, metric = "support") => {
    const ask = prompt === null ? null : { prompt, file: `/d/work/r/prompt/${prompt}.md`, model };
    const measured = [{ ...facts.measured[0]!, metric }];
    return planRun({ stages: ["recaption", "score"] }, { ...facts, ask, measured })
      .phases.map(({ spec }) => subjectOf(spec))
      .join();
  };
  expect(subjects("context", "m")).toBe(subjects("context", "m"));
  const all = [
    ...[subjects("context", "m"), subjects("terse", "m"), subjects("context", "n"), subjects(null, "m")],
    subjects("context", "m", "clip"),
  ];
  expect(new Set(all).size).toBe(all.length);
});
