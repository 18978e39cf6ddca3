import { expect, test } from "vitest";
import { isCollectionDue } from "../../../../cluster/src/coordinator/collect.js";
import { Pace } from "../../../../cluster/src/coordinator/pace.js";
import { Rates } from "../../../../cluster/src/coordinator/rates.js";
import type { Done } from "../../../../cluster/src/run/commit.js";
import { COUNTS } from "../run/samples.js";
import { worker } from "./samples.js";

test("the longer a run goes on the more rarely it is told of, within bounds", () => {
  const bounds = { leastMs: 100, mostMs: 1000, share: 1 / 10 };
  const told = (age: number) => {
    const pace = new Pace(bounds);
    return Array.from({ length: 30 }, (_, i) => pace.isDue(age, i * 100)).filter(Boolean).length;
  };
  expect(told(0)).toBe(30);
  expect(told(5000)).toBe(6);
  expect(told(1_000_000)).toBe(3);
});

test("a worker's rate is what it made lately, by its own clock", () => {
  const rates = new Rates();
  const see = (at: number, done: number) =>
    rates.see([worker("a", { at, done, failed: 2, failedBefore: 2 })]);
  expect(rates.of("a")).toBe(0);
  see(0, 100);
  expect(rates.of("a")).toBe(0);
  see(5000, 150);
  expect(rates.of("a")).toBeCloseTo(10);
  see(5000, 150);
  expect(rates.of("a")).toBeCloseTo(10);
  for (let at = 10_000; at <= 600_000; at += 5000) see(at, 150);
  expect(rates.of("a")).toBeLessThan(0.01);
});

test("results are collected when there are many, when they are large, or when one has waited for long", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const now = Date.parse(at);
  const waiting = (count: number, bytes = 10): Done[] =>
    Array.from({ length: count }, (_, i) => ({
      ...{
        shard: String(i).padStart(8, "0"),
        attempt: 1,
        worker: "w",
        deaths: 0,
        at,
        settled: null,
        counts: COUNTS,
      },
      results: { name: "r", lines: 1, bytes },
    }));
  expect(isCollectionDue([], 0, now)).toBe(false);
  expect(isCollectionDue(waiting(199), 0, now + 59_000)).toBe(false);
  expect(isCollectionDue(waiting(200), 0, now)).toBe(true);
  expect(isCollectionDue(waiting(2, 200 * 2 ** 20), 0, now)).toBe(true);
  expect(isCollectionDue(waiting(1), 0, now + 60_000)).toBe(true);
  const hour = 3_600_000;
  expect(isCollectionDue(waiting(1), 10 * hour, now + 11 * 60_000)).toBe(false);
  expect(isCollectionDue(waiting(1), 10 * hour, now + 12 * 60_000)).toBe(true);
  expect(isCollectionDue(waiting(1), 100 * hour, now + 30 * 60_000)).toBe(true);
});
