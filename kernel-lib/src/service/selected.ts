import { ConfigurationError } from "../errors.js";
import type { Clause, ColumnRef } from "../views/query.js";
import { oneOf } from "./clauses.js";
import { literal } from "../dataset/sql.js";
import type { Catalogue, Column } from "./columns.js";

/** A clause of a selection as a condition over the columns of the view `figures`, for any verb that takes one. */
export function conditionOf(clause: Clause, catalogue: Catalogue): string {
  switch (clause.kind) {
    case "figures":
      return oneOf(clause.figure_ids);
    case "range":
      return among(
        known(catalogue, clause.column),
        (value) => `${value} BETWEEN ${clause.from} AND ${clause.to}`,
      );
    case "values":
      return among(known(catalogue, clause.column), (value) => oneOfValues(value, clause.values));
    case "polygon": {
      const [x, y] = [known(catalogue, clause.x), known(catalogue, clause.y)];
      const edges = clause.corners.map(([ax, ay], i) => {
        const [bx, by] = clause.corners.at(i - 1)!;
        return `[${ax}, ${ay}, ${bx}, ${by}]`;
      });
      // Even–odd rule: a ray to the right crosses the outline an odd number of times.
      const crossed = "(e[2] > y) <> (e[4] > y) AND x < (e[3] - e[1]) * (y - e[2]) / (e[4] - e[2]) + e[1]";
      return `figure_id IN (SELECT figure_id FROM (SELECT figure_id, a.value AS x, b.value AS y FROM (${x.sql}) AS a JOIN (${y.sql}) AS b USING (figure_id)) WHERE len(list_filter([${edges.join(", ")}]::DOUBLE[][], lambda e: ${crossed})) % 2 = 1)`;
    }
  }
}

function known(catalogue: Catalogue, ref: ColumnRef): Column {
  const column = catalogue.get(ref);
  if (!column)
    throw new ConfigurationError(`What is selected asks about "${ref}", which the dataset no longer has.`);
  return column;
}

function among({ own, among, sql }: Column, condition: (value: string) => string): string {
  if (own !== undefined) return condition(own);
  if (among !== undefined) return `figure_id IN (SELECT figure_id FROM ${among} AND ${condition("value")})`;
  return `figure_id IN (SELECT figure_id FROM (${sql}) WHERE ${condition("value")})`;
}

function oneOfValues(value: string, values: readonly (string | null)[]): string {
  const texts = values.filter((text) => text !== null).map(literal);
  const parts = [
    ...(texts.length > 0 ? [`${value} IN (${texts.join(", ")})`] : []),
    ...(values.includes(null) ? [`${value} IS NULL`] : []),
  ];
  return parts.length === 0 ? "false" : parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
}
