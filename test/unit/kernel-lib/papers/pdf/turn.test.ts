import fc from "fast-check";
import { expect, it } from "vitest";
import type { Box } from "../../../../../kernel-lib/src/papers/pdf/page.js";
import { turnedBox, type Angle } from "../../../../../kernel-lib/src/papers/pdf/turn.js";

const page = { width: 600, height: 800 };

it("a box that is turned and turned back is where it was", () => {
  const edge = (most: number) => fc.integer({ min: 0, max: most });
  fc.assert(
    fc.property(fc.constantFrom<Angle>(0, 90, 180, 270), edge(600), edge(800), (angle, x, y) => {
      const box: Box = [x / 2, y / 2, x, y];
      const sideways = angle === 90 || angle === 270;
      const other = sideways ? { width: page.height, height: page.width } : page;
      const turned = turnedBox(box, angle, page);
      expect(turnedBox(turned, ((360 - angle) % 360) as Angle, other)).toEqual(box);
    }),
  );
});

it("text that runs up comes to run to the right", () => {
  // Its first letter stands at the bottom of the page, its last at the top.
  const [first, last] = [
    turnedBox([100, 700, 110, 710], 270, page),
    turnedBox([100, 100, 110, 110], 270, page),
  ];
  expect(first[0]).toBeLessThan(last[0]);
  expect(first[1]).toBe(last[1]);
});
