import { inside, type Corner } from "../views/outline.js";
import { rowsWhere, type Mask } from "./mask.js";

/** The rows whose place lies inside a closed outline, see {@link inside}; one without a place is outside. */
export function rowsInside(x: Float32Array, y: Float32Array, corners: readonly Corner[]): Mask {
  const [xs, ys] = [corners.map(([at]) => at), corners.map(([, at]) => at)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const found = new Uint8Array(x.length);
  for (let position = 0; position < found.length; position++) {
    const [across, up] = [x[position]!, y[position]!];
    if (across >= left && across <= right && up >= bottom && up <= top && inside(corners, across, up))
      found[position] = 1;
  }
  return rowsWhere(found, Uint8Array.of(0, 1));
}
