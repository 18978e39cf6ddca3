import { expect, test } from "vitest";
import { fit, isFit, pan, zoomTo } from "../../../extension/src/figure/zoom.js";

const PICTURE = { width: 2000, height: 1000 };
const FRAME = { width: 500, height: 500 };

test("a picture fits into its frame, in the middle, and is not blown up", () => {
  expect(fit(PICTURE, FRAME)).toEqual({ scale: 0.25, x: 0, y: 125 });
  expect(fit({ width: 100, height: 50 }, FRAME)).toEqual({ scale: 1, x: 200, y: 225 });
});

test("the point under the pointer stays where it is while zooming", () => {
  const point = { x: 400, y: 250 };
  const before = zoomTo(fit(PICTURE, FRAME), 1, point, PICTURE, FRAME);
  const after = zoomTo(before, 3, point, PICTURE, FRAME);
  const under = (zoom: typeof before) => [(point.x - zoom.x) / zoom.scale, (point.y - zoom.y) / zoom.scale];
  expect(under(before)).toEqual([1600, 500]);
  expect(under(after)).toEqual([1600, 500]);
});

test("zooming out ends where all is seen, zooming in at sixteen pixels a pixel", () => {
  const point = { x: 10, y: 10 };
  expect(isFit(zoomTo(fit(PICTURE, FRAME), 0.01, point, PICTURE, FRAME), PICTURE, FRAME)).toBe(true);
  expect(zoomTo(fit(PICTURE, FRAME), 99, point, PICTURE, FRAME).scale).toBe(16);
});

test("a picture cannot be moved out of its frame", () => {
  const actual = zoomTo(fit(PICTURE, FRAME), 1, { x: 0, y: 0 }, PICTURE, FRAME);
  expect(pan(actual, 9999, 9999, PICTURE, FRAME)).toMatchObject({ x: 0, y: 0 });
  expect(pan(actual, -9999, -9999, PICTURE, FRAME)).toMatchObject({ x: -1500, y: -500 });
});
