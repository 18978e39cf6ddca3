import { describe, expect, test } from "vitest";
import { cloudOf, kindCounts, nearestPoint, stretches } from "../../../extension/src/map/cloud.js";
import { countInside, simplify, type Corner } from "../../../extension/src/map/outline.js";
import { radiusFor } from "../../../extension/src/map/counts.js";
import { Raster } from "../../../extension/src/map/raster.js";
import { fit, pan, pixelAt, placeAt, seen, zoom } from "../../../extension/src/map/viewport.js";
import { bitOf } from "../../../kernel-lib/src/service/mask.js";
import { rowsInside } from "../../../kernel-lib/src/service/polygon.js";
import { inside } from "../../../kernel-lib/src/views/outline.js";
import { generator } from "../../../kernel-lib/src/statistics/random.js";

const NOTHING = new Set<number>();

function sent(
  places: readonly (readonly [number, number])[],
  kinds: readonly number[] = places.map(() => 0),
) {
  return {
    count: places.length,
    xy: Buffer.from(Float32Array.from(places.flat()).buffer).toString("base64"),
    colour: Buffer.from(Uint8Array.from(kinds)).toString("base64"),
  };
}

function scattered(count: number): [number, number][] {
  const random = generator(11);
  return Array.from({ length: count }, () => [Math.fround(10 * random() ** 2), Math.fround(random() - 5)]);
}

/** A star that goes around its middle twice. */
const STAR: Corner[] = [0, 2, 4, 1, 3].map((i) => [
  5 + 4 * Math.sin((2 * Math.PI * i) / 5),
  -4.5 + 0.4 * Math.cos((2 * Math.PI * i) / 5),
]);

describe("a cloud of points", () => {
  test("keeps every point that has a place, and which one it was", () => {
    const cloud = cloudOf(
      sent(
        [
          [1, 2],
          [NaN, 0],
          [3, 4],
          [0, Infinity],
        ],
        [5, 1, 6, 1],
      ),
    );
    expect(cloud.count).toBe(2);
    expect([...cloud.point].sort()).toEqual([0, 2]);
    expect(kindCounts(cloud)[5]).toBe(1);
    expect(kindCounts(cloud)[1]).toBe(0);
    expect(cloud.bounds).toEqual({ x: { low: 1, high: 3 }, y: { low: 2, high: 4 } });
  });

  test("is none of fewer points than were announced", () => {
    expect(() => cloudOf({ ...sent([[1, 2]]), count: 2 })).toThrow("fewer points");
    expect(cloudOf(sent([])).count).toBe(0);
  });

  test("finds the points near a box without looking at the others", () => {
    const places = scattered(5000);
    const cloud = cloudOf(sent(places));
    const box = { x: { low: 2, high: 2.5 }, y: { low: -4.6, high: -4.4 } };
    const within = (x: number, y: number) => x >= 2 && x <= 2.5 && y >= -4.6 && y <= -4.4;
    const found = stretches(cloud, box).flatMap(([from, to]) =>
      Array.from({ length: to - from }, (_, i) => from + i),
    );
    const expected = places.filter(([x, y]) => within(x, y)).length;
    expect(expected).toBeGreaterThan(5);
    expect(found.filter((i) => within(cloud.x[i]!, cloud.y[i]!))).toHaveLength(expected);
    expect(found.length).toBeLessThan(1000);
    expect(stretches(cloud, { x: { low: 20, high: 30 }, y: box.y })).toEqual([]);
  });

  test("knows the nearest point within reach, among those that are shown", () => {
    const places = scattered(3000);
    const cloud = cloudOf(
      sent(
        places,
        places.map((_, i) => i % 2),
      ),
    );
    const at = [4, -4.5] as const;
    const distance = ([x, y]: readonly [number, number]) => Math.hypot(x - at[0], (y - at[1]) * 10);
    const found = nearestPoint(cloud, at, [1, 0.1], new Set([0]));
    const expected = places
      .map((place, i) => ({ i, far: distance(place) }))
      .filter(({ i }) => i % 2 === 1)
      .sort((a, b) => a.far - b.far)[0]!;
    expect(cloud.point[found!]).toBe(expected.i);
    expect(nearestPoint(cloud, [50, 50], [1, 1], NOTHING)).toBeNull();
    expect(nearestPoint(cloud, at, [1, 0.1], new Set([0, 1]))).toBeNull();
  });
});

describe("what is drawn around", () => {
  test("is inside by the even-odd rule, as the kernel has it", () => {
    expect(inside(STAR, 5, -4.2)).toBe(true);
    expect(inside(STAR, 5, -4.5)).toBe(false);
    const places = scattered(4000);
    const [x, y] = [0, 1].map((axis) => Float32Array.from(places, (place) => place[axis]!)) as [
      Float32Array,
      Float32Array,
    ];
    const rows = rowsInside(x, y, STAR);
    for (const [i, [across, up]] of places.entries())
      expect(bitOf(rows, i) === 1).toBe(inside(STAR, across, up));
  });

  test("counts the same cell by cell as point by point", () => {
    const places = scattered(20_000);
    const cloud = cloudOf(sent(places));
    const around: Corner[][] = [
      STAR,
      [
        [-5, -10],
        [50, -10],
        [50, 10],
        [-5, 10],
      ],
      [
        [0.001, -4.9999],
        [0.002, -4.2],
        [9, -4.6],
      ],
    ];
    for (const corners of around)
      expect(countInside(cloud, corners)).toBe(places.filter(([x, y]) => inside(corners, x, y)).length);
    expect(countInside(cloud, STAR.slice(0, 2))).toBe(0);
  });

  test("has few corners after a long drag, and still the same shape", () => {
    const circle = Array.from({ length: 3000 }, (_, i): Corner => {
      const angle = (2 * Math.PI * i) / 3000;
      return [100 * Math.cos(angle), 100 * Math.sin(angle)];
    });
    const few = simplify(circle, 0.5);
    expect(few.length).toBeLessThan(80);
    for (const [x, y] of few) expect(Math.hypot(x, y)).toBeCloseTo(100, 6);
    expect(inside(few, 98, 0)).toBe(true);
    const random = generator(3);
    const scribble = Array.from({ length: 4000 }, (): Corner => [random(), random()]);
    expect(simplify(scribble, 0).length).toBeLessThanOrEqual(500);
  });
});

describe("what is seen", () => {
  const size = { width: 400, height: 200 };
  const whole = fit({ x: { low: 0, high: 10 }, y: { low: 0, high: 10 } }, size, false);

  test("fits all in, with one scale for both axes where distances mean something", () => {
    const box = seen(whole, size);
    expect(box.x.low).toBeLessThan(0);
    expect(box.y.high).toBeGreaterThan(10);
    const square = fit({ x: { low: 0, high: 10 }, y: { low: 0, high: 10 } }, size, true);
    expect(square.unitsX).toBe(square.unitsY);
    expect(fit({ x: { low: 3, high: 3 }, y: { low: 0, high: 0 } }, size, true).unitsX).toBeGreaterThan(0);
  });

  test("pixels and places are each other's inverse, and up is up", () => {
    const place = placeAt(whole, size, [30, 40]);
    expect(pixelAt(whole, size, place)[0]).toBeCloseTo(30, 9);
    expect(pixelAt(whole, size, place)[1]).toBeCloseTo(40, 9);
    expect(placeAt(whole, size, [0, 0])[1]).toBeGreaterThan(placeAt(whole, size, [0, 100])[1]);
  });

  test("moves with the hand, and zooms around a place that stays", () => {
    const moved = pan(whole, 50, -20);
    const [x, y] = pixelAt(moved, size, placeAt(whole, size, [100, 100]));
    expect([x, y].map(Math.round)).toEqual([150, 80]);
    const at = placeAt(whole, size, [100, 60]);
    const nearer = zoom(whole, 3, at, whole);
    expect(pixelAt(nearer, size, at).map(Math.round)).toEqual([100, 60]);
    expect(nearer.unitsX).toBeCloseTo(whole.unitsX / 3, 9);
  });

  test("has an end on both sides of zooming", () => {
    expect(zoom(whole, 1e-9, [0, 0], whole).unitsX).toBeCloseTo(4 * whole.unitsX, 9);
    expect(zoom(whole, 1e30, [0, 0], whole).unitsX).toBeCloseTo(whole.unitsX / 1e5, 12);
  });
});

describe("the picture of points", () => {
  const size = { width: 40, height: 20 };
  const look = {
    colours: [[200, 0, 0] as const, [0, 0, 200] as const],
    hidden: NOTHING,
    selected: null,
    ratio: 1,
  };
  const view = { x: 0, y: 0, unitsX: 1, unitsY: 1 };
  const many = (count: number, place: [number, number]) => Array.from({ length: count }, () => place);
  const pixel = (image: Uint8ClampedArray, column: number, row: number) => [
    ...image.subarray(4 * (row * size.width + column), 4 * (row * size.width + column) + 4),
  ];
  const drawn = (cloud: ReturnType<typeof cloudOf>, overrides = {}) => {
    const raster = new Raster(cloud, size, view, { ...look, ...overrides });
    while (!raster.advance(1000));
    return raster;
  };

  test("mixes the colours of what lies on a pixel, more of it being more opaque", () => {
    const places = [...many(300_000, [0.5, 0.5]), [-9.5, 0.5] as [number, number]];
    const cloud = cloudOf(
      sent(
        places,
        places.map((_, i) => i % 2),
      ),
    );
    const image = drawn(cloud).pixels();
    expect(pixel(image, 20, 9).slice(0, 3)).toEqual([100, 0, 100]);
    expect(pixel(image, 20, 9)[3]).toBe(255);
    expect(pixel(image, 10, 9).slice(0, 3)).toEqual([200, 0, 0]);
    expect(pixel(image, 10, 9)[3]).toBeLessThan(150);
    expect(pixel(image, 5, 5)[3]).toBe(0);
  });

  test("leaves out hidden colours and shows pale what is not selected", () => {
    const cloud = cloudOf(
      sent(
        [
          [0.5, 0.5],
          [-9.5, 0.5],
        ],
        [0, 1],
      ),
    );
    expect(pixel(drawn(cloud, { hidden: new Set([0]) }).pixels(), 20, 9)[3]).toBe(0);
    const image = drawn(cloud, { selected: (point: number) => point === 1 }).pixels();
    const [red, green] = pixel(image, 20, 9);
    expect(Math.abs(red! - green!)).toBeLessThan(10);
    expect(pixel(image, 20, 9)[3]).toBeLessThan(80);
    expect(pixel(image, 10, 9)[2]).toBe(200);
  });

  test("of few points is of large dots, and of many it is worked out piece by piece", () => {
    expect(radiusFor(10)).toBeGreaterThan(radiusFor(10_000));
    const few = drawn(cloudOf(sent([[0.5, 0.5]]))).pixels();
    expect(pixel(few, 22, 9)[3]).toBeGreaterThan(0);
    const raster = new Raster(cloudOf(sent(many(60_000, [0, 0]))), size, view, look);
    let time = 0;
    expect(raster.advance(1, () => (time += 10))).toBe(false);
    expect(raster.drawn).toBeLessThan(60_000);
    while (!raster.advance(1, () => (time += 10)));
    expect(raster.drawn).toBe(60_000);
  });
});
