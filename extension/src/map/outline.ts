import { inside, type Corner } from "figloom/views";
import { cellBox, type Cloud, type Range } from "./cloud.js";

export type { Corner };

/** Corners that the kernel takes. */
export const CORNERS_LIMIT = 500;

/**
 * How many points lie inside, of those that `counts` lets. Cells that no edge goes through are not looked at point by point
 * where all of them count.
 */
export function countInside(
  cloud: Cloud,
  corners: readonly Corner[],
  counts: ((point: number) => boolean) | null = null,
): number {
  if (corners.length < 3) return 0;
  const { side, starts } = cloud;
  const box = boxOf(corners);
  const crossed = edgeCells(cloud, corners);
  let count = 0;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const cell = row * side + column;
      const [from, to] = [starts[cell]!, starts[cell + 1]!];
      if (from === to) continue;
      const { x, y } = cellBox(cloud, column, row);
      if (x.high < box.x.low || x.low > box.x.high || y.high < box.y.low || y.low > box.y.high) continue;
      const whole = !crossed[cell];
      if (whole && !inside(corners, (x.low + x.high) / 2, (y.low + y.high) / 2)) continue;
      if (whole && !counts) count += to - from;
      else
        for (let i = from; i < to; i++)
          if ((whole || inside(corners, cloud.x[i]!, cloud.y[i]!)) && (!counts || counts(cloud.point[i]!)))
            count++;
    }
  return count;
}

function boxOf(corners: readonly Corner[]): { x: Range; y: Range } {
  const range = (values: number[]) => ({ low: Math.min(...values), high: Math.max(...values) });
  return { x: range(corners.map(([x]) => x)), y: range(corners.map(([, y]) => y)) };
}

/** Cells that an edge may go through: those its box touches, edge by edge cut into short pieces. */
function edgeCells(cloud: Cloud, corners: readonly Corner[]): Uint8Array {
  const { side, bounds } = cloud;
  const crossed = new Uint8Array(side * side);
  const line = ({ low, high }: Range, value: number) =>
    high > low ? Math.max(0, Math.min(side - 1, Math.floor(((value - low) / (high - low)) * side))) : 0;
  const mark = (a: Corner, b: Corner) => {
    // A cell more on each side: single precision may put a point beyond its cell's border.
    const columns = [line(bounds.x, Math.min(a[0], b[0])) - 1, line(bounds.x, Math.max(a[0], b[0])) + 1];
    const rows = [line(bounds.y, Math.min(a[1], b[1])) - 1, line(bounds.y, Math.max(a[1], b[1])) + 1];
    for (let row = Math.max(0, rows[0]!); row <= Math.min(side - 1, rows[1]!); row++)
      crossed.fill(
        1,
        row * side + Math.max(0, columns[0]!),
        row * side + Math.min(side - 1, columns[1]!) + 1,
      );
  };
  const cell = {
    x: Math.max(Number.MIN_VALUE, (bounds.x.high - bounds.x.low) / side),
    y: Math.max(Number.MIN_VALUE, (bounds.y.high - bounds.y.low) / side),
  };
  corners.forEach((b, i) => {
    const a = corners.at(i - 1)!;
    const far = Math.max(Math.abs(b[0] - a[0]) / cell.x, Math.abs(b[1] - a[1]) / cell.y);
    const pieces = Math.min(4 * side, Math.max(1, Math.ceil(far)));
    const at = (k: number): Corner => [
      a[0] + ((b[0] - a[0]) * k) / pieces,
      a[1] + ((b[1] - a[1]) * k) / pieces,
    ];
    for (let k = 0; k < pieces; k++) mark(at(k), at(k + 1));
  });
  return crossed;
}

/**
 * An outline with fewer corners: those nearer than `tolerance` to the line between their neighbours go (Douglas and
 * Peucker 1973), a greater tolerance being taken until they are few enough.
 */
export function simplify(corners: readonly Corner[], tolerance: number, limit = CORNERS_LIMIT): Corner[] {
  let found = thinned(corners, tolerance);
  for (let step = tolerance || 1e-9; found.length > limit; step *= 2) found = thinned(corners, step);
  return found;
}

function thinned(corners: readonly Corner[], tolerance: number): Corner[] {
  if (corners.length < 3) return [...corners];
  const kept = new Uint8Array(corners.length);
  kept[0] = kept[corners.length - 1] = 1;
  const open: [number, number][] = [[0, corners.length - 1]];
  for (let span; (span = open.pop());) {
    const [from, to] = span;
    let [far, at] = [tolerance, -1];
    for (let i = from + 1; i < to; i++) {
      const distance = distanceToLine(corners[i]!, corners[from]!, corners[to]!);
      if (distance > far) [far, at] = [distance, i];
    }
    if (at < 0) continue;
    kept[at] = 1;
    open.push([from, at], [at, to]);
  }
  return corners.filter((_, i) => kept[i]);
}

function distanceToLine([x, y]: Corner, [xa, ya]: Corner, [xb, yb]: Corner): number {
  const length = Math.hypot(xb - xa, yb - ya);
  if (length === 0) return Math.hypot(x - xa, y - ya);
  return Math.abs((xb - xa) * (ya - y) - (xa - x) * (yb - ya)) / length;
}

/** The four corners of a box. */
export function rectangle([xa, ya]: Corner, [xb, yb]: Corner): Corner[] {
  return [
    [xa, ya],
    [xb, ya],
    [xb, yb],
    [xa, yb],
  ];
}
