import { expect, test } from "vitest";
import { overspent, spendingOf } from "../../../../cluster/src/coordinator/spending.js";
import type { PhasePlan } from "../../../../cluster/src/run/plan.js";
import { worker } from "./samples.js";

const HOUR = 3_600_000;
const spec = { stage: "recaption", ask: null, where: null, limit: null, retryFailed: false } as const;
const phase = (more: Partial<PhasePlan>): PhasePlan => ({
  ...{ id: "1-recaption", spec, shardSize: 10, workers: 2, resources: {}, serving: null },
  ...more,
});
const usage = (prompt_tokens: number, completion_tokens: number) => ({
  prompt_tokens,
  completion_tokens,
  cost: null,
});

test("GPUs count for as long as their workers live, those that died among them", () => {
  const states = [
    worker("a", { at: 2 * HOUR, usage: usage(1_000_000, 200_000) }),
    worker("dead", { started: HOUR, at: 1.5 * HOUR, usage: usage(500_000, 0) }),
    worker("scorer", { phase: "2-score", at: 9 * HOUR }),
  ];
  const phases = [phase({ resources: { gpus: 8 } }), phase({ id: "2-score" })];
  const prices = { gpuHour: 2, millionPromptTokens: 1, millionAnswerTokens: 10 };
  const seconds = new Map([
    ["1-recaption", 7200],
    ["2-score", 1800],
  ]);
  expect(spendingOf({ phases, prices }, states, seconds)).toEqual({
    ...{ prompt_tokens: 1_500_000, completion_tokens: 200_000, hours: 2.5, gpuHours: 20 },
    cost: 40 + 1.5 + 2,
  });
});

test("servers that were there before count while the phase that asks them goes on", () => {
  const serving = { endpoints: ["http://a:8000", "http://b:8000"] };
  const seconds = new Map([["1-recaption", 1800]]);
  const spend = (prices: object) => spendingOf({ phases: [phase({ serving })], prices }, [], seconds);
  expect(spend({})).toMatchObject({ gpuHours: 1, cost: null });
  expect(spend({ gpus: 8, gpuHour: 3 })).toMatchObject({ gpuHours: 4, cost: 12 });
});

test("a run has overspent when any of its limits is reached", () => {
  const spent = { prompt_tokens: 900, completion_tokens: 100, hours: 2, gpuHours: 1, cost: 5 };
  expect(overspent({}, spent)).toBeNull();
  expect(overspent({ tokens: 1001, hours: 3, cost: 6 }, spent)).toBeNull();
  expect(overspent({ tokens: 1000 }, spent)).toBe("the token budget of 1,000 is spent");
  expect(overspent({ hours: 2 }, spent)).toBe("the budget of 2 h is spent");
  expect(overspent({ cost: 5 }, spent)).toBe("the budget of 5 is spent at the prices given");
  expect(overspent({ cost: 5 }, { ...spent, cost: null })).toBeNull();
});
