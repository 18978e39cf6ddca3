import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PAGE, Pages } from "../../../extension/src/gallery/pages.js";
import type { Tile } from "../../../kernel-lib/src/views/dataset-service.js";

const TOTAL = 100_000;
/** Figure n stands in row n. */
const tile = (row: number) => ({ figure_id: `figure-${row}`, verdict: null, tags: [] as string[] }) as Tile;

interface Question {
  from: number;
  count: number;
  signal: AbortSignal;
  answer(): Promise<void>;
  fail(): Promise<void>;
}

let questions: Question[];
let arrived: number;
let failures: unknown[];
let pages: Pages;

beforeEach(() => {
  vi.useFakeTimers();
  [questions, arrived, failures] = [[], 0, []];
  pages = new Pages({
    fetch: (from, count, signal) =>
      new Promise((resolve, reject) => {
        const rows = Array.from({ length: Math.max(0, Math.min(count, TOTAL - from)) }, (_, i) => from + i);
        const settled = () => vi.advanceTimersByTimeAsync(0).then(() => undefined);
        questions.push({
          from,
          count,
          signal,
          answer: () => (resolve(rows.map(tile)), settled()),
          fail: () => (reject(new Error("no answer")), settled()),
        });
      }),
    arrived: () => arrived++,
    failed: (error) => failures.push(error),
  });
});
afterEach(() => {
  pages.close();
  vi.useRealTimers();
});

const asked = () => questions.map(({ from, count }) => [from, from + count]);

test("rows in sight are asked for in one question, and little beside them", () => {
  pages.want([[50_000, 50_020]], [[49_980, 50_040]]);
  expect(asked()).toHaveLength(1);
  const [from, to] = asked()[0]!;
  expect(from).toBeLessThanOrEqual(50_000);
  expect(from).toBeGreaterThan(50_000 - PAGE);
  expect(to).toBeGreaterThanOrEqual(50_020);
  expect(to).toBeLessThan(50_020 + PAGE);
});

test("rows near them are fetched once those in sight are here", async () => {
  const look = () => pages.want([[600, 612]], [[570, 660]]);
  look();
  await vi.runAllTimersAsync();
  expect(questions).toHaveLength(1);
  await questions[0]!.answer();
  expect(arrived).toBe(1);
  expect(pages.get(611)?.figure_id).toBe("figure-611");
  look();
  await vi.runAllTimersAsync();
  const near = asked().slice(1);
  expect(near.some(([from, to]) => from! <= 570 && to === 600)).toBe(true);
  expect(near.some(([from, to]) => from === 612 && to! >= 660)).toBe(true);
});

test("what is not looked at any more is withdrawn, what partly is goes on", () => {
  pages.want([[0, 30]], []);
  pages.want([[24, 54]], []);
  expect(questions[0]!.signal.aborted).toBe(false);
  expect(asked()[1]![0]).toBe(30);
  pages.want([[9_000, 9_020]], []);
  expect(questions.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
});

test("rows asked for meanwhile are not asked for again", () => {
  pages.want([[0, 20]], []);
  pages.want([[2, 20]], []);
  expect(questions).toHaveLength(1);
});

test("the same rows under two headings are asked for once", () => {
  pages.want(
    [
      [0, 1],
      [1, 2],
    ],
    [],
  );
  expect(asked()).toEqual([[0, PAGE]]);
});

test("rows that cannot be had are said once and not asked for again", async () => {
  pages.want([[0, 5]], []);
  await questions[0]!.fail();
  expect(failures).toHaveLength(1);
  pages.want([[0, 5]], []);
  expect(questions).toHaveLength(1);
});

test("the last rows may be fewer than a page", async () => {
  pages.want([[TOTAL - 3, TOTAL]], []);
  await questions[0]!.answer();
  expect(pages.get(TOTAL - 1)?.figure_id).toBe(`figure-${TOTAL - 1}`);
  pages.want([[TOTAL - 3, TOTAL]], []);
  expect(questions).toHaveLength(1);
});

test("of a long journey only the last few thousand rows are kept", async () => {
  for (let row = 0; row < 20_000; row += 120) {
    pages.want([[row, row + 120]], []);
    await questions.at(-1)!.answer();
  }
  const kept = Array.from({ length: 20_000 }, (_, row) => row).filter((row) => pages.get(row) !== null);
  expect(kept.length).toBeLessThan(5_000);
  expect(pages.get(19_999)).not.toBeNull();
  expect(pages.get(0)).toBeNull();
});

test("what a person said about figures is taken over by the rows that are here", async () => {
  pages.want([[0, 5]], []);
  await questions[0]!.answer();
  pages.patch([{ figure_id: "figure-2", verdict: "accepted", tags: ["good"] }]);
  expect(pages.get(2)).toMatchObject({ verdict: "accepted", tags: ["good"] });
  expect(pages.get(1)).toMatchObject({ verdict: null });
});

test("at rest only what was looked at last is kept", async () => {
  for (const from of [0, 600]) {
    pages.want([[from, from + 12]], []);
    await questions.at(-1)!.answer();
  }
  pages.want([[600, 612]], [[576, 636]]);
  pages.rest();
  await vi.runAllTimersAsync();
  expect(questions).toHaveLength(2);
  expect([pages.get(0), pages.get(605)?.figure_id]).toEqual([null, "figure-605"]);
});
