import type { Group } from "../views/dataset-service.js";
import type { Clause, GroupBy, Query } from "../views/query.js";
import type { DuckDBFrame } from "./duckdb-frame.js";

/** The rows of a query, in order. */
export interface Order {
  /** Positions in the frame. */
  positions: Int32Array;
  /** The first of them; `null` for a query without groups. */
  groups: Group[] | null;
}

/** Groups that a page is told of. */
const GROUPS_LIMIT = 10_000;

/** Works out the order of a query's rows. A sort of a million rows takes some 100 ms. */
export async function orderOf(
  frame: Pick<DuckDBFrame, "where" | "column" | "all" | "integers">,
  query: Query,
  clauses: readonly Clause[],
): Promise<Order> {
  const where = await frame.where(query, clauses);
  const group = await groupColumn(frame, query.group);
  const order = await orderBy(frame, query, group);
  const [positions, groups] = await Promise.all([
    frame.integers(`SELECT position FROM frame WHERE ${where} ORDER BY ${order}`),
    group ? groupsOf(frame, where, group) : null,
  ]);
  return { positions, groups };
}

async function orderBy(
  frame: Pick<DuckDBFrame, "column" | "all">,
  { sort }: Query,
  group: string | null,
): Promise<string> {
  const by = sort && `${await frame.column(sort.column)} ${sort.descending ? "DESC" : "ASC"} NULLS LAST`;
  return [...(group ? [`${group} ASC NULLS LAST`] : []), ...(by ? [by] : []), "position"].join(", ");
}

async function groupColumn(
  frame: Pick<DuckDBFrame, "column">,
  group: GroupBy | null,
): Promise<string | null> {
  return group === null || group === "paper" ? group && "paper_id" : frame.column(`figure.${group}`);
}

async function groupsOf(frame: Pick<DuckDBFrame, "all">, where: string, group: string): Promise<Group[]> {
  const [title, papers] =
    group === "paper_id" ? ["any_value(title)", "LEFT JOIN paper USING (paper_id)"] : ["NULL", ""];
  const found = await frame.all<{ name: string | null; title: string | null; count: number }>(
    `SELECT name, ${title} AS title, any_value(count) AS count
     FROM (SELECT ${group} AS name${group === "paper_id" ? ", paper_id" : ""}, count(*)::INTEGER AS count FROM frame
           WHERE ${where} GROUP BY ALL ORDER BY name ASC NULLS LAST LIMIT ${GROUPS_LIMIT}) ${papers}
     GROUP BY name ORDER BY name ASC NULLS LAST`,
  );
  let from = 0;
  return found.map(({ name, title, count }) => {
    const group = { name, title, from, count };
    from += count;
    return group;
  });
}
