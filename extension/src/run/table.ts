import { el } from "../common/dom.js";

export interface TableRow {
  /** Stands in the first column. */
  name: Node | string;
  cells: readonly (Node | string)[];
  className: string | null;
}

/**
 * A wide table that scrolls by itself, by keys, too.
 * @param className of the table, where it is another kind of one
 */
export function scrolledTable(
  label: string,
  headings: readonly string[],
  rows: readonly TableRow[],
  className = "",
): HTMLElement {
  const head = el("tr", {}, ...headings.map((heading) => el("th", { scope: "col" }, heading)));
  const body = rows.map(({ name, cells, className }) =>
    el(
      "tr",
      { class: className },
      el("th", { scope: "row", dir: "auto" }, name),
      ...cells.map((cell) => el("td", { dir: "auto" }, cell)),
    ),
  );
  const table = el(
    "table",
    { class: `figloom-table ${className}`.trim() },
    el("thead", {}, head),
    el("tbody", {}, ...body),
  );
  return el("div", { class: "figloom-run-scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}
