import { describe, expect, it } from "vitest";
import { boxOf, quarterTurned, type Rectangle } from "../../../../../kernel-lib/src/ocr/ppocr/rectangle.js";
import { regionsOf } from "../../../../../kernel-lib/src/ocr/ppocr/regions.js";

const [WIDTH, HEIGHT] = [300, 200];

/** A map on which rectangles are as probable as said. */
function mapOf(...drawn: (Rectangle & { probability?: number })[]) {
  const data = new Float32Array(WIDTH * HEIGHT).fill(0.01);
  for (const { x, y, width, height, angle, probability = 0.9 } of drawn) {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    for (let row = 0; row < HEIGHT; row++)
      for (let column = 0; column < WIDTH; column++) {
        const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
        const [along, across] = [dx * cos + dy * sin, dy * cos - dx * sin];
        if (Math.abs(along) < width / 2 && Math.abs(across) < height / 2)
          data[row * WIDTH + column] = probability;
      }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

describe("regions of text", () => {
  it("grow on all sides by their area × 1.9 / perimeter, the largest first", () => {
    const [first, second] = regionsOf(
      mapOf(
        { x: 50, y: 20, width: 40, height: 10, angle: 0 },
        { x: 200, y: 100, width: 20, height: 100, angle: 0 },
      ),
      10,
    );
    const [tall, flat] = [(20 * 100 * 1.9) / 240, (40 * 10 * 1.9) / 100];
    expect(first).toEqual({ x: 200, y: 100, width: 20 + 2 * tall, height: 100 + 2 * tall, angle: 0 });
    expect(second).toEqual({ x: 50, y: 20, width: 40 + 2 * flat, height: 10 + 2 * flat, angle: 0 });
  });

  it("lean as the text does, but a short label is upright", () => {
    const [long, short] = regionsOf(
      mapOf(
        { x: 100, y: 100, width: 120, height: 12, angle: 325 },
        { x: 250, y: 50, width: 14, height: 12, angle: 30 },
      ),
      10,
    );
    expect(Math.abs(long!.angle - 325)).toBeLessThan(1.5);
    const by = (120 * 12 * 1.9) / 264;
    expect(Math.abs(long!.width - (120 + 2 * by))).toBeLessThan(4);
    expect(Math.abs(long!.height - (12 + 2 * by))).toBeLessThan(4);
    expect(short!.angle).toBe(0);
  });

  it("are not seen where pixels are improbable or few, and not more of them than asked for", () => {
    expect(regionsOf(mapOf({ x: 50, y: 50, width: 40, height: 10, angle: 0, probability: 0.4 }), 10)).toEqual(
      [],
    );
    expect(regionsOf(mapOf({ x: 50, y: 50, width: 40, height: 2, angle: 0 }), 10)).toEqual([]);
    const many = Array.from({ length: 6 }, (_, i) => ({
      x: 30 + 40 * i,
      y: 50,
      width: 10 + 2 * i,
      height: 10,
    }));
    const found = regionsOf(mapOf(...many.map((one) => ({ ...one, angle: 0 }))), 2);
    expect(found.map(({ x }) => x)).toEqual([230, 190]);
  });
});

it("a rectangle that is read in another direction covers the same ground", () => {
  const rectangle = { x: 10, y: 20, width: 30, height: 4, angle: 20 };
  expect(quarterTurned(rectangle, 3)).toEqual({ x: 10, y: 20, width: 4, height: 30, angle: 290 });
  for (const [i, side] of boxOf(quarterTurned(rectangle, 3)).entries())
    expect(side).toBeCloseTo(boxOf(rectangle)[i]!, 9);
});
