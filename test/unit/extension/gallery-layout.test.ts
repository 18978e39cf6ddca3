import { describe, expect, test } from "vitest";
import {
  between,
  HEADING,
  layOut,
  placeOf,
  rowAt,
  stepFrom,
  type LayoutOptions,
} from "../../../extension/src/gallery/layout.js";
import {
  lastTop,
  ranOut,
  runwayFor,
  scrolled,
  scrollFor,
  topAt,
} from "../../../extension/src/gallery/scroll.js";

const MILLION = 1_000_000;
const lay = (options: Partial<LayoutOptions> = {}) =>
  layOut({ width: 620, size: 200, text: 100, total: 8, groups: null, folded: new Set(), ...options });
const group = (name: string, from: number, count: number) => ({ name, title: null, from, count });
const GROUPS = [group("a", 0, 4), group("b", 4, 1), group("c", 5, 3)];

describe("the layout", () => {
  test("gives the tiles all of the width, in as many columns as fit", () => {
    const { columns, tile } = lay();
    expect(columns).toBe(3);
    expect(tile).toEqual({ width: 200, height: 250 });
    expect(lay({ width: 100 }).columns).toBe(1);
  });

  test("finds the row at each place, the last of a million too", () => {
    const layout = lay({ total: MILLION });
    for (const row of [0, 1, 511_999, MILLION - 1]) {
      const { x, y } = placeOf(layout, row);
      expect(rowAt(layout, y, x / layout.stride.x)).toBe(row);
    }
    expect(placeOf(layout, MILLION - 1).y + layout.stride.y).toBe(layout.height);
  });

  test("draws only what stands between two heights", () => {
    const layout = lay({ total: MILLION });
    const { y } = placeOf(layout, 600_000);
    expect(between(layout, y, y + 2 * layout.stride.y).rows).toEqual([[600_000, 600_006]]);
    expect(between(layout, layout.height - 1, layout.height + 500).rows).toEqual([[MILLION - 1, MILLION]]);
    expect(between(lay({ total: 0 }), 0, 500).rows).toEqual([]);
  });

  test("begins each group on a line of its own, under a heading", () => {
    const layout = lay({ groups: GROUPS });
    expect(placeOf(layout, 4)).toEqual({ x: 0, y: 2 * HEADING + 2 * layout.stride.y });
    const { rows, headings } = between(layout, 0, layout.height);
    expect(rows).toEqual([
      [0, 4],
      [4, 5],
      [5, 8],
    ]);
    expect(headings.map((section) => section.group?.name)).toEqual(["a", "b", "c"]);
  });

  test("leaves out what is folded, and keeps rows that belong to no group", () => {
    const layout = lay({ groups: GROUPS.slice(0, 2), folded: new Set([0]) });
    expect(between(layout, 0, layout.height).rows).toEqual([
      [4, 5],
      [5, 8],
    ]);
    expect(layout.height).toBe(2 * HEADING + 2 * layout.stride.y);
  });
});

describe("steps", () => {
  const step = (row: number, key: string, options: Partial<LayoutOptions> = {}) =>
    stepFrom(lay(options), row, key, 600);

  test("up and down go by a line and stop at the edges", () => {
    expect(step(1, "ArrowDown")).toBe(4);
    expect(step(4, "ArrowUp")).toBe(1);
    expect(step(1, "ArrowUp")).toBe(1);
    expect(step(5, "ArrowDown")).toBe(7);
    expect(step(6, "ArrowDown")).toBe(6);
    expect(step(0, "x")).toBeNull();
  });

  test("go over from group to group in the same column, and past folded ones", () => {
    expect(step(3, "ArrowDown", { groups: GROUPS })).toBe(4);
    expect(step(4, "ArrowUp", { groups: GROUPS })).toBe(3);
    expect(step(3, "ArrowRight", { groups: GROUPS, folded: new Set([4]) })).toBe(5);
    expect(step(5, "ArrowLeft", { groups: GROUPS, folded: new Set([4]) })).toBe(3);
    expect(step(5, "Home", { groups: GROUPS, folded: new Set([0]) })).toBe(4);
  });

  test("go by a screen and to both ends of a million", () => {
    const total = MILLION;
    expect(step(0, "PageDown", { total })).toBeGreaterThan(0);
    expect(step(step(MILLION / 2, "PageDown", { total })!, "PageUp", { total })).toBe(MILLION / 2);
    expect(step(5, "End", { total })).toBe(MILLION - 1);
    expect(step(MILLION - 1, "PageDown", { total })).toBe(MILLION - 1);
    expect(step(MILLION - 1, "Home", { total })).toBe(0);
  });
});

describe("scrolling", () => {
  const CONTENT = 50_000_000;
  const long = runwayFor(CONTENT, 600);

  test("is as it is where a browser can lay out all of it", () => {
    const runway = runwayFor(10_000, 600);
    expect(runway.runway).toBe(10_000);
    expect(topAt(runway, 4321)).toBe(4321);
    expect(scrollFor(runway, 4321)).toBe(4321);
  });

  test("reaches both ends of what no browser can lay out, and every place between", () => {
    expect(long.runway).toBeLessThan(5_000_000);
    expect(topAt(long, 0)).toBe(0);
    expect(topAt(long, long.runway - 600)).toBe(lastTop(long));
    for (const top of [0, 777, 123_456, 24_999_999, lastTop(long) - 5, lastTop(long)])
      expect(topAt(long, scrollFor(long, top))).toBeCloseTo(top, 3);
  });

  test("moves by single pixels with the wheel, by much with the scroll bar", () => {
    const before = { top: 25_000_000, scroll: scrollFor(long, 25_000_000) };
    expect(scrolled(long, before, before.scroll + 120)).toMatchObject({ top: 25_000_120, jumped: false });
    const far = scrolled(long, before, before.scroll + 500_000);
    expect(far.jumped).toBe(true);
    expect(far.top).toBeCloseTo(topAt(long, before.scroll + 500_000));
  });

  test("tells when the runway ends before the content does", () => {
    expect(ranOut(long, { top: 5_000, scroll: 0 })).toBe(true);
    expect(ranOut(long, { top: 0, scroll: 0 })).toBe(false);
    expect(ranOut(long, { top: 1_000_000, scroll: long.runway - 600 })).toBe(true);
    expect(ranOut(long, { top: lastTop(long), scroll: long.runway - 600 })).toBe(false);
  });
});
