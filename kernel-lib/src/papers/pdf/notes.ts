/** Notes at the foot of a column: set smaller than the text and opened by a mark. */
import type { Column } from "./columns.js";
import type { Row } from "./rows.js";

/** In parts of the body's size. */
const NOTE_SIZE = 0.93;
const MARK = /^(?:[¹²³⁴-⁹⁰]+|\^\(?[*∗†‡§¶#\p{L}]+\)?|\d{1,2})\s?(?=[\p{L}“"(])|^(?:\uf8f0|[*∗†‡§¶])/u;

/** The columns without their notes. */
export function withoutNotes(columns: readonly Column[], bodySize: number): Column[] {
  return columns.map((column, i) => {
    const after = columns.slice(i + 1, i + 1 + MAX_AFTER);
    const first = isAtFoot(column, after) ? firstNote(column.rows, bodySize) : undefined;
    return first === undefined ? column : { ...column, rows: column.rows.slice(0, first) };
  });
}

/** Columns read after one that may stand below it. */
const MAX_AFTER = 12;

/** Whether nothing of what is read after a column stands below it on its page. */
const isAtFoot = (column: Column, after: readonly Column[]) =>
  !after.some(
    ({ page, left, right, rows }) =>
      page === column.page &&
      Math.min(right, column.right) > Math.max(left, column.left) &&
      rows[0]!.base > column.rows.at(-1)!.base,
  );

function firstNote(rows: readonly Row[], bodySize: number): number | undefined {
  let top = rows.length;
  while (top > 0 && rows[top - 1]!.size < NOTE_SIZE * bodySize) top--;
  const first = rows.slice(top).findIndex(({ text }) => MARK.test(text));
  return first < 0 ? undefined : top + first;
}
