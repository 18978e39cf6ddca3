import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeAudit, type AuditPlan } from "../../../../kernel-lib/src/audit/audit.js";
import { estimatesOf } from "../../../../kernel-lib/src/audit/estimates.js";
import { rankStep } from "../../../../kernel-lib/src/audit/pairs-sql.js";
import { auditReport, type AuditMetric, type AuditReport } from "../../../../kernel-lib/src/audit/report.js";
import { AuditTables } from "../../../../kernel-lib/src/audit/tables.js";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import type { Score } from "../../../../kernel-lib/src/model.js";
import {
  clipOf,
  plantedPairs,
  scoredDataset,
  type ScoredPair,
  type Truth,
} from "../../../support/synthetic/scored.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleScore } from "../dataset/samples.js";
import { byLoops, distanceByLoops } from "./loops.js";

const BY = { label: "discipline", sql: "discipline" };

function auditOf(folder: string, plan: Partial<AuditPlan> = {}): Promise<AuditReport> {
  const { signal } = new AbortController();
  const whole: AuditPlan = {
    ...{ dataset: "made up", compare: ["raw", "new"], by: BY, metrics: undefined, where: undefined },
    ...{ seed: 1, resamples: 400, command: "figloom audit …", ...plan },
  };
  return reading(folder, (reader) => makeAudit(reader, whole, { signal }));
}

async function datasetOf(
  pairs: readonly ScoredPair[],
  scores: (pair: ScoredPair, caption: string) => Partial<Score>[] = clipOf,
): Promise<string> {
  const folder = join(await freshFolder(), "d");
  await scoredDataset(folder, { pairs, scores });
  return folder;
}

const metricIn = (report: AuditReport, name: string): AuditMetric =>
  report.metrics.find(({ metric }) => metric === name)!;

const within = (interval: readonly [number, number] | null, truth: number) =>
  interval !== null && interval[0] <= truth && truth <= interval[1];

describe("an audit of figures whose gains are known", () => {
  const TRUTHS: Truth[] = [
    { discipline: "Physics", mean: 0.25, sd: 0.05, gain: 0.18, varianceChange: -0.28 },
    { discipline: "Astronomy", mean: 0.25, sd: 0.05, gain: 0.3, varianceChange: 0 },
    { discipline: "Biology", mean: 0.2, sd: 0.04, gain: 0, varianceChange: 0.6 },
  ];
  const pairs = TRUTHS.flatMap((truth, at) => plantedPairs(truth, 70, 11 + 2 * at));
  let report: AuditReport;
  beforeAll(async () => {
    report = await auditOf(await datasetOf(pairs), { metrics: ["clip"] });
  });

  test("gives what plain loops give, over all and by discipline", () => {
    const { overall, groups } = metricIn(report, "clip");
    const parts = [
      { found: overall!, of: pairs },
      ...groups.map((found) => ({ found, of: pairs.filter(({ discipline }) => discipline === found.name) })),
    ];
    expect(parts).toHaveLength(4);
    for (const { found, of } of parts) {
      expect(found).toMatchObject({
        figures: of.length,
        papers: new Set(of.map(({ paper_id }) => paper_id)).size,
      });
      for (const [name, value] of Object.entries(byLoops(of)))
        expect(found.estimates[name as keyof typeof found.estimates].value, name).toBeCloseTo(value, 7);
      expect(found.distance.value).toBeCloseTo(distanceByLoops(of), 8);
    }
  });

  test("finds each discipline's gain and change of variance within its interval", () => {
    for (const { name, estimates } of metricIn(report, "clip").groups) {
      const { gain, varianceChange } = TRUTHS.find(({ discipline }) => discipline === name)!;
      expect(within(estimates.gain.interval, gain), `gain of ${name}`).toBe(true);
      expect(within(estimates.variance_change.interval, varianceChange), `variance of ${name}`).toBe(true);
    }
    const [none, some] = ["Biology", "Astronomy"].map(
      (name) =>
        metricIn(report, "clip").groups.find((group) => group.name === name)!.estimates.gain.interval!,
    );
    expect(none![0]).toBeLessThan(0);
    expect(some![0]).toBeGreaterThan(none![1]);
  });

  test("says what its quantiles are", () => {
    const sorted = pairs.map(({ to }) => to).sort((a, b) => a - b);
    const at = (share: number) => {
      const place = share * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
      return low + (high - low) * (place % 1);
    };
    const { overall, cdf } = metricIn(report, "clip");
    expect(overall!.quantiles.to.p50).toBeCloseTo(at(0.5), 8);
    expect(overall!.quantiles.to.p95).toBeCloseTo(at(0.95), 8);
    expect(cdf!.to.values.length).toBeLessThanOrEqual(200);
    for (const [i, value] of cdf!.to.values.entries())
      expect(cdf!.to.shares[i]).toBeCloseTo(
        sorted.filter((one) => one <= value + 1e-9).length / sorted.length,
        8,
      );
  });

  test("is a whole report by its schema, the same for the same seed", async () => {
    expect(auditReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    const folder = await datasetOf(pairs.slice(0, 60));
    const made = "any time";
    const [first, again, other] = [
      await auditOf(folder),
      await auditOf(folder),
      await auditOf(folder, { seed: 2 }),
    ];
    expect({ ...again, made }).toEqual({ ...first, made });
    expect(metricIn(other, "clip").overall!.estimates.gain.interval).not.toEqual(
      metricIn(first, "clip").overall!.estimates.gain.interval,
    );
  });

  test("tells where the captions come from, and how many intervals it holds", () => {
    expect(report.captions).toEqual([
      { name: "raw", made_by: [] },
      {
        name: "new",
        made_by: [
          {
            ...{ captioner: "vllm", version: 3, prompt_id: "context", prompt_hash: "abc123" },
            ...{ model: "a/model", sampling: '{"temperature":0}', captions: pairs.length },
          },
        ],
      },
    ]);
    const counted = (JSON.stringify(report.metrics).match(/"interval":\[/g) ?? []).length;
    expect(report.bootstrap.intervals).toBe(counted);
    expect(report.warnings).toEqual([
      expect.stringMatching(new RegExp(`holds ${counted} intervals .* about 3 of them miss`)),
    ]);
  });
});

test("copies of a figure within its paper make no interval narrower", async () => {
  const alone = plantedPairs(
    { discipline: "Physics", mean: 0.25, sd: 0.05, gain: 0.1, varianceChange: 0 },
    60,
    3,
    1,
  );
  const copies = alone.flatMap((pair) =>
    Array.from({ length: 4 }, (_, i) => ({ ...pair, figure_id: `${pair.paper_id}#fig${i + 1}` })),
  );
  const [first, second] = [await auditOf(await datasetOf(alone)), await auditOf(await datasetOf(copies))];
  const [a, b] = [first, second].map((report) => metricIn(report!, "clip").overall!);
  expect(b!.figures).toBe(4 * a!.figures);
  // Four times the figures, and nothing known beyond what one of each says.
  for (const name of ["change", "gain", "improved"] as const)
    expect(b!.estimates[name].interval).toEqual(a!.estimates[name].interval);
});

test("of thousands of papers lots are drawn, and nothing of a figure is lost", async () => {
  const truth = { discipline: "Physics", mean: 0.25, sd: 0.05, gain: 0.2, varianceChange: 0 } as const;
  const pairs = plantedPairs(truth, 1_300, 5, 1);
  const { overall } = metricIn(
    await auditOf(await datasetOf(pairs), { by: null, metrics: ["clip"] }),
    "clip",
  );
  expect(overall).toMatchObject({ figures: 1_300, papers: 1_300 });
  expect(overall!.estimates.change.value).toBeCloseTo(byLoops(pairs)["change"]!, 8);
  const [low, high] = overall!.estimates.change.interval!;
  // The standard error of independent figures, give or take what chance does to an estimate of it.
  const error = (0.05 * Math.SQRT2) / Math.sqrt(1_300);
  expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.85);
  expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.15);
});

describe("what a report warns of", () => {
  const truth = { discipline: "Physics", mean: 0.25, sd: 0.05, gain: 0.1, varianceChange: 0 } as const;
  const pairs = plantedPairs(truth, 12, 21);
  const warned = async (
    scores: (pair: ScoredPair, caption: string) => Partial<Score>[],
    plan: Partial<AuditPlan> = {},
  ) => auditOf(await datasetOf(pairs, scores), { by: null, ...plan });
  const first = pairs[0]!.figure_id;

  test("a metric that nobody measured", async () => {
    const report = await warned(clipOf, { metrics: ["clip", "pppl"] });
    expect(report.warnings[0]).toBe("pppl: not measured; figloom score … --metrics pppl.");
    expect(metricIn(report, "pppl")).toMatchObject({ overall: null, scorer: null });
  });

  test("values that are missing, and why", async () => {
    const report = await warned((pair, caption) => {
      if (caption === "new" && pair.figure_id === first) return [];
      return pair.figure_id === pairs[1]!.figure_id ? [{ value: null }] : clipOf(pair, caption);
    });
    expect(metricIn(report, "clip")).toMatchObject({
      from: { measured: pairs.length, without_value: 1, not_measured: 0 },
      to: { measured: pairs.length - 1, without_value: 1, not_measured: 1 },
      overall: { figures: pairs.length - 2 },
    });
    expect(report.warnings).toEqual(
      expect.arrayContaining([
        `clip: measured on a part only, 1 of ${pairs.length} new captions are missing.`,
        "clip: 1 raw caption has no value.",
      ]),
    );
  });

  test("several scorers under one name: those of the one with most values count", async () => {
    const report = await warned((pair, caption) =>
      clipOf(pair, caption).map((score) => ({ ...score, scorer: pair.figure_id === first ? "b" : "a" })),
    );
    const clip = metricIn(report, "clip");
    expect(clip.scorer).toEqual({ id: "a", version: 1 });
    expect(clip.from).toMatchObject({ measured: pairs.length - 1, other_scorer: 1, not_measured: 0 });
    expect(clip.overall!.figures).toBe(pairs.length - 1);
    expect(clip.overall!.estimates.change.value).toBeCloseTo(byLoops(pairs.slice(1))["change"]!, 8);
    expect(report.warnings[0]).toContain(
      "only values of a version 1 are used, those of b version 1 are left out",
    );
  });

  test("captions that different scorers measured are not compared", async () => {
    const report = await warned((pair, caption) =>
      clipOf(pair, caption).map((score) => ({ ...score, scorer: caption })),
    );
    expect(metricIn(report, "clip")).toMatchObject({ overall: null, scorer: null });
    expect(report.warnings[0]).toContain("raw by raw version 1");
  });

  test("support of raw and of new captions, which rests on different evidence", async () => {
    const report = await warned((pair, caption) =>
      clipOf(pair, caption).map((score) => ({ ...score, metric: "support" })),
    );
    const { overall, not_compared } = metricIn(report, "support");
    expect(not_compared).toContain("different evidence");
    expect(overall!.estimates.mean_to.value).not.toBeNull();
    expect(overall!.estimates.change.value).toBeNull();
  });

  test("captions that were cut", async () => {
    const report = await warned((pair, caption) =>
      clipOf(pair, caption).map((score) => ({ ...score, truncated: caption === "new" ? 0.5 : 0 })),
    );
    expect(report.warnings).toContain(
      "clip: 100.0 % of the new captions were cut, by 50.0 % of a caption on average over all.",
    );
  });
});

describe("metrics", () => {
  const truth = { discipline: "Physics", mean: 1, sd: 0.3, gain: -0.2, varianceChange: 0 } as const;
  const pairs = plantedPairs(truth, 12, 31);

  test("of perplexity are compared on a logarithmic scale, lower being better; CLIPScore comes with clip", async () => {
    const report = await auditOf(
      await datasetOf(pairs, (pair, caption) => {
        const value = caption === "raw" ? pair.from : pair.to;
        return [{ metric: "pppl", value: 10 ** value }, { value: value - 1 }];
      }),
      { by: null },
    );
    const loops = byLoops(pairs);
    const { overall, better, scale } = metricIn(report, "pppl");
    expect({ better, scale }).toEqual({ better: "lower", scale: "log10" });
    expect(overall!.estimates.mean_to.value).toBeCloseTo(loops["mean_to"]!, 8);
    expect(overall!.estimates.gain.value).toBeCloseTo(10 ** loops["change"]! - 1, 8);
    expect(overall!.estimates.improved.value).toBeCloseTo(1 - loops["improved"]!, 8);
    const clipscores = pairs.map(({ paper_id, from, to }) => ({
      paper_id,
      from: 2.5 * Math.max(0, from - 1),
      to: 2.5 * Math.max(0, to - 1),
    }));
    expect(metricIn(report, "clipscore").overall!.estimates.mean_to.value).toBeCloseTo(
      byLoops(clipscores)["mean_to"]!,
      8,
    );
  });

  test("of other names are judged like those that they begin as, or that they are said to be like", async () => {
    const folder = await datasetOf(pairs, (pair, caption) =>
      ["clip-l14-best", "siglip", "mine"].map((metric) => ({ ...clipOf(pair, caption)[0]!, metric })),
    );
    const { metrics } = await auditOf(folder, {
      by: null,
      metrics: ["clip-l14-best", "siglip=clip", "mine"],
    });
    expect(metrics.map(({ metric, better }) => [metric, better])).toEqual([
      ["clip-l14-best", "higher"],
      ["siglip", "higher"],
      ["mine", null],
    ]);
    await expect(auditOf(folder, { metrics: ["none"] })).rejects.toThrow(ConfigurationError);
  });

  test("that were measured again count once, as they are now", async () => {
    const folder = join(await freshFolder(), "d");
    const dataset = await scoredDataset(folder, { pairs });
    const better = pairs.map((pair) => ({ ...pair, to: pair.to + 0.5 }));
    await dataset.write({ stage: "score", stage_version: 1, shelf: "clip" }, async ({ append }) => {
      for (const { figure_id, from, to } of better) {
        const score = { metric: "clip", scorer: "later" };
        const scores = [
          sampleScore(figure_id, { ...score, value: from }),
          sampleScore(figure_id, { ...score, value: to, caption: "new" }),
        ];
        await append({ key: `${figure_id} again`, scores, embeddings: [] });
      }
    });
    const { overall, scorer, other_scorers } = metricIn(await auditOf(folder, { by: null }), "clip");
    expect({ id: scorer!.id, other_scorers }).toEqual({ id: "later", other_scorers: [] });
    expect(overall!.figures).toBe(pairs.length);
    expect(overall!.estimates.change.value).toBeCloseTo(byLoops(better)["change"]!, 8);
  });
});

test("a condition and a category choose the figures and the groups", async () => {
  const truth = { mean: 0.25, sd: 0.05, gain: 0.1, varianceChange: 0 } as const;
  const pairs = [
    ...plantedPairs({ ...truth, discipline: "Physics" }, 6, 1),
    ...plantedPairs({ ...truth, discipline: "Biology" }, 6, 3),
  ];
  const folder = await datasetOf(pairs);
  const report = await auditOf(folder, {
    where: "discipline = 'Physics' -- only",
    by: { label: "kind", sql: "kind" },
  });
  const physics = pairs.filter(({ discipline }) => discipline === "Physics");
  expect(report.compared).toMatchObject({ figures: physics.length, papers: 6 });
  expect(metricIn(report, "clip").groups).toMatchObject([{ name: "latex", figures: physics.length }]);
  await expect(auditOf(folder, { where: "false" })).rejects.toThrow(
    'No figure has both captions "raw" and "new"',
  );
});

test("an audit that is cancelled stops", async () => {
  const folder = await datasetOf(
    plantedPairs({ discipline: "Physics", mean: 1, sd: 1, gain: 0, varianceChange: 0 }, 6, 1),
  );
  const controller = new AbortController();
  const plan = {
    dataset: "d",
    compare: ["raw", "new"],
    by: null,
    metrics: undefined,
    where: undefined,
  } as const;
  const cancelled = reading(folder, (reader) =>
    makeAudit(
      reader,
      { ...plan, seed: 1, resamples: 100, command: "" },
      {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("enough")),
      },
    ),
  );
  await expect(cancelled).rejects.toThrow("enough");
});

test("of very many pairs values are compared in steps far below their spread", () => {
  expect(rankStep(1_000_000, 0.05)).toBe(0);
  const step = rankStep(1_000_001, 0.05);
  expect(0.05 / step).toBeGreaterThanOrEqual(8_192);
  expect(0.05 / step).toBeLessThan(16_384);
  expect(rankStep(2_000_000, 0.05 * (1 + 1e-13))).toBe(step);
  expect(rankStep(2_000_000, 0)).toBe(0);
});

test("superiority in such steps is what it is exactly, to four digits", async () => {
  const truth = { discipline: "Physics", mean: 0.25, sd: 0.05, gain: 0.1, varianceChange: 0 } as const;
  const pairs = plantedPairs(truth, 40, 41);
  const folder = await datasetOf(pairs);
  const { signal } = new AbortController();
  const superiority = await reading(folder, async (reader) => {
    const tables = await AuditTables.make(
      reader,
      { where: undefined, compare: ["raw", "new"], by: null },
      signal,
    );
    const scorer = { scorer: "clip", scorer_version: 1 };
    const { centre } = await tables.bring({
      ...{ metric: "clip", compare: ["raw", "new"], ...scorer },
      ...{ value: (sql) => sql, several: () => false },
    });
    const [all] = await tables.pairs({ grouped: false, centre, step: rankStep(2_000_000, 0.05) });
    return estimatesOf(all!.sums, { better: "higher", comparable: true, resamples: 100 }).estimates
      .superiority.value;
  });
  expect(superiority).toBeCloseTo(byLoops(pairs)["superiority"]!, 4);
});
