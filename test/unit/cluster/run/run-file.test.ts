import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import type { RunFolder } from "../../../../cluster/src/run/places.js";
import { DEFAULT_LIMITS, type RunPlan } from "../../../../cluster/src/run/plan.js";
import { readRunPlan, writeRunPlan } from "../../../../cluster/src/run/run-file.js";
import { SUPPORT } from "../../../support/runs/specs.js";
import { emptyRun } from "./samples.js";

const PLAN: RunPlan = {
  run: "20261121T143355Z-recaption-3f2a9c",
  dataset: "/data/set",
  title: "recaption with context",
  figloom_version: "0.1.0",
  created: "2026-11-21T14:33:55.000Z",
  engine: { name: "slurm", options: { partition: "gpu" } },
  program: ["/usr/bin/node", "/opt/worker.cjs"],
  phases: [
    {
      id: "1-recaption",
      spec: {
        ...{ stage: "recaption", where: "discipline = 'Astronomy'", limit: null, retryFailed: false },
        ask: { prompt: "/data/set/work/x/prompt/a.md", model: "org/model" },
      },
      ...{ shardSize: 2000, workers: 4, resources: { gpus: 8, minutes: 600, partition: "gpu" } },
      serving: { model: "org/model", script: "/opt/serve.sh", gpusEach: 1, patience: 1800 },
    },
    {
      id: "2-score",
      spec: { ...SUPPORT, limit: 5 },
      ...{ shardSize: 2000, workers: 1, resources: {}, serving: null },
    },
    {
      id: "3-ocr",
      spec: {
        ...{ stage: "ocr", reader: { kind: "vllm", model: "org/model" }, id: "org/model@vllm" },
        ...{ where: null, limit: 3, retryFailed: true },
      },
      ...{ shardSize: null, workers: 1, resources: {}, serving: { endpoints: ["http://a:1"] } },
    },
  ],
  budget: { tokens: 1e9 },
  prices: { gpuHour: 2.5 },
  inherit: ["FIGLOOM_API_KEY"],
  limits: DEFAULT_LIMITS,
};

const stored = (run: RunFolder, plan: unknown): RunFolder => {
  mkdirSync(run.path, { recursive: true });
  writeFileSync(run.plan, typeof plan === "string" ? plan : JSON.stringify(plan));
  return run;
};

/** The plan with one of its parts changed. */
function changed(change: (plan: RunPlan) => void): RunPlan {
  const plan = structuredClone(PLAN);
  change(plan);
  return plan;
}

test("a run's plan is read as it was written, and written once", async () => {
  const run = emptyRun();
  await expect(readRunPlan(run)).rejects.toThrow(/There is no run in/);
  await writeRunPlan(run, PLAN);
  expect(await readRunPlan(run)).toEqual(PLAN);
  await expect(writeRunPlan(run, { ...PLAN, title: "another" })).rejects.toThrow(/another run/);
  expect(await readRunPlan(stored(emptyRun(), { ...PLAN, later: "version" }))).toEqual(PLAN);
});

test("a stranger's plan that is not right is refused, with the part that is not", async () => {
  const wrong: [unknown, string][] = [
    ["{", "it is no object"],
    ["[]", "it is no object"],
    [{ ...PLAN, run: "../../etc" }, "run is no name of a run"],
    [{ ...PLAN, dataset: "data" }, "dataset is no absolute path"],
    [{ ...PLAN, dataset: undefined }, "dataset is missing"],
    [{ ...PLAN, phases: [] }, "phases has 0 entries"],
    [{ ...PLAN, engine: { name: "evil", options: {} } }, "engine.name is none of local, slurm"],
    [{ ...PLAN, inherit: ["A=B"] }, "inherit[0] is no name of a variable"],
    [{ ...PLAN, program: "rm -rf" }, "program is no list"],
    [changed((plan) => (plan.phases[0]!.id = "../x")), "phases[0].id is no name of a folder"],
    [changed((plan) => (plan.phases[0]!.workers = 0)), "phases[0].workers is no whole number from 1 on"],
    [changed((plan) => (plan.phases[1]!.spec.stage = "evil" as "score")), "phases[1].spec.stage is none of"],
    [
      changed((plan) => Object.assign(plan.phases[2]!.spec, { reader: { kind: "evil" } })),
      'phases[2].spec.reader is no reader: There is no reader of text on pictures "evil"',
    ],
    [changed((plan) => (plan.limits.staleSeconds = -1)), "limits.staleSeconds is no number from 0 on"],
    [
      changed((plan) => (plan.phases[0]!.serving = { endpoints: [] })),
      "phases[0].serving.endpoints has 0 entries",
    ],
    [
      changed((plan) => (plan.phases[0]!.resources.minutes = NaN)),
      "phases[0].resources.minutes is no number",
    ],
  ];
  for (const [plan, message] of wrong) {
    const run = stored(emptyRun(), plan);
    const reading = readRunPlan(run);
    await expect(reading).rejects.toThrow(ConfigurationError);
    await expect(reading).rejects.toThrow(`${run.plan} cannot be used: ${message}`);
  }
});
