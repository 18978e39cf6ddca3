/** What a view asks of a dataset: which figures, in which order; and the selection that the views of a dataset share. */

/**
 * A column to sort, colour, draw or choose by. `figure.<column>` (`figure.width`, `figure.discipline`, `figure.panels` and
 * `figure.contexts` as their numbers), `paper.<column>`, `measurement.<column>` (`measurement.entropy`),
 * `score.<metric>@<caption>` (`score.support@raw`), `length.<caption>` (characters of a caption),
 * `review.verdict`, `map.<name>.x`.
 */
export type ColumnRef = string;

export interface ColumnInfo {
  ref: ColumnRef;
  /** For people: `support of raw captions`. */
  label: string;
  kind: "number" | "category";
}

export interface Sort {
  column: ColumnRef;
  descending: boolean;
}

export type GroupBy = "paper" | "discipline" | "kind";

/** Which figures, in which order. Plain data: it travels in notebooks, and the same query shows the same figures again. */
export interface Query {
  /** An SQL condition over the figures' columns. */
  where: string | null;
  /** Words of which each must stand in a figure's captions, label, id or its paper's title. */
  search: string;
  /** @default by paper, and in the paper's order */
  sort: Sort | null;
  group: GroupBy | null;
  /** Tables stand among the figures in a dataset. */
  floats: "figure" | "table" | "both";
  /** Whether the selection of the other views narrows this one. */
  linked: boolean;
}

export const EVERYTHING: Query = {
  where: null,
  search: "",
  sort: null,
  group: null,
  floats: "figure",
  linked: true,
};

/** One view's part of the selection. */
export type Clause =
  /** Values in `[from, to]`; a figure without a value is not in it. */
  | { kind: "range"; column: ColumnRef; from: number; to: number }
  /** One of these, among others where a figure has several; `null` is "no value". */
  | { kind: "values"; column: ColumnRef; values: (string | null)[] }
  /** These figures, 10,000 at most. */
  | { kind: "figures"; figure_ids: string[] }
  /** Inside a closed polygon of at most 500 corners, by the even–odd rule. */
  | { kind: "polygon"; x: ColumnRef; y: ColumnRef; corners: [x: number, y: number][] };

/** A clause as it stands in the selection. Each view has at most one, and is itself not narrowed by it. */
export interface SelectionPart {
  /** The view that it comes from: any text that no other view uses. */
  source: string;
  /** For people: `support of raw captions 0.2 to 0.5`. */
  label: string;
  clause: Clause;
}

/** What a view was made from, so that it can ask for more of the same. `null` in outputs without a dataset behind. */
export interface LiveQuery {
  /** The dataset's folder, absolute, as the kernel sees it. */
  dataset: string;
  query: Query;
}
