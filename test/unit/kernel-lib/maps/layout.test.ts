import { describe, expect, test } from "vitest";
import { fitLayout } from "../../../../kernel-lib/src/maps/layout.js";
import { lookOf } from "../../../../kernel-lib/src/maps/look.js";
import { allNeighbours, nearest } from "../../../../kernel-lib/src/maps/neighbours.js";
import { Covariance, project } from "../../../../kernel-lib/src/maps/pca.js";
import { generator } from "../../../../kernel-lib/src/statistics/random.js";

const signal = new AbortController().signal;

/** Sum of twelve uniform numbers: mean 0, variance 1. */
function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** Points around `groups` centres that lie `apart`; the i-th belongs to group `i % groups`. */
function planted(count: number, groups: number, dimensions: number, apart: number): Float32Array[] {
  const random = generator(5);
  const centres = Array.from({ length: groups }, () =>
    Float32Array.from({ length: dimensions }, () => apart * normal(random)),
  );
  return Array.from({ length: count }, (_, i) => centres[i % groups]!.map((value) => value + normal(random)));
}

/** Share of points whose nearest other point in the layout is of their own group. */
function purity(places: Float32Array, groups: number): number {
  const n = places.length / 2;
  let own = 0;
  for (let i = 0; i < n; i++) {
    const near = nearest({ values: places, dimensions: 2 }, places.subarray(2 * i, 2 * i + 2), 2);
    const other = near.find(({ index }) => index !== i)!;
    if (other.index % groups === i % groups) own++;
  }
  return own / n;
}

describe("principal components", () => {
  test("finds the axes, variances and mean that data were made with", () => {
    const random = generator(1);
    // Standard deviations 5, 3 and 0.1 along (0.6, 0.8, 0), (−0.8, 0.6, 0) and (0, 0, 1), about (10, 20, 30).
    const covariance = new Covariance(3);
    for (let i = 0; i < 20_000; i++) {
      const [a, b, c] = [5 * normal(random), 3 * normal(random), 0.1 * normal(random)];
      covariance.add([10 + 0.6 * a - 0.8 * b, 20 + 0.8 * a + 0.6 * b, 30 + c]);
    }
    const found = covariance.components(3);
    expect(found.mean[1]).toBeCloseTo(20, 0);
    expect(found.axes[0]![0]).toBeCloseTo(0.6, 1);
    expect(found.axes[0]![1]).toBeCloseTo(0.8, 1);
    expect(found.variances.map((value) => Math.sqrt(value))[0]).toBeCloseTo(5, 0);
    expect(found.variances.map((value) => Math.sqrt(value))[2]).toBeCloseTo(0.1, 2);
    expect(found.total).toBeCloseTo(
      found.variances.reduce((sum, value) => sum + value, 0),
      6,
    );
  });

  test("agrees with the covariance worked out by hand", () => {
    const covariance = new Covariance(2);
    for (const point of [
      [1, 2],
      [3, 4],
      [5, 6],
    ])
      covariance.add(point);
    const found = covariance.components(2);
    // Both coordinates have variance 4 and covariance 4: eigenvalues 8 and 0.
    expect(found.variances[0]).toBeCloseTo(8, 10);
    expect(found.variances[1]).toBeCloseTo(0, 10);
    expect(found.axes[0]![0]).toBeCloseTo(Math.SQRT1_2, 10);
    expect(project(found, [3, 4])[0]).toBeCloseTo(0, 6);
    expect(project(found, [5, 6])[0]).toBeCloseTo(Math.sqrt(8), 5);
  });

  test("a single vector, and equal ones, lie in the middle", async () => {
    const one = await fitLayout([Float32Array.of(1, 2, 3)], { method: "umap", seed: 1, signal });
    expect(one.method).toBe("pca");
    expect([...one.places]).toEqual([0, 0]);
    expect(one.variance).toBeNull();
  });
});

describe("neighbours", () => {
  test("are exact, nearest first, each point its own first even among copies", async () => {
    const values = Float32Array.of(0, 0, 3, 4, 0, 0, 1, 0);
    const found = await allNeighbours({ values, dimensions: 2 }, 3, signal, () => undefined);
    expect(found.indices).toEqual([
      [0, 2, 3],
      [1, 3, 0],
      [2, 0, 3],
      [3, 0, 2],
    ]);
    expect(found.distances[1]![2]).toBe(5);
  });
});

describe("UMAP", () => {
  test("keeps planted groups apart that two principal components mix", async () => {
    const groups = 8;
    const vectors = planted(400, groups, 30, 1.2);
    const umap = await fitLayout(vectors, { method: "umap", seed: 7, signal });
    const pca = await fitLayout(vectors, { method: "pca", seed: 7, signal });
    expect(umap.method).toBe("umap");
    expect(purity(umap.places, groups)).toBeGreaterThan(0.97);
    expect(purity(umap.places, groups)).toBeGreaterThan(purity(pca.places, groups));
  });

  test("is the same for the same seed, and another for another", async () => {
    const vectors = planted(60, 3, 10, 3);
    const lay = (seed: number) => fitLayout(vectors, { method: "umap", seed, signal });
    const [one, again, other] = [await lay(1), await lay(1), await lay(2)];
    expect(again.places).toEqual(one.places);
    expect(other.places).not.toEqual(one.places);
  });

  test("places a further point among those it is like", async () => {
    const groups = 4;
    const vectors = planted(200, groups, 20, 3);
    const layout = await fitLayout(vectors, { method: "umap", seed: 3, signal });
    const [x, y] = layout.placeOf(vectors[6]!.map((value) => value + 0.01));
    const [close] = nearest({ values: layout.places, dimensions: 2 }, [x, y], 1);
    expect(close!.index % groups).toBe(6 % groups);
  });

  test("ends when it is told to", async () => {
    const controller = new AbortController();
    const work = fitLayout(planted(600, 3, 30, 3), {
      method: "umap",
      seed: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toThrow(/abort/i);
  });
});

describe("the look of a picture", () => {
  const picture = (colourOf: (row: number, column: number) => readonly number[]) =>
    Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return colourOf(Math.floor(pixel / 64), pixel % 64)[i % 3]!;
    });
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - b[i]!));

  test("sets pictures apart by tone, colour, texture and shape", () => {
    const white = picture(() => [255, 255, 255]);
    const black = picture(() => [0, 0, 0]);
    const red = picture(() => [200, 40, 40]);
    const grey = picture(() => [88, 88, 88]);
    const stripes = picture((row) => (row % 2 ? [0, 0, 0] : [176, 176, 176]));
    const of = (pixels: Uint8Array) => lookOf(pixels, 1);
    expect(distance(of(white), of(white))).toBe(0);
    expect(distance(of(white), of(black))).toBeGreaterThan(1);
    expect(distance(of(red), of(grey))).toBeGreaterThan(0.5);
    expect(distance(of(stripes), of(grey))).toBeGreaterThan(0.3);
    expect(distance(lookOf(white, 4), lookOf(white, 0.25))).toBeGreaterThan(0.5);
    expect(of(red).every(Number.isFinite)).toBe(true);
  });
});
