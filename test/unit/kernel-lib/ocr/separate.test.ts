import { assert, integer, property, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { inkOf, type Grey } from "../../../../kernel-lib/src/ocr/components.js";
import { separate } from "../../../../kernel-lib/src/ocr/tesseract/separate.js";

/** A picture drawn with signs: `#` is ink. */
function drawn(...rows: string[]): Grey {
  const data = Uint8Array.from(rows.join(""), (sign) => (sign === "#" ? 0 : 255));
  return { width: rows[0]!.length, height: rows.length, data };
}

/** White with black rectangles. */
function boxes(size: number, ...all: [x: number, y: number, width: number, height: number][]): Grey {
  const data = new Uint8Array(size * size).fill(255);
  for (const [x, y, width, height] of all)
    for (let row = y; row < y + height; row++) data.fill(0, row * size + x, row * size + x + width);
  return { width: size, height: size, data };
}
const inkAt = ({ width, data }: Grey, x: number, y: number) => data[y * width + x]! < 128;

describe("patches of ink", () => {
  it("hold together by sides and corners", () => {
    const { components } = inkOf(drawn("##...#", "..#..#", "......", "#.#...", "###..."), 160, 100)!;
    expect(components).toEqual([
      { x0: 0, y0: 0, x1: 3, y1: 2, pixels: 3 },
      { x0: 5, y0: 0, x1: 6, y1: 2, pixels: 2 },
      { x0: 0, y0: 3, x1: 3, y1: 5, pixels: 5 },
    ]);
  });

  it("are all the ink there is, whatever the picture", () => {
    assert(
      property(integer({ min: 1, max: 9 }), uint8Array({ maxLength: 80 }), (width, levels) => {
        const height = Math.floor(levels.length / width);
        const data = levels.subarray(0, width * height);
        const { components } = inkOf({ width, height, data }, 160, Infinity)!;
        const ink = data.filter((level) => level < 160).length;
        return components.reduce((sum, { pixels }) => sum + pixels, 0) === ink;
      }),
    );
  });

  it("are not looked for in a picture of too many", () => {
    expect(inkOf(drawn("#.#.#.#.#"), 160, 4)).toBeNull();
  });
});

describe("text set apart from a drawing", () => {
  it("loses axes and areas, and keeps what is of a letter's size", () => {
    const { letters, columns } = separate(
      boxes(400, [50, 20, 2, 360], [100, 100, 200, 200], [20, 30, 8, 12]),
    )!;
    expect(inkAt(letters, 50, 100)).toBe(false);
    expect(inkAt(letters, 200, 200)).toBe(false);
    expect(inkAt(letters, 24, 36)).toBe(true);
    expect(columns).toBeNull();
  });

  it("finds letters that are stacked closely, and no labels one above the other", () => {
    const stacked = [0, 1, 2, 3].map((i): [number, number, number, number] => [20, 100 + 12 * i, 14, 9]);
    const labels = [0, 1, 2, 3].map((i): [number, number, number, number] => [200, 50 + 60 * i, 14, 9]);
    const { columns } = separate(boxes(400, ...stacked, ...labels))!;
    expect(inkAt(columns!, 25, 105)).toBe(true);
    expect(inkAt(columns!, 205, 55)).toBe(false);
  });
});
