import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Shard } from "figloom/stages";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import { readPlan, writePlan } from "../../../../cluster/src/run/plan-file.js";
import { emptyRun, PHASE } from "./samples.js";

const shardsOf = (count: number, items: number): Shard[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ id: String(i + 1).padStart(8, "0"), items },
    range: i % 2 ? { first: `p${i}`, last: `p${i}é` } : { start: i, end: i + 9 },
  }));

test("a plan is there whole, or not at all", async () => {
  const phase = emptyRun().phase(PHASE);
  expect(await readPlan(phase)).toBeNull();
  async function* broken(): AsyncGenerator<Shard> {
    yield* shardsOf(2000, 5);
    await Promise.resolve();
    throw new Error("the dataset is gone");
  }
  await expect(writePlan(phase, broken())).rejects.toThrow("the dataset is gone");
  expect(await readPlan(phase)).toBeNull();
  expect(readdirSync(phase.path)).toEqual([]);
  const shards = [
    ...shardsOf(8000, 2000),
    { id: "00008001", items: 3, range: { first: "a", last: "b", limit: 3 } },
  ];
  await writePlan(phase, shards);
  expect(await readPlan(phase)).toEqual(shards);
});

test("of several who plan at the same time all go on with the same plan", async () => {
  const phase = emptyRun().phase(PHASE);
  await Promise.all([1, 2, 3, 4].map((items) => writePlan(phase, shardsOf(500, items))));
  const plan = (await readPlan(phase))!;
  expect(plan).toEqual(shardsOf(500, plan[0]!.items));
  await writePlan(phase, shardsOf(1, 9));
  expect(await readPlan(phase)).toEqual(plan);
  expect(readdirSync(phase.path)).toEqual(["plan.jsonl"]);
});

test("a phase without items has a plan without shards", async () => {
  const phase = emptyRun().phase(PHASE);
  await writePlan(phase, []);
  expect(await readPlan(phase)).toEqual([]);
});

test("a plan that is none says which line", async () => {
  const phase = emptyRun().phase(PHASE);
  mkdirSync(phase.path, { recursive: true });
  const right = JSON.stringify(shardsOf(1, 1)[0]);
  for (const wrong of [
    '{"id":"../../../x","items":1,"range":{"start":0,"end":1}}',
    '{"id":"00000002","items":-1,"range":{"start":0,"end":1}}',
    '{"id":"00000002","items":1,"range":{"start":0}}',
    '{"id":"00000002","items":1}',
    '{"id":"0000',
  ]) {
    writeFileSync(phase.plan, `${right}\n${wrong}`);
    const reading = readPlan(phase);
    await expect(reading).rejects.toThrow(ConfigurationError);
    await expect(reading).rejects.toThrow(/^Line 2 of .*plan.jsonl is no shard/);
  }
});
