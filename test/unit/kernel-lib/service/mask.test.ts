import { expect, test } from "vitest";
import {
  bitOf,
  commonRows,
  countNumbers,
  countRows,
  everyRow,
  positionsAmong,
  positionsIn,
  rowsAt,
  rowsBetween,
  rowsWhere,
} from "../../../../kernel-lib/src/service/mask.js";
import { generator } from "../../../../kernel-lib/src/statistics/random.js";

const SIZES = [0, 1, 31, 32, 33, 1000];
const random = generator(5);
const valuesOf = (size: number) =>
  Float32Array.from({ length: size }, () => (random() < 0.1 ? NaN : random()));

test("rows between two ends are those whose value is, both ends counted, in single precision", () => {
  for (const size of SIZES) {
    const values = valuesOf(size);
    const expected = [...values.keys()].filter((i) => values[i]! >= Math.fround(0.2) && values[i]! <= 0.5);
    expect([...positionsIn(rowsBetween(values, 0.2, 0.5))]).toEqual(expected);
  }
  expect([...positionsIn(rowsBetween(Float32Array.of(0.1, 0.3, NaN, 0.7, 0.8), 0.3, 0.7))]).toEqual([1, 3]);
});

test("rows are counted, and none is there beyond the last", () => {
  for (const size of SIZES) {
    expect(countRows(everyRow(size))).toBe(size);
    expect([...positionsIn(everyRow(size))]).toEqual(Array.from({ length: size }, (_, i) => i));
    expect(countRows(rowsBetween(new Float32Array(size), -1, 1))).toBe(size);
  }
});

test("common rows are those of all, and of none every row", () => {
  const [even, third] = [2, 3].map((step) =>
    rowsWhere(
      Uint8Array.from({ length: 100 }, (_, i) => Number(i % step === 0)),
      Uint8Array.of(0, 1),
    ),
  );
  const sixths = Array.from({ length: 17 }, (_, i) => 6 * i);
  expect([...positionsIn(commonRows(100, [even!, third!, everyRow(100)]))]).toEqual(sixths);
  expect(countRows(even!)).toBe(50);
  expect(countRows(commonRows(100, []))).toBe(100);
});

test("rows given by their positions are these, in whatever pieces and order they come", async () => {
  async function* pieces(): AsyncGenerator<[number[]]> {
    yield [[63, 5]];
    yield [[31, 32]];
  }
  const rows = await rowsAt(64, pieces());
  expect([...positionsIn(rows)]).toEqual([5, 31, 32, 63]);
  expect([5, 6, 31, 63].map((position) => bitOf(rows, position))).toEqual([1, 0, 1, 1]);
  expect([...positionsAmong(Int32Array.of(63, 62, 5, 0), rows)]).toEqual([63, 5]);
});

test("numbers are counted among the rows", () => {
  const numbers = Uint8Array.from({ length: 70 }, (_, i) => i % 3);
  const rows = rowsBetween(
    Float32Array.from({ length: 70 }, (_, i) => i),
    30,
    69,
  );
  expect([...countNumbers(numbers, rows, 4)]).toEqual([14, 13, 13, 0]);
});
