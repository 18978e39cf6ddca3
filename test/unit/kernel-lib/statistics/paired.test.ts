import { describe, expect, test } from "vitest";
import { pairedDifference, type Pair } from "../../../../kernel-lib/src/statistics/paired.js";

/** Uniform numbers in (0, 1); Park and Miller's generator, another one than the bootstrap's. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** One to four figures a paper; half of the variance is the paper's. */
function sample(papers: number, shift: number, draw: () => number, random: () => number): Pair[] {
  return Array.from({ length: papers }, (_, paper) => {
    const own = draw();
    return Array.from({ length: 1 + Math.floor(4 * random()) }, () => {
      const from = random();
      return { cluster: `paper ${paper}`, from, to: from + shift + own + draw() };
    });
  }).flat();
}

/** How many of 500 intervals hold the true difference. */
function coverage(papers: number, draw: (random: () => number) => number): number {
  const random = uniform(20_240_601);
  let held = 0;
  for (let repeat = 1; repeat <= 500; repeat++) {
    const pairs = sample(papers, 0.3, () => draw(random), random);
    const [low, high] = pairedDifference(pairs, { seed: repeat, resamples: 1000 }).interval!;
    if (low <= 0.3 && 0.3 <= high) held++;
  }
  return held / 500;
}

describe("the interval of a paired difference", () => {
  test("holds the true difference about as often as it says, for few papers and for many", () => {
    expect(coverage(6, normal)).toBeGreaterThan(0.89);
    for (const papers of [12, 30]) {
      const share = coverage(papers, normal);
      expect(share).toBeGreaterThan(0.92);
      expect(share).toBeLessThan(0.98);
    }
  });

  test("keeps most of its coverage where differences are skewed", () => {
    const exponential = (random: () => number) => -Math.log(random()) - 1;
    expect(coverage(20, exponential)).toBeGreaterThan(0.89);
  });

  test("is wider for figures of few papers than for as many figures of papers of their own", () => {
    const values = [0.1, 0.12, 0.5, 0.52, -0.2, -0.22, 0.3, 0.33, 0.05, 0.04];
    const of = (cluster: (i: number) => string) =>
      pairedDifference(values.map((to, i) => ({ cluster: cluster(i), from: 0, to })));
    const width = ([low, high]: readonly [number, number]) => high - low;
    const [paired, alone] = [of((i) => `p${i >> 1}`), of((i) => `p${i}`)];
    expect(width(paired.interval!)).toBeGreaterThan(1.2 * width(alone.interval!));
    expect(paired).toMatchObject({ n: 10, papers: 5 });
    expect(alone).toMatchObject({ n: 10, papers: 10 });
  });

  test("is the same for the same seed", () => {
    const pairs = [1, 2, 4, 8, 16, 32].map((to, i) => ({ cluster: `p${i}`, from: 0, to }));
    expect(pairedDifference(pairs, { seed: 5 })).toEqual(pairedDifference(pairs, { seed: 5 }));
    expect(pairedDifference(pairs, { seed: 5 })).not.toEqual(pairedDifference(pairs, { seed: 6 }));
  });
});

test("a difference weighs every pair alike and leaves out those without both values", () => {
  const pairs: Pair[] = [
    { cluster: "a", from: 1, to: 2 },
    { cluster: "a", from: 1, to: 4 },
    { cluster: "b", from: 1, to: 2 },
    { cluster: "b", from: null, to: 100 },
    { cluster: "c", from: 100, to: null },
  ];
  expect(pairedDifference(pairs)).toEqual({
    mean: 5 / 3,
    n: 3,
    papers: 2,
    interval: null,
    note: "too few papers for an interval: 2, and it takes 5",
  });
});

test("without a pair there is no difference", () => {
  expect(pairedDifference([])).toMatchObject({ mean: null, interval: null, n: 0, papers: 0 });
});

test("where every figure gains the same the interval is that point", () => {
  const pairs = Array.from({ length: 7 }, (_, i) => ({ cluster: `p${i}`, from: i / 8, to: i / 8 + 0.25 }));
  expect(pairedDifference(pairs)).toMatchObject({ mean: 0.25, interval: [0.25, 0.25], note: null });
});
