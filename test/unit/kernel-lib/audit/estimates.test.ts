import { describe, expect, test } from "vitest";
import { estimatesOf, type EstimateName } from "../../../../kernel-lib/src/audit/estimates.js";
import { plantedPairs, type Truth } from "../../../support/synthetic/scored.js";
import { byLoops, sumsByLoops, type LoopPair } from "./loops.js";

const HIGHER = { better: "higher", comparable: true, resamples: 200 } as const;

const TRUTH: Truth = { discipline: "Physics", mean: 0.25, sd: 0.05, gain: 0.18, varianceChange: -0.28 };

/** The share of normal values (of mean and sd) above another's: Φ of the difference of means over its sd, by Simpson's rule. */
function normalAbove(mean: number, sd: number): number {
  const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const [end, steps] = [mean / sd, 2_000];
  let sum = 0;
  for (let i = 0; i <= steps; i++)
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density((end * i) / steps);
  return 0.5 + ((end / steps) * sum) / 3;
}

describe("the statistics of pairs", () => {
  const pairs: LoopPair[] = plantedPairs(TRUTH, 25, 4).map((pair, i) => ({
    ...pair,
    // Some figures that do not change, and values that are the same.
    from: Math.round(pair.from * 100) / 100,
    to: i % 7 === 0 ? Math.round(pair.from * 100) / 100 : Math.round(pair.to * 100) / 100,
  }));

  test.each([0, 0.25, -1000])(
    "are what plain loops give, from whatever centre values are counted (%d)",
    (centre) => {
      const { estimates } = estimatesOf(sumsByLoops(pairs, centre), HIGHER);
      for (const [name, value] of Object.entries(byLoops(pairs)))
        expect(estimates[name as EstimateName].value, name).toBeCloseTo(value, 6);
    },
  );

  test("turn round where lower is better", () => {
    const [higher, lower] = (["higher", "lower"] as const).map(
      (better) => estimatesOf(sumsByLoops(pairs), { ...HIGHER, better }).estimates,
    );
    const { improved, unchanged, superiority } = higher!;
    expect(lower!.improved.value).toBeCloseTo(1 - improved.value! - unchanged.value!, 12);
    expect(lower!.superiority.value).toBeCloseTo(1 - superiority.value!, 12);
    expect(lower!.change).toEqual(higher!.change);
  });

  test("say of a probability nothing beyond 0 and 1", () => {
    // All new captions but one paper's lie above all old ones.
    const apart = pairs.map((pair, i) => ({ ...pair, to: i < 4 ? pair.to : pair.to + 10 }));
    for (const better of ["higher", "lower"] as const) {
      const { value, interval } = estimatesOf(sumsByLoops(apart), { ...HIGHER, better }).estimates
        .superiority;
      expect(Math.abs(value! - 0.5)).toBeGreaterThan(0.4);
      expect(Math.min(...interval!)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...interval!)).toBeLessThanOrEqual(1);
      expect(Math.abs(interval![better === "higher" ? 1 : 0] - value!)).toBeGreaterThan(0);
    }
  });

  test("on a logarithmic scale the gain is that of geometric means", () => {
    const { estimates } = estimatesOf(sumsByLoops(pairs), { ...HIGHER, scale: "log10" });
    const geometric = (side: "from" | "to") =>
      Math.exp(pairs.reduce((sum, pair) => sum + Math.log(10 ** pair[side]), 0) / pairs.length);
    expect(estimates.gain.value).toBeCloseTo(geometric("to") / geometric("from") - 1, 9);
    expect(estimates.cv_from.value).toBeNull();
  });

  test("are left out where they mean nothing", () => {
    const about = (change: (pair: LoopPair) => Partial<LoopPair>, options = {}) =>
      estimatesOf(sumsByLoops(pairs.map((pair) => ({ ...pair, ...change(pair) }))), { ...HIGHER, ...options })
        .estimates;
    // A mean that may be zero divides nothing.
    const around = about(({ from, to }) => ({ from: from - 0.25, to: to - 0.25 }));
    expect([around.gain.value, around.cv_from.value]).toEqual([null, null]);
    expect(around.change.value).not.toBeNull();
    // The same value everywhere has no variance, and the same change no effect.
    const constant = about(() => ({ from: 0.1, to: 0.3 }));
    expect(constant.sd_from.value).toBe(0);
    expect([constant.variance_change.value, constant.effect.value]).toEqual([null, null]);
    expect(constant.gain.value).toBeCloseTo(2, 12);
    // Values that rest on different evidence are described, not compared.
    const apart = about(() => ({}), { comparable: false });
    expect(apart.mean_to.value).not.toBeNull();
    expect([apart.change.value, apart.improved.value]).toEqual([null, null]);
  });

  test("have no interval with too few papers, and say so", () => {
    const { estimates, note } = estimatesOf(sumsByLoops(pairs.slice(0, 3)), HIGHER);
    expect(estimates.change).toMatchObject({ interval: null });
    expect(note).toContain("too few papers for an interval");
  });
});

test("intervals hold the truth 95 ± 2 % of the time, in 1,000 repeats", () => {
  const { mean, sd, gain, varianceChange } = TRUTH;
  const sdTo = sd * Math.sqrt(1 + varianceChange);
  const spread = Math.hypot(sd, sdTo);
  const truth: Record<EstimateName, number> = {
    mean_from: mean,
    mean_to: mean * (1 + gain),
    sd_from: sd,
    sd_to: sdTo,
    cv_from: sd / mean,
    cv_to: sdTo / (mean * (1 + gain)),
    change: mean * gain,
    gain,
    variance_change: varianceChange,
    effect: (mean * gain) / spread,
    improved: normalAbove(mean * gain, spread),
    unchanged: 0,
    superiority: normalAbove(mean * gain, spread),
  };
  const held = Object.fromEntries(Object.keys(truth).map((name) => [name, 0])) as typeof truth;
  for (let repeat = 0; repeat < 1_000; repeat++) {
    const pairs = plantedPairs(TRUTH, 300, 100_000 + 7 * repeat, 4);
    const options = { better: "higher", comparable: true, seed: repeat, resamples: 300 } as const;
    const { estimates } = estimatesOf(sumsByLoops(pairs, 0.25), options);
    for (const name of Object.keys(truth) as EstimateName[]) {
      const [low, high] = estimates[name].interval!;
      if (low <= truth[name] && truth[name] <= high) held[name]++;
    }
  }
  const { unchanged, ...others } = held;
  expect(unchanged).toBe(1_000);
  for (const [name, times] of Object.entries(others)) {
    expect(times, name).toBeGreaterThanOrEqual(930);
    expect(times, name).toBeLessThanOrEqual(970);
  }
});
