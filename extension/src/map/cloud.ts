import type { Points } from "figloom/views";
import { bytesOf, floatsOf } from "figloom/views";

export interface Range {
  low: number;
  high: number;
}

/** Points sorted into square cells, so that those in sight, or near a place, lie together in memory. */
export interface Cloud {
  /** Points with a place. */
  count: number;
  x: Float32Array;
  y: Float32Array;
  /** Which colour; 255 is none. */
  kind: Uint8Array;
  /** Which point of the kernel's answer. */
  point: Uint32Array;
  bounds: { x: Range; y: Range };
  /** Cells along each side. */
  side: number;
  /** Where each cell begins in the arrays, row by row from the bottom left, and where the last ends. */
  starts: Uint32Array;
}

/** Points of a cell, on average. */
const PER_CELL = 24;
const MOST_CELLS = 256;

/** Sorts what the kernel sent. Some 100 ms for a million points. */
export function cloudOf({ count, xy, colour }: Pick<Points, "count" | "xy" | "colour">): Cloud {
  const [places, kinds] = [floatsOf(xy), bytesOf(colour)];
  if (places.length < 2 * count || kinds.length < count)
    throw new Error("The kernel sent fewer points than it said.");
  const placed = (i: number) => Number.isFinite(places[2 * i]!) && Number.isFinite(places[2 * i + 1]!);
  const bounds = boundsOf(places, count);
  let n = 0;
  for (let i = 0; i < count; i++) if (placed(i)) n++;
  const side = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(n / PER_CELL))));
  const grid = { bounds, side };

  const starts = new Uint32Array(side * side + 1);
  for (let i = 0; i < count; i++)
    if (placed(i)) starts[cellAt(grid, places[2 * i]!, places[2 * i + 1]!) + 1]! += 1;
  for (let cell = 0; cell < side * side; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const cloud: Cloud = {
    ...grid,
    count: n,
    starts,
    x: new Float32Array(n),
    y: new Float32Array(n),
    kind: new Uint8Array(n),
    point: new Uint32Array(n),
  };
  for (let i = 0; i < count; i++) {
    if (!placed(i)) continue;
    const [x, y] = [places[2 * i]!, places[2 * i + 1]!];
    const at = next[cellAt(grid, x, y)]!++;
    cloud.x[at] = x;
    cloud.y[at] = y;
    cloud.kind[at] = kinds[i]!;
    cloud.point[at] = i;
  }
  return cloud;
}

function boundsOf(places: Float32Array, count: number): Cloud["bounds"] {
  const x = { low: Infinity, high: -Infinity };
  const y = { low: Infinity, high: -Infinity };
  for (let i = 0; i < count; i++) {
    const [across, up] = [places[2 * i]!, places[2 * i + 1]!];
    if (!Number.isFinite(across) || !Number.isFinite(up)) continue;
    if (across < x.low) x.low = across;
    if (across > x.high) x.high = across;
    if (up < y.low) y.low = up;
    if (up > y.high) y.high = up;
  }
  return x.low > x.high ? { x: { low: 0, high: 1 }, y: { low: 0, high: 1 } } : { x, y };
}

type Grid = Pick<Cloud, "bounds" | "side">;

function lineOf({ low, high }: Range, side: number, value: number): number {
  return high > low ? Math.max(0, Math.min(side - 1, Math.floor(((value - low) / (high - low)) * side))) : 0;
}

function cellAt({ bounds, side }: Grid, x: number, y: number): number {
  return lineOf(bounds.y, side, y) * side + lineOf(bounds.x, side, x);
}

/** What a cell covers. */
export function cellBox(
  { bounds: { x, y }, side }: Grid,
  column: number,
  row: number,
): { x: Range; y: Range } {
  const part = ({ low, high }: Range, i: number) => low + ((high - low) * i) / side;
  return {
    x: { low: part(x, column), high: part(x, column + 1) },
    y: { low: part(y, row), high: part(y, row + 1) },
  };
}

/** The stretches of the arrays whose cells touch a box: some of their points may lie outside. */
export function stretches(cloud: Cloud, box: { x: Range; y: Range }): [from: number, to: number][] {
  const { bounds, side, starts } = cloud;
  if (box.x.high < bounds.x.low || box.x.low > bounds.x.high) return [];
  if (box.y.high < bounds.y.low || box.y.low > bounds.y.high) return [];
  const [left, right] = [lineOf(bounds.x, side, box.x.low), lineOf(bounds.x, side, box.x.high)];
  const [bottom, top] = [lineOf(bounds.y, side, box.y.low), lineOf(bounds.y, side, box.y.high)];
  const found: [number, number][] = [];
  for (let row = bottom; row <= top; row++)
    found.push([starts[row * side + left]!, starts[row * side + right + 1]!]);
  return found;
}

/**
 * The place in the arrays of the point nearest to a place, `null` where none is near enough.
 * @param reach how far is near, along each axis
 */
export function nearestPoint(
  cloud: Cloud,
  [x, y]: readonly [number, number],
  reach: readonly [number, number],
  hidden: ReadonlySet<number>,
): number | null {
  const box = {
    x: { low: x - reach[0], high: x + reach[0] },
    y: { low: y - reach[1], high: y + reach[1] },
  };
  let [best, least]: [number | null, number] = [null, 1];
  for (const [from, to] of stretches(cloud, box))
    for (let i = from; i < to; i++) {
      const distance = ((cloud.x[i]! - x) / reach[0]) ** 2 + ((cloud.y[i]! - y) / reach[1]) ** 2;
      if (distance <= least && !hidden.has(cloud.kind[i]!)) [best, least] = [i, distance];
    }
  return best;
}

/** How many points each colour has. */
export function kindCounts({ kind }: Cloud): Uint32Array {
  const counts = new Uint32Array(256);
  for (const one of kind) counts[one]! += 1;
  return counts;
}
