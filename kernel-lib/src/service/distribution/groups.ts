import type { ColumnRef } from "../../views/query.js";
import { frequencies, rowsWithValue } from "../categories.js";
import type { Frame } from "../frame.js";
import { commonRows, type Mask } from "../mask.js";

/** Small multiples that fit a page, and a message. */
const MOST = 12;

/** Rows with a value of a category. */
export interface Group {
  name: string | null;
  rows: Mask;
}

/** The values of a category that most of the rows have, most first, and how many further ones there are. */
export async function groupsOf(
  frame: Frame,
  by: ColumnRef,
  rows: Mask,
): Promise<{ groups: Group[]; omitted: number }> {
  const categories = await frame.categories(by);
  const { list, values } = await frequencies(categories, rows, MOST);
  const groups = [];
  for (const { value } of list)
    groups.push({
      name: value,
      rows: commonRows(frame.size, [rows, await rowsWithValue(categories, [value])]),
    });
  return { groups, omitted: values - list.length };
}
