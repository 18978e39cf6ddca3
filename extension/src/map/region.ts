import type { Corner } from "./outline.js";
import type { Size, Viewport } from "./viewport.js";

/** A box that is chosen by keys: its low and its high corner, in the plane. */
export type Region = [low: Corner, high: Corner];

/** By how many pixels, to the right and down. */
export type RegionStep = { move: Corner } | { grow: Corner };

/** Share of the map that a region begins with. */
const SHARE = 0.25;

/** The region that one begins with: in the middle of what is seen. */
export function firstRegion(view: Viewport, { width, height }: Size): Region {
  const [across, up] = [(width * SHARE * view.unitsX) / 2, (height * SHARE * view.unitsY) / 2];
  return [
    [view.x - across, view.y - up],
    [view.x + across, view.y + up],
  ];
}

/** The region after a key: moved, or with its high corner elsewhere, a pixel wide at least. */
export function stepRegion([low, high]: Region, step: RegionStep, { unitsX, unitsY }: Viewport): Region {
  const [right, down] = "move" in step ? step.move : step.grow;
  const [across, up] = [right * unitsX, -down * unitsY];
  if ("move" in step)
    return [
      [low[0] + across, low[1] + up],
      [high[0] + across, high[1] + up],
    ];
  return [low, [Math.max(low[0] + unitsX, high[0] + across), Math.max(low[1] + unitsY, high[1] + up)]];
}
