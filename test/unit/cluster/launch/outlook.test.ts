import { expect, test } from "vitest";
import type { MeasuredRate } from "../../../../cluster/src/launch/measured.js";
import { launchPlan, type Foreseen } from "../../../../cluster/src/launch/outlook.js";
import { planRun, type Facts } from "../../../../cluster/src/launch/plan.js";
import { spread, type Todo } from "../../../../cluster/src/launch/todo.js";
import { sampled } from "../../../../cluster/src/launch/tokens.js";
import type { LaunchOptions } from "../../../../kernel-lib/src/lab/launch-options.js";

const facts: Facts = {
  ...{ run: "20261121T143355Z-recaption-3f2a9c", folder: "/d/work/r", dataset: "/d", version: "0.1.0" },
  ...{ created: new Date(0), engine: { name: "slurm", options: { nodes: 4 } }, program: ["/node", "/w.cjs"] },
  sources: "/d/work/r/sources.jsonl",
  ask: { prompt: "context", file: "/d/work/r/prompt/context.md", model: "org/model" },
  reads: { reader: { kind: "tesseract" }, id: "tesseract-eng@4", serving: null, computes: false },
  serving: { model: "org/model", script: "/serve.sh", gpusEach: 1, patience: 1800 },
  ...{ items: { ocr: 2_000_000, recaption: 1_440_000, score: 1_440_000 }, nodes: 4, device: "cpu" },
  measured: [{ metric: "support", scorer: { kind: "support", options: {} }, id: "support-lexical" }],
};
const todo: Record<string, Todo> = {
  ocr: {
    items: 28_800,
    basis: { stage: "ocr", by: "tesseract-eng@4", unit: "processor", units: 2 },
    readsText: false,
  },
  recaption: {
    items: 1_440_000,
    basis: { stage: "recaption", by: "context@org/model", unit: "server", units: 1 },
    readsText: true,
  },
  score: {
    items: 720_000,
    basis: { stage: "score", by: "support", unit: "process", units: 1 },
    readsText: false,
  },
};
const rate = (run: string, each: number, more: Partial<MeasuredRate> = {}): MeasuredRate => ({
  ...{ run, by: null, made: 200, each, startup: 0 },
  ...more,
});
const measured: Record<string, MeasuredRate> = {
  ocr: rate("r1", 0.25, { by: "tesseract-eng@4" }),
  recaption: rate("r2", 12.5, { by: "terse@org/model", startup: 360 }),
  score: rate("r3", 150, { by: "support" }),
};

function planned(options: LaunchOptions, more: Partial<Foreseen> = {}, known: Partial<Facts> = {}) {
  const all = { ...facts, ...known };
  const plan = planRun({ prices: { gpuHour: 2 }, ...options }, all);
  const stages = plan.phases.map(({ spec }) => spec.stage);
  const foreseen = {
    estimate: null,
    todos: stages.map((stage) => todo[stage]!),
    measured: stages.map((stage) => measured[stage]!),
    ...more,
  };
  return launchPlan(plan, all, { foreseen, findings: { problems: [], doubts: [] } });
}

test("hours of every phase follow from what is left, from earlier rates, and from what there is to work with", () => {
  const { phases, takes } = planned({ stages: ["ocr", "recaption", "score"] });
  expect(phases.map(({ todo, hours, gpu_hours }) => [todo, hours, gpu_hours])).toEqual([
    // 4 tasks of 8 processors, 0.25 a second each.
    [28_800, 1, 0],
    // 4 nodes of 8 servers, 12.5 a second each, up after six minutes; all 32 GPUs are paid from the start.
    [1_440_000, 1.1, 35.2],
    // What is not measured yet, and what the phase before writes; 4 workers, 150 a second each.
    [2_160_000, 1, 0],
  ]);
  expect(takes).toMatchObject({ hours: 3.1, gpu_hours: 35.2, cost: 70.4, open: [] });
  expect(takes!.said).toBe(
    "Together at least 3 h 6 min, 35.2 GPU-hours, cost 70.40. Waiting for machines is not counted.",
  );
  expect(phases.map(({ said }) => said)).toEqual([
    "28,800 pictures to read; about 1 h 0 min, 0.25 a second on each of 32 processors, as r1 measured on 200",
    "1,440,000 figures to caption, and what 1-ocr changes; about 1 h 6 min, 12.5 a second on each of 32 servers, servers up after 6 min 0 s, as r2 measured with terse@org/model on 200",
    "2,160,000 captions to measure, and what 1-ocr changes; about 1 h 0 min, 150 a second on each of 4 workers, as r3 measured on 200",
  ]);
});

test("where everything is done nothing is reckoned", () => {
  const none = { ...todo["score"]!, items: 0 };
  const { phases, takes } = planned({ stages: ["score"] }, { todos: [none], measured: [null] });
  expect(phases[0]!.said).toBe("nothing is left to measure");
  expect(takes).toMatchObject({ hours: 0, gpu_hours: 0, open: [], said: "Nothing is left to be done." });
});

test("what text on figures changes is told of those that go by it", () => {
  const stages = ["ocr", "score"] as const;
  const afterOf = (readsText: boolean) =>
    planned({ stages }, { todos: [todo["ocr"]!, { ...todo["score"]!, readsText }] }).phases[1]!.after;
  expect(afterOf(true)).toEqual(["1-ocr"]);
  expect(afterOf(false)).toEqual([]);
});

test("the user's own rate wins, and is of captions alone", () => {
  const { phases } = planned({ stages: ["recaption", "score"] }, { perSecond: 50 });
  expect(phases.map(({ hours }) => hours)).toEqual([2, 1]);
  expect(phases[0]!.said).toContain("50 a second on each of 4 workers, as given");
});

test("servers that run already are no more for more workers, and are paid while they are asked", () => {
  const serving = { endpoints: ["http://a:8000", "http://b:8000"] };
  const { phases, takes } = planned({ workers: 16 }, {}, { serving });
  expect(phases[0]).toMatchObject({ rate: { units: 2, perSecond: 25 } });
  expect(takes!.gpu_hours).toBeCloseTo(2 * phases[0]!.hours!);
});

test("tasks without a shard make nothing faster", () => {
  const { phases } = planned({ stages: ["score"], shardSize: 1_000_000 });
  expect(phases[0]).toMatchObject({ shards: 2, rate: { units: 2, perSecond: 300 } });
});

test("where nothing is known it is said, with the way to know it, and all the rest is a lower bound", () => {
  const unknown = { measured: [measured["ocr"]!, null, null] };
  const { phases, takes } = planned({ stages: ["ocr", "recaption", "score"] }, unknown);
  expect(phases[2]!.said).toMatch(
    /; time not known, since no run of this dataset has measured enough of it$/,
  );
  expect(takes).toMatchObject({ hours: 1, gpu_hours: 0, open: ["2-recaption", "3-score"] });
  expect(takes!.said).toBe(
    "Together at least 1 h 0 min; not known of 2-recaption, 3-score. Waiting for machines is not counted.",
  );
  expect(takes!.advice).toBe("Try some figures first: limit: 200, on the command line --limit 200.");
  const nothing = planned({}, { measured: [null] }).takes!;
  expect(nothing).toMatchObject({
    hours: null,
    cost: null,
    said: "How long it takes is not known.",
    advice: takes!.advice,
  });
});

test("of papers that are still to be read nobody knows the figures, only the rate", () => {
  const ingest: Todo = {
    items: 500,
    basis: { stage: "ingest", by: null, unit: "processor", units: 2 },
    readsText: false,
  };
  const coming = { ...todo["ocr"]!, items: null };
  const { phases, takes } = planned(
    { stages: ["ingest", "ocr"], papers: "p" },
    { todos: [ingest, coming], measured: [rate("r0", 0.5), measured["ocr"]!] },
    { items: { ingest: 500, ocr: null } },
  );
  expect(phases[1]).toMatchObject({ todo: null, after: ["1-ingest"], hours: null, rate: { perSecond: 8 } });
  expect(phases[1]!.said).toBe(
    "pictures to read: as many as come of 1-ingest; 0.25 a second on each of 32 processors, as r1 measured on 200",
  );
  expect(takes).toMatchObject({ open: ["2-ocr"] });
  const none = planned(
    { stages: ["ingest"], papers: "p" },
    { todos: [ingest], measured: [null] },
    { items: { ingest: 500 } },
  );
  expect(none.takes!.advice).toBe("Read some of the papers first.");
});

test("a budget that does not suffice is told before anything is submitted", () => {
  const doubtsOf = (budget: LaunchOptions["budget"]) =>
    planned({ stages: ["recaption", "score"], budget }).doubts;
  expect(doubtsOf({ hours: 3, cost: 71 })).toEqual([]);
  expect(doubtsOf({ hours: 2, cost: 50 })).toEqual([
    "The budget of 2 h will be spent before everything is done, which takes about 2.1 h; what is done by then is kept.",
    "The budget of 50 will be spent before everything is done, which takes about 70.40; what is done by then is kept.",
  ]);
});

test("of many figures a part is looked at, from the first to the last, within the limit", () => {
  expect(spread([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(
    spread(
      Array.from({ length: 100 }, (_, i) => i),
      4,
    ),
  ).toEqual([0, 33, 66, 99]);
  expect(sampled({ limit: 200 }, 200)).toEqual({ every: 1, limit: 200 });
  expect(sampled({ where: "flagged", limit: 30_001 }, 30_001)).toEqual({
    ...{ every: 2, where: "(flagged\n) AND (hash(figure_id) % 2 = 0\n)", limit: 15_001 },
  });
});
