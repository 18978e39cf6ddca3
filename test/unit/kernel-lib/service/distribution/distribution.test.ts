import { describe, expect, test } from "vitest";
import { gridEdges, joinedEdges } from "../../../../../kernel-lib/src/views/bins.js";
import { distributionOf } from "../../../../support/frame-of-values.js";

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const of = (values: (number | null)[], plan: Partial<Parameters<typeof distributionOf>[0]> = {}) =>
  distributionOf({ ...plan, series: { raw: values } });

describe("the figures of a distribution", () => {
  test("are n, mean, sample standard deviation, median, quartiles and whiskers", async () => {
    // numpy: v = [2, 4, 4, 4, 5, 5, 7, 9, 30]; v.mean(), v.std(ddof=1), np.quantile(v, [.25, .5, .75])
    const [series] = (await of([2, 4, 4, 4, 5, 5, 7, 9, 30])).series;
    expect(series).toMatchObject({ n: 9, missing: 0, median: 5 });
    expect(series!.mean).toBeCloseTo(7.7777777778, 9);
    expect(series!.sd).toBeCloseTo(8.5699734215, 9);
    expect(series!.box).toEqual({ min: 2, q1: 4, q3: 7, max: 30, whiskers: [2, 9], outside: [0, 1] });
  });

  test("pass over what is no number", async () => {
    const [series] = (await of([1, null, Number.NaN, Number.POSITIVE_INFINITY, 3])).series;
    expect(series).toMatchObject({ n: 2, missing: 3, mean: 2, median: 2 });
  });

  test("are nothing where there is no value", async () => {
    const view = await of([null, null]);
    expect(view).toMatchObject({ edges: [], grids: null });
    expect(view.series[0]).toMatchObject({ n: 0, missing: 2, mean: null, sd: null, median: null, box: null });
  });

  test("of one value are that value, in a bin around it", async () => {
    const view = await of([7]);
    expect(view.edges).toEqual([6.5, 7.5]);
    expect(view.series[0]).toMatchObject({ n: 1, mean: 7, sd: null, median: 7, counts: [1] });
  });

  test("of two values lie between them", async () => {
    const [series] = (await of([1.5, 2.5])).series;
    expect(series).toMatchObject({ n: 2, mean: 2, median: 2 });
    expect(series!.sd).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

describe("the bins of a distribution", () => {
  test("hold every value once, and series share them", async () => {
    const low = Array.from({ length: 500 }, (_, i) => (i / 500) ** 2);
    const high = Array.from({ length: 500 }, (_, i) => (i < 300 ? 0.4 + i / 500 : null));
    const view = await distributionOf({ series: { a: low, b: high } });
    expect(view.series.map(({ counts }) => total(counts))).toEqual([500, 300]);
    expect(view.series.map(({ fine }) => total(fine!.linear!))).toEqual([500, 300]);
    expect(view.edges.length).toBeGreaterThan(10);
    expect(view.edges.length).toBeLessThan(60);
  });

  test("take a value on an edge into the bin above, though columns have single precision; the greatest into the last", async () => {
    const tenths = Array.from({ length: 11 }, (_, i) => i / 10);
    const view = await of(tenths, { domain: [0, 1] });
    const { linear } = view.grids!;
    const edges = gridEdges(linear!, "linear");
    const filled = view.series[0]!.fine!.linear!.flatMap((count, i) => (count > 0 ? [edges[i]] : []));
    expect(filled.slice(0, 10)).toEqual(tenths.slice(0, 10));
    expect(filled).toHaveLength(11);
    expect(view.series[0]!.fine!.linear!.at(-1)).toBe(1);
  });

  test("are one for each whole number where these are few", async () => {
    const view = await of([1, 2, 3, 3, 4, 5]);
    expect(view.edges).toEqual([1, 2, 3, 4, 5, 6]);
    expect(view.series[0]!.counts).toEqual([1, 1, 2, 1, 1]);
    expect(view.whole).toBe(true);
  });

  test("of equal values are one, or the whole range of the metric", async () => {
    expect((await of([0.5, 0.5, 0.5])).series[0]).toMatchObject({ counts: [3], sd: 0 });
    const view = await of([1, 1, 1], { domain: [0, 1] });
    expect([view.edges[0], view.edges.at(-1)]).toEqual([0, 1]);
    expect(view.series[0]!.counts.at(-1)).toBe(3);
  });

  test("have equal ratios on a logarithmic axis, which is chosen for positive values over two decades", async () => {
    const values = Array.from({ length: 101 }, (_, i) => 10 ** (i / 25));
    const view = await of(values);
    expect(view.scale).toBe("log");
    expect(total(view.series[0]!.counts)).toBe(101);
    const ratios = view.edges.slice(1).map((edge, i) => edge / view.edges[i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 6);
    expect((await of(values, { scale: "linear" })).scale).toBe("linear");
    expect((await of(values.slice(0, 40))).scale).toBe("linear");
    expect((await of(values.slice(0, 40), { scale: "log" })).scale).toBe("log");
  });

  test("are linear where a value is not above zero, whatever is asked", async () => {
    for (const first of [0, -3]) {
      const view = await of([first, 1, 10, 1000], { scale: "log" });
      expect(view.scale).toBe("linear");
      expect(view.grids).not.toHaveProperty("log");
      expect(total(view.series[0]!.counts)).toBe(4);
    }
  });

  test("begin below negative values", async () => {
    const view = await of([-2.5, -1, -0.5, 0.25]);
    expect(view.edges[0]).toBeLessThanOrEqual(-2.5);
    expect(total(view.series[0]!.counts)).toBe(4);
  });

  test("grow few however many values there are", async () => {
    const values = Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * 100);
    const view = await of(values);
    expect(JSON.stringify(view).length).toBeLessThan(6_000);
    expect(joinedEdges(view.grids!.linear!, "linear")).toEqual(view.edges);
  });
});

describe("intervals and shifts", () => {
  const papers = Array.from({ length: 60 }, (_, i) => `p${Math.floor(i / 3)}`);
  const raw = papers.map((_, i) => Math.floor(i / 3) / 20 + (i % 3) / 10);

  test("of the mean take papers as what varies, not figures", async () => {
    const interval = (await of(raw, { papers })).series[0]!.interval!;
    expect(interval).toMatchObject({ papers: 20, method: "bootstrap" });
    const alone = (await of(raw)).series[0]!.interval!;
    expect(alone.papers).toBe(60);
    expect(interval.high - interval.low).toBeGreaterThan(1.5 * (alone.high - alone.low));
  });

  test("come from the spread between papers where there are many", async () => {
    // numpy: v = np.float32((np.arange(3000) * 7919 % 1000) / 1000); p = np.arange(3000) // 2; k = 1500; m = v.mean()
    // s = np.array([v[p == i].sum() - 2 * m for i in range(k)]); t = scipy.stats.t.ppf(.975, k - 1)
    // t * np.sqrt(k / (k - 1) * (s ** 2).sum()) / 3000
    const values = Array.from({ length: 3000 }, (_, i) => ((i * 7919) % 1000) / 1000);
    const { interval, mean } = (await of(values, { papers: values.map((_, i) => `p${Math.floor(i / 2)}`) }))
      .series[0]!;
    expect(interval).toMatchObject({ papers: 1500, method: "normal" });
    expect(interval!.high - mean!).toBeCloseTo(0.012868415, 7);
    expect(mean! - interval!.low).toBeCloseTo(0.012868415, 7);
  });

  test("of a shift are over figures that have both values", async () => {
    const other = raw.map((value, i) => (i % 2 === 0 ? value + 0.5 : null));
    const view = await distributionOf({ series: { raw, new: other }, papers });
    expect(view.series[0]!.shift).toBeNull();
    const { shift } = view.series[1]!;
    expect(shift).toMatchObject({ from: "raw", n: 30 });
    expect(shift!.mean).toBeCloseTo(0.5, 6);
    expect(shift!.interval!.low).toBeCloseTo(0.5, 6);
  });

  test("of a shift are left out, with the reason, where values are not to be subtracted", async () => {
    const shifts = { from: "raw", against: () => "they rest on different evidence" };
    const view = await distributionOf({ series: { raw, new: raw }, shifts });
    expect(view.series[1]!.shift).toMatchObject({
      mean: null,
      interval: null,
      note: "they rest on different evidence",
    });
  });

  test("are none for few papers", async () => {
    expect((await of([1, 2, 3])).series[0]!.interval).toBeNull();
  });
});

describe("small multiples", () => {
  test("have a panel for each value, most figures first, figures without one among them", async () => {
    const by = ["Physics", "Astronomy", "Physics", null, "Physics", "Astronomy"];
    const view = await of([1, 2, 3, 4, 5, 60], { by });
    expect(view.panels!.list.map(({ name, series }) => [name, series[0]!.n, series[0]!.mean])).toEqual([
      ["Physics", 3, 3],
      ["Astronomy", 2, 31],
      [null, 1, 4],
    ]);
    expect(view.panels!.omitted).toBe(0);
    for (const { series } of view.panels!.list) expect(series[0]!.counts).toHaveLength(view.edges.length - 1);
  });

  test("are twelve at most, and say how many more there are", async () => {
    const values = Array.from({ length: 40 }, (_, i) => i);
    const view = await of(values, { by: values.map((i) => `it's ${i % 20}`) });
    expect(view.panels!.list).toHaveLength(12);
    expect(view.panels!.omitted).toBe(8);
    expect(view.panels!.list[0]!.series[0]!.n).toBe(2);
  });
});
