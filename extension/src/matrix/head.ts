import { deltaText, directionOf, measuresOf, notesOf, type MatrixColumn, type Measure } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** The head of a column. Its parts change by themselves while the trial goes on. */
export interface ColumnHead {
  node: HTMLElement;
  counts(text: string): void;
  baseline(is: boolean): void;
}

/** A prompt's name, model and hash, what was thought of its captions, and the button that keeps it. */
export function drawColumnHead(
  column: MatrixColumn,
  onKeep: (button: HTMLButtonElement) => void,
): ColumnHead {
  const { name, model, prompt_hash, about } = column;
  const counts = el("span", { class: "figloom-soft figloom-counts" });
  const base = el("span", { class: "figloom-chip", hidden: true }, __("baseline"));
  const keep = button(__("Keep this prompt"), () => onKeep(keep), {
    className: "figloom-button figloom-keep",
    label: __("Keep the prompt %1 as a file", name),
  });
  const node = el(
    "div",
    { role: "columnheader", class: "figloom-matrix-head" },
    el("div", { class: "figloom-matrix-name" }, el("b", {}, name), base),
    el(
      "div",
      { class: "figloom-soft", title: about || null },
      [...(model ? [model] : []), prompt_hash.slice(0, 8)].join(" · "),
    ),
    el("div", { class: "figloom-matrix-keep" }, counts, keep),
  );
  return {
    node,
    counts: (text) => (counts.textContent = text),
    baseline: (is) => (base.hidden = !is),
  };
}

/** The rows of means, each with how far it lies above the baseline and the interval of that. */
export function drawMeasures(columns: readonly MatrixColumn[]): HTMLElement[] {
  const rows = measuresOf(columns).map((measure) =>
    el(
      "div",
      { role: "row", class: "figloom-matrix-row figloom-measure" },
      el("div", { role: "rowheader", class: "figloom-matrix-first" }, measure.name),
      ...columns.map((column) => drawMeasure(measure, column)),
    ),
  );
  const notes = notesOf(columns);
  if (notes.length > 0) rows[0]?.setAttribute("title", notes.join("\n"));
  return rows;
}

function drawMeasure({ value, delta }: Measure, column: MatrixColumn): HTMLElement {
  const change = delta?.(column);
  const scope =
    change && __("mean over %1 figures of %2 papers, with its 95 % interval", change.n, change.papers);
  return el(
    "div",
    { role: "gridcell", class: "figloom-measure-cell" },
    el("span", { class: "figloom-value" }, value(column)),
    change && change.mean !== null
      ? el(
          "span",
          { class: `figloom-delta figloom-${directionOf(change) || "even"}`, title: scope ?? null },
          deltaText(change),
        )
      : null,
  );
}
