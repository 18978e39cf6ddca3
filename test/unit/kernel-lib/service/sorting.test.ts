import { expect, test } from "vitest";
import { generator } from "../../../../kernel-lib/src/statistics/random.js";
import {
  keysOfCategories,
  keysOfNumbers,
  ranked,
  sorted,
} from "../../../../kernel-lib/src/service/sorting.js";

const VALUES = Float32Array.of(3, -1, NaN, 0.5, -Infinity, 3, 1e-30, Infinity, -2e20, NaN, 0);
const all = Int32Array.from(VALUES.keys());
const by = (positions: Int32Array<ArrayBuffer>, descending: boolean) => [
  ...sorted(positions, keysOfNumbers(VALUES, positions, descending)),
];

test("rows are sorted by their numbers, equal ones in their order, those without one last either way", () => {
  expect(by(all, false)).toEqual([4, 8, 1, 10, 6, 3, 0, 5, 7, 2, 9]);
  expect(by(all, true)).toEqual([7, 0, 5, 3, 6, 10, 1, 8, 4, 2, 9]);
  expect(by(Int32Array.of(9, 5, 0, 2), false)).toEqual([5, 0, 9, 2]);
});

test("the given positions stay as they are", () => {
  const positions = Int32Array.of(0, 1, 3, 5);
  by(positions, false);
  by(positions, true);
  expect([...positions]).toEqual([0, 1, 3, 5]);
});

test("rows are sorted by categories, those without a value last", () => {
  const of = Uint16Array.of(2, 0, 4000, 1, 2);
  const positions = Int32Array.from(of.keys());
  expect([...sorted(positions, keysOfCategories(of, positions, false))]).toEqual([3, 0, 4, 2, 1]);
  expect([...sorted(positions, keysOfCategories(of, positions, true))]).toEqual([2, 0, 4, 3, 1]);
});

test("many rows come in the order that a comparison gives", () => {
  const random = generator(3);
  const values = Float32Array.from({ length: 5000 }, () => (random() - 0.5) * 10 ** Math.floor(random() * 9));
  const positions = Int32Array.from(values.keys());
  const expected = [...positions].sort((a, b) => values[a]! - values[b]!);
  expect([...sorted(positions, keysOfNumbers(values, positions, false))]).toEqual(expected);
  const inOrder = [...values].sort((a, b) => a - b);
  const ranks = [0, 1, 2499, 2500, 4999];
  expect(ranked(values, ranks)).toEqual(ranks.map((rank) => inOrder[rank]));
});
