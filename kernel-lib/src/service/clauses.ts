import { literal } from "../dataset/sql.js";
import type { Clause } from "../views/query.js";

/** A clause that is a comparison of one column. */
export type Comparison = Extract<Clause, { kind: "range" | "values" }>;

/** The condition of a clause on the SQL name of its column. Ranges are met in single precision, as columns have it. */
export function comparison(clause: Comparison, column: string): string {
  if (clause.kind === "range") return `${column} BETWEEN ${single(clause.from)} AND ${single(clause.to)}`;
  const values = clause.values.filter((value) => value !== null);
  const parts = [
    ...(values.length > 0 ? [`${column} IN (${values.map(literal).join(", ")})`] : []),
    ...(clause.values.includes(null) ? [`${column} IS NULL`] : []),
  ];
  return parts.length === 0 ? "false" : `(${parts.join(" OR ")})`;
}

const single = (value: number): string => `${Math.fround(value).toExponential()}::FLOAT`;

/** The condition that a figure is one of these. Written out, it lets stretches of files be passed over. */
export const oneOf = (figure_ids: string[]): string =>
  figure_ids.length === 0 ? "false" : `figure_id IN (${figure_ids.map(literal).join(", ")})`;

/**
 * Marks the points inside a closed polygon by the even–odd rule (a ray to the right crosses the outline an odd number of
 * times). Points without a place are outside.
 */
export function insidePolygon(
  x: Float32Array,
  y: Float32Array,
  corners: readonly (readonly [x: number, y: number])[],
): Uint8Array {
  const [xs, ys] = [corners.map(([at]) => at), corners.map(([, at]) => at)];
  const [right, top] = [Math.max(...xs), Math.max(...ys)];
  const bottom = Math.min(...ys);
  const inside = new Uint8Array(x.length);
  for (let i = 0; i < inside.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    if (!(px <= right && py >= bottom && py <= top)) continue;
    let odd = false;
    for (let a = 0, b = xs.length - 1; a < xs.length; b = a++) {
      const [ya, yb] = [ys[a]!, ys[b]!];
      if (ya > py !== yb > py && px < ((xs[b]! - xs[a]!) * (py - ya)) / (yb - ya) + xs[a]!) odd = !odd;
    }
    if (odd) inside[i] = 1;
  }
  return inside;
}
