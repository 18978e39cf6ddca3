import { expect, test } from "vitest";
import { mean, median, sd, summarise } from "../../../../kernel-lib/src/statistics/descriptive.js";

test("mean, standard deviation and median of known values", () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  expect(mean(values)).toBe(5);
  expect(sd(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(median(values)).toBe(4.5);
  expect(median([10, 9, 100])).toBe(10);
});

test("a large offset loses no digits of the deviation", () => {
  expect(sd([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
});

test("a summary leaves missing values out and counts the rest", () => {
  expect(summarise([1, null, 3])).toEqual({ n: 2, mean: 2, sd: Math.SQRT2, median: 2 });
});

test("no values give NaN", () => {
  expect(summarise([])).toEqual({ n: 0, mean: NaN, sd: NaN, median: NaN });
  expect(sd([1])).toBeNaN();
});
