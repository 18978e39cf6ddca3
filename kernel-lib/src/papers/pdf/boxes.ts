/** Arithmetic of boxes. */
import type { Box } from "./page.js";

export const width = ([x0, , x1]: Box) => x1 - x0;
export const height = ([, y0, , y1]: Box) => y1 - y0;
export const area = (box: Box) => Math.max(0, width(box)) * Math.max(0, height(box));

/** The smallest box around boxes, of which there is at least one. */
export function union(boxes: readonly Box[]): Box {
  let [x0, y0, x1, y1] = boxes[0]!;
  for (const box of boxes) {
    if (box[0] < x0) x0 = box[0];
    if (box[1] < y0) y0 = box[1];
    if (box[2] > x1) x1 = box[2];
    if (box[3] > y1) y1 = box[3];
  }
  return [x0, y0, x1, y1];
}

export function intersection(a: Box, b: Box): Box | undefined {
  const both: Box = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return both[2] >= both[0] && both[3] >= both[1] ? both : undefined;
}

/** Length that two boxes share along x, or along y; negative is the gap between them. */
export const sharedX = (a: Box, b: Box) => Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
export const sharedY = (a: Box, b: Box) => Math.min(a[3], b[3]) - Math.max(a[1], b[1]);

export const overlaps = (a: Box, b: Box) => sharedX(a, b) > 0 && sharedY(a, b) > 0;

/** Whether `outer` holds `inner`, but for `slack` points. */
export const contains = (outer: Box, inner: Box, slack = 0) =>
  inner[0] >= outer[0] - slack &&
  inner[1] >= outer[1] - slack &&
  inner[2] <= outer[2] + slack &&
  inner[3] <= outer[3] + slack;

export const centre = ([x0, y0, x1, y1]: Box) => [(x0 + x1) / 2, (y0 + y1) / 2] as const;
