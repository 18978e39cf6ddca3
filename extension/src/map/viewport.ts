import type { Range } from "./cloud.js";

/** Which part of the plane is seen: the middle, and how much of it a pixel is along each axis. */
export interface Viewport {
  x: number;
  y: number;
  unitsX: number;
  unitsY: number;
}

/** Pixels, of whichever kind. */
export interface Size {
  width: number;
  height: number;
}

type Box = { x: Range; y: Range };

/** Pixels that are left free around what is fitted in. */
const FRAME = 16;
/** How far in one can go from seeing everything. */
const DEEPEST = 1e5;

/** Shows all of a box. `square` gives both axes the same scale. */
export function fit(box: Box, { width, height }: Size, square: boolean): Viewport {
  const units = ({ low, high }: Range, pixels: number) =>
    (high > low ? high - low : Math.max(1, Math.abs(low) * 0.01)) / Math.max(1, pixels - 2 * FRAME);
  const [unitsX, unitsY] = [units(box.x, width), units(box.y, height)];
  const both = Math.max(unitsX, unitsY);
  return {
    x: (box.x.low + box.x.high) / 2,
    y: (box.y.low + box.y.high) / 2,
    unitsX: square ? both : unitsX,
    unitsY: square ? both : unitsY,
  };
}

/** The same place as near as before, where everything is now seen as `whole` and no longer as `before`. */
export function refit(view: Viewport, before: Viewport, whole: Viewport): Viewport {
  return {
    ...view,
    unitsX: (view.unitsX * whole.unitsX) / before.unitsX,
    unitsY: (view.unitsY * whole.unitsY) / before.unitsY,
  };
}

/** Moves what is seen by pixels: to the right and down. */
export function pan(view: Viewport, right: number, down: number): Viewport {
  return { ...view, x: view.x - right * view.unitsX, y: view.y + down * view.unitsY };
}

/** Shows `factor` times less around a place that stays where it is. `whole` is the view of everything. */
export function zoom(
  view: Viewport,
  factor: number,
  [x, y]: readonly [number, number],
  whole: Viewport,
): Viewport {
  const allowed = Math.max(
    view.unitsX / (4 * whole.unitsX),
    Math.min(factor, (view.unitsX / whole.unitsX) * DEEPEST),
  );
  return {
    x: x + (view.x - x) / allowed,
    y: y + (view.y - y) / allowed,
    unitsX: view.unitsX / allowed,
    unitsY: view.unitsY / allowed,
  };
}

/** Where a pixel lies in the plane. */
export function placeAt(
  view: Viewport,
  { width, height }: Size,
  [right, down]: readonly [number, number],
): [number, number] {
  return [view.x + (right - width / 2) * view.unitsX, view.y - (down - height / 2) * view.unitsY];
}

/** At which pixel a place lies. */
export function pixelAt(
  view: Viewport,
  { width, height }: Size,
  [x, y]: readonly [number, number],
): [number, number] {
  return [width / 2 + (x - view.x) / view.unitsX, height / 2 - (y - view.y) / view.unitsY];
}

/** What is seen. */
export function seen(view: Viewport, { width, height }: Size): Box {
  const [across, up] = [(width / 2) * view.unitsX, (height / 2) * view.unitsY];
  return {
    x: { low: view.x - across, high: view.x + across },
    y: { low: view.y - up, high: view.y + up },
  };
}
