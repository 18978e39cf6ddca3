import { assert, array, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { arrange } from "../../../../kernel-lib/src/figures/compose.js";

const size = (width: number, height: number) => ({ width, height });

describe("the arrangement of panels", () => {
  it("gives the panels of a row one height and keeps their shapes", () => {
    const { width, height, tiles } = arrange([[size(100, 100), size(50, 25)]], 2400);
    expect(tiles).toEqual([
      { left: 0, top: 0, width: 100, height: 100 },
      { left: 103, top: 0, width: 200, height: 100 },
    ]);
    expect([width, height]).toEqual([303, 100]);
  });

  it("centres the shorter rows", () => {
    const { tiles } = arrange([[size(100, 100), size(100, 100)], [size(100, 100)]], 2400);
    expect(tiles[2]).toEqual({ left: 52, top: 103, width: 100, height: 100 });
  });

  it("keeps every panel inside, whatever the shapes", () => {
    const side = integer({ min: 1, max: 3000 });
    const panels = array(array(record({ width: side, height: side }), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 8,
    });
    assert(
      property(panels, (rows) => {
        const { width, height, tiles } = arrange(rows, 1000);
        return (
          Math.max(width, height) <= 1000 &&
          tiles.length === rows.flat().length &&
          tiles.every(
            (tile) =>
              tile.left >= 0 &&
              tile.top >= 0 &&
              tile.width >= 1 &&
              tile.height >= 1 &&
              tile.left + tile.width <= width &&
              tile.top + tile.height <= height,
          )
        );
      }),
    );
  });
});
