import { list, oneOf } from "../dataset/sql.js";
import type { Clause } from "../views/query.js";
import { columnOf, type Catalogue, type Column } from "./columns.js";

/** A clause of a selection as a condition over the columns of the view `figures`, for any verb that takes one. */
export function conditionOf(clause: Clause, catalogue: Catalogue): string {
  switch (clause.kind) {
    case "figures":
      return oneOf("figure_id", clause.figure_ids);
    case "range":
      return among(
        columnOf(catalogue, clause.column),
        (value) => `${value}::FLOAT BETWEEN ${single(clause.from)} AND ${single(clause.to)}`,
      );
    case "values": {
      const column = columnOf(catalogue, clause.column);
      return among(column, (value) => hasOneOf(value, clause.values, column.several));
    }
    case "polygon": {
      const [x, y] = [columnOf(catalogue, clause.x), columnOf(catalogue, clause.y)];
      const edges = clause.corners.map(([ax, ay], i) => {
        const [bx, by] = clause.corners.at(i - 1)!;
        return `[${ax}, ${ay}, ${bx}, ${by}]`;
      });
      // Even–odd rule: a ray to the right crosses the outline an odd number of times.
      const crossed = "(e[2] > y) <> (e[4] > y) AND x < (e[3] - e[1]) * (y - e[2]) / (e[4] - e[2]) + e[1]";
      return `figure_id IN (SELECT figure_id FROM (SELECT figure_id, a.value::FLOAT AS x, b.value::FLOAT AS y FROM ${rowsOf(x)} AS a JOIN ${rowsOf(y)} AS b USING (figure_id)) WHERE len(list_filter([${edges.join(", ")}]::DOUBLE[][], lambda e: ${crossed})) % 2 = 1)`;
    }
  }
}

/** The views compare in single precision; so does this, for the same figures. Written with as few digits as say the same. */
function single(value: number): string {
  const digits = [6, 7, 8, 9].find(
    (digits) => Math.fround(Number(value.toPrecision(digits))) === Math.fround(value),
  );
  return `'${Number(value.toPrecision(digits ?? 17))}'::FLOAT`;
}

/** A condition on a column's values. */
const among = (column: Column, condition: (value: string) => string): string =>
  column.own === undefined
    ? `figure_id IN (SELECT figure_id FROM ${rowsOf(column)} WHERE ${condition("value")})`
    : condition(column.own);

const rowsOf = ({ own, among }: Column): string =>
  own === undefined ? among! : `(SELECT figure_id, ${own} AS value FROM figures)`;

function hasOneOf(value: string, values: readonly (string | null)[], several = false): string {
  const texts = values.filter((text) => text !== null);
  const parts = [
    ...(texts.length === 0
      ? []
      : several
        ? [`list_has_any(${value}, ${list(texts)})`]
        : [oneOf(value, texts)]),
    ...(values.includes(null) ? [`${value} IS NULL`] : []),
  ];
  return parts.length === 0 ? "false" : parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
}
