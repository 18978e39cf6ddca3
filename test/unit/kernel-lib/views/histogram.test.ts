import { describe, expect, test } from "vitest";
import { buildHistogram, type HistogramOptions } from "../../../../kernel-lib/src/views/histogram.js";

const histogram = (values: (number | null)[], options: Partial<HistogramOptions> = {}) =>
  buildHistogram({ title: "t", metric: "m", axis: "m", series: [{ name: "raw", values }], ...options });
const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);

describe("a histogram", () => {
  test("gives mean, sample standard deviation, median and n", () => {
    const [series] = histogram([2, 4, 4, 4, 5, 5, 7, 9]).series;
    expect(series).toMatchObject({ n: 8, mean: 5, median: 4.5, missing: 0 });
    expect(series!.sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  test("counts every value once, in bins that all series share", () => {
    const low = Array.from({ length: 500 }, (_, i) => (i / 500) ** 2);
    const high = Array.from({ length: 300 }, (_, i) => 0.4 + i / 500);
    const view = histogram([], {
      series: [
        { name: "a", values: low },
        { name: "b", values: high },
      ],
    });
    expect(view.series.map(({ counts }) => total(counts))).toEqual([500, 300]);
    expect(view.series.every(({ counts }) => counts.length === view.edges.length - 1)).toBe(true);
    expect(view.edges.length).toBeGreaterThan(10);
    expect(view.edges.length).toBeLessThan(60);
    expect(view.edges).toEqual([...view.edges].sort((a, b) => a - b));
  });

  test("puts a value on an edge into the bin above, the greatest into the last", () => {
    const view = histogram([0, 0.1, 0.1, 1], { domain: [0, 1] });
    expect(view.edges.slice(0, 3)).toEqual([0, 0.1, 0.2]);
    expect(view.series[0]!.counts).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test("gives whole numbers bins of their own", () => {
    const { edges, series } = histogram([1, 2, 3, 3, 4, 5]);
    expect(edges).toEqual([1, 2, 3, 4, 5, 6]);
    expect(series[0]!.counts).toEqual([1, 1, 2, 1, 1]);
  });

  test("without a value has no bins, and nothing in place of its figures", () => {
    const view = histogram([null, null, Number.NaN]);
    expect(view.edges).toEqual([]);
    expect(view.series[0]).toEqual({
      name: "raw",
      n: 0,
      missing: 3,
      mean: null,
      sd: null,
      median: null,
      counts: [],
    });
  });

  test("of one value has one bin and no standard deviation", () => {
    const view = histogram([7]);
    expect(view.series[0]).toMatchObject({ n: 1, mean: 7, sd: null, median: 7, counts: [1] });
    expect(view.edges).toEqual([6.5, 7.5]);
  });

  test("of equal values has one bin, or the metric's whole range", () => {
    expect(histogram([0.5, 0.5, 0.5]).series[0]).toMatchObject({ counts: [3], sd: 0 });
    const view = histogram([1, 1, 1], { domain: [0, 1] });
    expect([view.edges[0], view.edges.at(-1)]).toEqual([0, 1]);
    expect(view.series[0]!.counts.at(-1)).toBe(3);
  });

  test("has bins of equal ratio on a logarithmic axis, and linear ones where a value is not above zero", () => {
    const values = Array.from({ length: 100 }, (_, i) => 10 ** (i / 25));
    const view = histogram(values, { scale: "log" });
    expect(view.scale).toBe("log");
    expect(total(view.series[0]!.counts)).toBe(100);
    const ratios = view.edges.slice(1).map((edge, i) => edge / view.edges[i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 6);
    expect(histogram([0, ...values], { scale: "log" }).scale).toBe("linear");
  });
});
