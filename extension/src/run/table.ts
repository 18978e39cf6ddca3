import { el } from "../common/dom.js";

export interface Column {
  heading: string;
  /** Numbers stand below one another by their last digits, words by their beginnings. */
  isNumber: boolean;
  /** What the heading is too short to say. */
  hint?: string | undefined;
}

export interface TableRow {
  /** Stands in the first column. */
  name: Node | string;
  cells: readonly (Node | string)[];
  className: string | null;
}

/**
 * A wide table that scrolls by itself, by keys, too.
 * @param columns the first above the names
 */
export function scrolledTable(
  label: string,
  columns: readonly Column[],
  rows: readonly TableRow[],
): HTMLElement {
  const kind = (i: number) => (columns[i]?.isNumber ? "figloom-number" : null);
  const head = columns.map(({ heading, hint = null }, i) =>
    el("th", { scope: "col", class: kind(i), title: hint }, heading),
  );
  const body = rows.map(({ name, cells, className }) =>
    el(
      "tr",
      { class: className },
      el("th", { scope: "row", dir: "auto" }, name),
      ...cells.map((cell, i) => el("td", { dir: "auto", class: kind(i + 1) }, cell)),
    ),
  );
  const table = el(
    "table",
    { class: "figloom-table" },
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...body),
  );
  return el("div", { class: "figloom-run-scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}

/** A word on how something is, behind a dot in the colour of that. */
export const stateCell = (state: string): HTMLElement =>
  el("span", { class: "figloom-run-state", "data-status": state }, state);
