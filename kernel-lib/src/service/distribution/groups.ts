import { literal } from "../../dataset/sql.js";
import type { ColumnRef } from "../../views/query.js";
import type { Frame } from "../frame.js";

/** Small multiples that fit a page, and a message. */
const MOST = 12;

export interface Groups {
  /** SQL of a row's group. */
  group: string;
  /** SQL of the rows in one of the groups named. */
  where: string;
  /** Most rows first. */
  names: (string | null)[];
  /** How many further groups there are. */
  omitted: number;
}

/** The values of a category that most rows have. */
export async function groupsOf(frame: Frame, by: ColumnRef, where: string): Promise<Groups> {
  const group = `(${await frame.column(by)})::VARCHAR`;
  const rows = await frame.all<{ name: string | null; groups: number }>(
    `SELECT name, (count(*) OVER ())::INTEGER AS groups
     FROM (SELECT ${group} AS name, count(*) AS n FROM frame WHERE ${where} GROUP BY ALL)
     ORDER BY n DESC, name NULLS LAST LIMIT ${MOST}`,
  );
  const names = rows.map(({ name }) => name);
  return {
    group,
    where: `(${where}) AND ${within(group, names)}`,
    names,
    omitted: (rows[0]?.groups ?? 0) - names.length,
  };
}

/** Whether an SQL expression has one of these values. */
export function within(expression: string, values: readonly (string | null)[]): string {
  const texts = values.filter((value) => value !== null).map(literal);
  const parts = [
    ...(texts.length > 0 ? [`${expression} IN (${texts.join(", ")})`] : []),
    ...(values.includes(null) ? [`${expression} IS NULL`] : []),
  ];
  return parts.length > 0 ? `(${parts.join(" OR ")})` : "false";
}
