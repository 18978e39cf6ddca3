import { join } from "node:path";
import { expect, test } from "vitest";
import { support } from "../../../../kernel-lib/src/scores/support.js";
import { labelledCaptions } from "../../../support/support-claims/cases.js";
import { measureSupport, precision, recall, type Tally } from "../../../support/support-claims/measure.js";

const cases = labelledCaptions(join(import.meta.dirname, "../../../fixtures/support-claims"));
const measured = {
  tuned: await measureSupport(
    support(),
    cases.filter(({ half }) => half === "tuned"),
  ),
  "held-out": await measureSupport(
    support(),
    cases.filter(({ half }) => half === "held-out"),
  ),
};

test("there are enough labelled captions, claims and errors of every discipline", () => {
  expect(new Set(cases.map(({ discipline }) => discipline)).size).toBe(9);
  expect(cases.length).toBeGreaterThanOrEqual(60);
  const labels = cases.flatMap((one) => one.labels);
  expect(labels.length).toBeGreaterThanOrEqual(600);
  expect(labels.filter(({ error }) => error !== null).length).toBeGreaterThanOrEqual(120);
});

/** What was reached, rounded down to two digits: `npm run bench -- support` shows the figures themselves. */
const FLOORS = {
  tuned: { precision: 0.94, recall: 0.97, found: 0.99, place: 0.98 },
  "held-out": { precision: 0.79, recall: 0.94, found: 0.93, place: 0.98 },
} as const;

test.each(["tuned", "held-out"] as const)("%s: unsupported claims are found, and little else is", (half) => {
  const { all, differences } = measured[half];
  const explained = half === "tuned" ? differences.join("\n") : "";
  expect(precision(all), explained).toBeGreaterThanOrEqual(FLOORS[half].precision);
  expect(recall(all), explained).toBeGreaterThanOrEqual(FLOORS[half].recall);
  expect(all.found / all.labelled, explained).toBeGreaterThanOrEqual(FLOORS[half].found);
  expect(all.samePlace / all.placed, explained).toBeGreaterThanOrEqual(FLOORS[half].place);
});

/** In both halves together. */
const FLOORS_BY_KIND = {
  number: { precision: 0.94, recall: 0.95, found: 0.97 },
  name: { precision: 0.99, recall: 0.99, found: 0.9 },
  acronym: { precision: 0.83, recall: 0.99, found: 0.99 },
  formula: { precision: 0.88, recall: 0.99, found: 0.97 },
  symbol: { precision: 0.99, recall: 0.99, found: 0.92 },
} as const;

test.each(Object.keys(FLOORS_BY_KIND) as (keyof typeof FLOORS_BY_KIND)[])(
  "floors of the kind %s hold",
  (kind) => {
    const [one, other] = [measured.tuned.byKind.get(kind)!, measured["held-out"].byKind.get(kind)!];
    const both = Object.fromEntries(
      (Object.keys(one) as (keyof Tally)[]).map((key) => [key, one[key] + other[key]]),
    ) as unknown as Tally;
    expect(precision(both)).toBeGreaterThanOrEqual(FLOORS_BY_KIND[kind].precision);
    expect(recall(both)).toBeGreaterThanOrEqual(FLOORS_BY_KIND[kind].recall);
    expect(both.found / both.labelled).toBeGreaterThanOrEqual(FLOORS_BY_KIND[kind].found);
  },
);
