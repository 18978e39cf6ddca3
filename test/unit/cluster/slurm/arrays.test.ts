import { expect, test } from "vitest";
import { arraysOf, arrayTasks, indexList } from "../../../../cluster/src/slurm/arrays.js";

test("tasks go into as few arrays as their size allows, each task always at the same index", () => {
  expect(arraysOf([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([
    { first: 0, indices: [0, 1, 2] },
    { first: 3, indices: [0, 1, 2] },
    { first: 6, indices: [0] },
  ]);
  expect(arraysOf([7, 4, 5], 3)).toEqual([
    { first: 3, indices: [1, 2] },
    { first: 6, indices: [1] },
  ]);
});

test("indices are written as ranges", () => {
  expect(indexList([0, 1, 2, 3, 7, 9, 10])).toBe("0-3,7,9-10");
  expect(arrayTasks("12", [4])).toBe("12_[4]");
});
