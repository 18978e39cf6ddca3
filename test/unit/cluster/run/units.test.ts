import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { runRateOf } from "../../../../cluster/src/coordinator/run-rate.js";
import type { PhasePlan } from "../../../../cluster/src/run/plan.js";
import { unitsOf } from "../../../../cluster/src/run/units.js";
import type { RateUnit } from "../../../../kernel-lib/src/views/run.js";
import { worker } from "../coordinator/samples.js";

const spec = { stage: "recaption", ask: null, where: null, limit: null, retryFailed: false } as const;
const phase = (more: Partial<PhasePlan>): PhasePlan => ({
  ...{ id: "1-recaption", spec, shardSize: 10, workers: 4, resources: { cpus: 8 }, serving: null },
  ...more,
});
const SLURM = { engine: { name: "slurm", options: { nodes: 3 } } } as const;
const LOCAL = { engine: { name: "local", options: { slots: 2 } } } as const;
const OWN = { model: "m", script: "/serve.sh", gpusEach: 2, patience: 60 };
const basis = (unit: RateUnit) => ({ stage: "recaption", by: "context@m", unit });

test("a phase has units by its tasks at the same time, and by what one of them has", () => {
  const served = phase({ resources: { gpus: 8 }, serving: OWN });
  expect(unitsOf(served, SLURM, "server")).toEqual({ tasks: 3, units: 12, shared: false });
  expect(unitsOf(phase({}), SLURM, "processor")).toEqual({ tasks: 3, units: 24, shared: false });
  expect(unitsOf(phase({}), SLURM, "process")).toEqual({ tasks: 3, units: 3, shared: false });
  const one = phase({ workers: 1, resources: { cpus: 1 } });
  expect(unitsOf(one, LOCAL, "processor")).toEqual({ tasks: 1, units: 1, shared: false });
});

test("processors of one machine and servers that run already are shared by all tasks", () => {
  const many = phase({ resources: { cpus: availableParallelism() } });
  expect(unitsOf(many, LOCAL, "processor")).toEqual({
    ...{ tasks: 2, units: availableParallelism(), shared: true },
  });
  const serving = { endpoints: ["http://a:8000", "http://b:8000"] };
  expect(unitsOf(phase({ serving }), SLURM, "server")).toEqual({ tasks: 3, units: 2, shared: true });
  const clip = { kind: "clip", options: { endpoints: ["http://a:8000"] } };
  const scored = { ...spec, stage: "score", metric: "clip", scorer: clip, variant: null } as const;
  expect(unitsOf(phase({ spec: scored }), SLURM, "server")).toMatchObject({ units: 1, shared: true });
});

test("a rate goes by the time at work: servers that are starting are left out, and told", () => {
  const states = [
    worker("a", { started: 0, begun: 300_000, at: 400_000 }),
    worker("b", { started: 100_000, begun: 500_000, at: 550_000 }),
    worker("c", { started: 0, begun: null, at: 90_000 }),
    worker("d", { phase: "2-score", begun: 0, at: 9_000_000 }),
  ];
  const served = phase({ resources: { gpus: 8 }, serving: OWN });
  // Each has four servers.
  expect(runRateOf(SLURM, served, basis("server"), { states, seconds: 7 })).toEqual({
    ...{ ...basis("server"), unitSeconds: 4 * (100 + 50), startup: 350 },
  });
  const serving = { endpoints: ["http://a:8000", "http://b:8000"] };
  expect(runRateOf(SLURM, phase({ serving }), basis("server"), { states, seconds: 7 })).toEqual({
    ...{ ...basis("server"), unitSeconds: 14, startup: 0 },
  });
});
