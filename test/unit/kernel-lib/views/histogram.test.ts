import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import * as Plot from "@observablehq/plot";
import { gridEdges, joinedCounts, joinedEdges, joinsOf } from "../../../../kernel-lib/src/views/bins.js";
import { firstChoice, formsOf, nextJoin, withGrids } from "../../../../kernel-lib/src/views/histogram.js";
import {
  binnedQuantile,
  cumulative,
  kernelDensity,
} from "../../../../kernel-lib/src/views/kernel-density.js";
import { plotCode, plotOptions } from "../../../../kernel-lib/src/views/plot-spec.js";
import { histogramSpec } from "../../../../kernel-lib/src/views/plot.js";
import type { DistributionForm, Grid, HistogramView } from "../../../../kernel-lib/src/views/protocol.js";
import { distributionOf } from "../../../support/frame-of-values.js";

const { document } = new JSDOM("").window;
const draw = (view: HistogramView, form: DistributionForm) =>
  Plot.plot({ ...plotOptions(histogramSpec(view, { ...firstChoice(view), form }), Plot), document });
const grid: Grid = { origin: 0, first: -3, step: 0.1, bins: 8, join: 1 };

describe("bins that are joined", () => {
  test("begin at multiples of their width, and lose no count", () => {
    const wide = { ...grid, join: 5 };
    expect(joinedEdges(wide, "linear")).toEqual([-0.5, 0, 0.5]);
    expect(joinedCounts([1, 1, 1, 2, 2, 2, 2, 2], wide)).toEqual([3, 10]);
    expect(gridEdges(grid, "linear")).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  test("can be fewer and more within reason", () => {
    const fine = { ...grid, bins: 400, join: 10 };
    expect(joinsOf(fine)).toEqual([2, 5, 10, 20, 50, 100]);
  });
});

describe("a density of binned values", () => {
  // numpy and scipy: u = (np.arange(1, 2001) - .5) / 2000; n = scipy.stats.norm
  // x = np.concatenate([n.ppf(u[::2]) * 0.6, n.ppf(u[1::2]) * 1.2 + 4])
  // h = .9 * min(x.std(ddof=1), (np.quantile(x, .75) - np.quantile(x, .25)) / 1.34) * len(x) ** -.2
  // [n.pdf((q - x) / h).mean() / h for q in (-1, 0, 2, 4, 6)]
  const quantile = (share: number) => {
    let [low, high] = [-10, 10];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (normal(middle) < share) low = middle;
      else high = middle;
    }
    return low;
  };
  /** Φ by its series at 0 (Marsaglia, Evaluating the normal distribution, 2004). */
  const normal = (x: number) => {
    let [sum, term] = [x, x];
    for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) sum += term *= x ** 2 / odd;
    return 0.5 + (sum * Math.exp(-(x ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  };
  const values = Array.from({ length: 2000 }, (_, i) => quantile((i + 0.5) / 2000)).map((q, i) =>
    i % 2 === 0 ? q * 0.6 : q * 1.2 + 4,
  );
  const fine: Grid = { origin: 0, first: -400, step: 0.02, bins: 1000, join: 1 };
  const counts = new Array<number>(1000).fill(0);
  for (const value of values) counts[Math.floor(value / 0.02) + 400]! += 1;

  test("agrees with the kernel estimate over the values themselves", () => {
    const { at, height, bandwidth } = kernelDensity(counts, fine)!;
    expect(bandwidth).toBeCloseTo(0.436025, 2);
    const known = [
      [-1, 0.108388],
      [0, 0.270029],
      [2, 0.0528036],
      [4, 0.156232],
      [6, 0.0458071],
    ] as const;
    for (const [x, y] of known) {
      const i = at.findLastIndex((place) => place <= x);
      const part = (x - at[i]!) / (at[i + 1]! - at[i]!);
      expect(Math.abs(height[i]! * (1 - part) + height[i + 1]! * part - y)).toBeLessThan(0.001);
    }
  });

  test("is one in all, also where it is reflected at the ends of what there can be", () => {
    const unit: Grid = { origin: 0, first: 0, step: 0.01, bins: 100, join: 1 };
    const skewed = Array.from({ length: 100 }, (_, i) => (i > 80 ? i : 0));
    const { height } = kernelDensity(skewed, unit, [0, 1])!;
    const area =
      height.reduce((sum, y, i) => sum + y * (i === 0 || i === height.length - 1 ? 0.5 : 1), 0) / 255;
    expect(area).toBeCloseTo(1, 2);
    const open = kernelDensity(skewed, unit)!.height;
    expect(height.at(-1)).toBeGreaterThan(1.5 * open.at(-1)!);
  });

  test("is none where all values are in one bin", () => {
    expect(kernelDensity([0, 5, 0], { ...grid, bins: 3 })).toBeNull();
    expect(kernelDensity([], { ...grid, bins: 0 })).toBeNull();
  });

  test("cumulative shares rise from 0 to 1, and quantiles lie within their bins", () => {
    expect(cumulative([1, 0, 3])).toEqual([0, 0.25, 0.25, 1]);
    expect(binnedQuantile([1, 0, 3], 0.25)).toBe(1);
    expect(binnedQuantile([2, 0, 2], 0.75)).toBe(2.5);
  });
});

describe("drawings", () => {
  const values = Array.from({ length: 60 }, (_, i) => 1 + ((i * 37) % 50) / 5);
  const other = values.map((value) => value + 2);

  test("have marks in every form, with and without panels, also of one value", async () => {
    const by = values.map((_, i) => (i % 3 === 0 ? "Physics" : "Astronomy"));
    const views = [
      await distributionOf({ series: { raw: values, new: other } }),
      await distributionOf({ series: { raw: values, new: other }, by }),
      await distributionOf({ series: { raw: values, new: other }, scale: "log" }),
    ];
    const marks = { histogram: "rect", density: "line", cdf: "line", box: "bar" };
    for (const view of views)
      for (const [form, mark] of Object.entries(marks) as [DistributionForm, string][]) {
        const svg = draw(view, form);
        expect(svg.querySelectorAll(`g[aria-label=${mark}] *`).length, form).toBeGreaterThan(1);
        expect(svg.outerHTML).not.toContain("NaN");
      }
    const single = await distributionOf({ series: { raw: [7] } });
    for (const form of formsOf(single)) expect(draw(single, form).outerHTML).not.toContain("NaN");
  });

  test("can be had as code that draws the same with Plot alone", async () => {
    const view = await distributionOf({ series: { "raw</script>": values, new: other } });
    for (const form of formsOf(view)) {
      const spec = histogramSpec(view, { ...firstChoice(view), form });
      const code = plotCode(spec, "Lengths\nof captions", "page");
      expect(code).not.toContain("</script>");
      expect(code).toContain('import * as Plot from "@observablehq/plot";');
      const page = new JSDOM("").window.document;
      const body = code.replace(/^import .*$/m, "").replace("Plot.plot({", "Plot.plot({ document,");
      // oxlint-disable-next-line typescript/no-implied-eval -- what a user would paste is run
      new Function("Plot", "document", body)(Plot, page);
      expect(page.body.innerHTML).toBe(Plot.plot({ ...plotOptions(spec, Plot), document }).outerHTML);
    }
  });

  test("go by shares where series have different lengths", async () => {
    const same = await distributionOf({ series: { raw: values, new: other } });
    const fewer = await distributionOf({ series: { raw: values, new: other.map((v, i) => (i ? v : null)) } });
    expect([firstChoice(same).shares, firstChoice(fewer).shares]).toEqual([false, true]);
  });

  test("choose wider and narrower bins until there are no others", async () => {
    const view = await distributionOf({ series: { raw: values } });
    let choice = firstChoice(view);
    for (let join; (join = nextJoin(view, choice, true)) !== null;) choice = { ...choice, join };
    expect(nextJoin(view, choice, true)).toBeNull();
    expect(nextJoin(view, choice, false)).toBeLessThan(choice.join);
  });

  test("of older outputs have the bins that these have", () => {
    const series = [{ name: "raw", n: 3, missing: 0, mean: 2, sd: 1, median: 2, counts: [1, 2] }];
    const old: HistogramView = {
      title: "t",
      metric: "m",
      axis: "m",
      scale: "log",
      edges: [1, 10, 100],
      series,
    };
    const view = withGrids(old);
    expect(gridEdges(view.grids!.log!, "log")).toEqual([1, 10, 100]);
    expect(formsOf(view)).toEqual(["histogram", "density", "cdf"]);
    expect(draw(view, "histogram").querySelectorAll("g[aria-label=rect] rect")).toHaveLength(2);
  });
});
