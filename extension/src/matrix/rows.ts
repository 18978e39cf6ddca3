import {
  agreementText,
  captionSegments,
  figureName,
  paperName,
  type CaptionVerdict,
  type ComparedRow,
  type MatrixCell,
  type MatrixColumn,
} from "figloom/views";
import { button, el } from "../common/dom.js";
import { __, _n } from "../common/words.js";
import { drawSegment } from "../figure/caption.js";
import { drawThumb } from "../figure/picture.js";
import { drawAnswer } from "./answer.js";

/** What a row needs of the matrix around it. */
export interface RowContext {
  columns: readonly MatrixColumn[];
  /** Whether repetitions of a cell are shown, or the first one alone. */
  unfolded(figure: number, column: number): boolean;
  fold(figure: number, column: number): void;
  verdict(figure: number, column: number): CaptionVerdict | null;
  judge(figure: number, column: number, verdict: CaptionVerdict): void;
}

/** A row on display: it is changed where it differs. */
export interface DrawnRow {
  node: HTMLElement;
  cells: HTMLElement[];
  /** @param stamps what of the cells is on display, to tell what changed */
  stamps: string[];
}

/** A row with its figure; the answers come with {@link changeRow}. */
export function drawRow({ card, raw }: ComparedRow, figure: number, columns: number): DrawnRow {
  const name = `${figureName(card)}, ${paperName(card)}`;
  const text =
    raw.text === ""
      ? el("p", { class: "figloom-text figloom-soft" }, __("No caption."))
      : el(
          "p",
          { class: "figloom-text figloom-matrix-raw", dir: "auto" },
          ...captionSegments(raw).map(drawSegment),
        );
  const first = el(
    "div",
    {
      role: "rowheader",
      class: "figloom-matrix-first figloom-matrix-figure",
      tabindex: "-1",
      "data-column": 0,
      "aria-label": __("%1. Enter opens it", name),
    },
    el("div", { class: "figloom-matrix-picture" }, drawThumb(card)),
    el("div", { class: "figloom-matrix-name" }, el("b", {}, figureName(card))),
    el(
      "div",
      { class: "figloom-soft figloom-matrix-paper", dir: "auto", title: paperName(card) },
      paperName(card),
    ),
    text,
  );
  const cells = Array.from({ length: columns }, (_, column) =>
    el("div", { role: "gridcell", class: "figloom-matrix-cell", tabindex: "-1", "data-column": column + 1 }),
  );
  const node = el(
    "div",
    { role: "row", class: "figloom-matrix-row", "data-figure": figure },
    first,
    ...cells,
  );
  return { node, cells: [first, ...cells], stamps: [] };
}

/** Draws the cells anew that differ from what is on display. */
export function changeRow(drawn: DrawnRow, row: ComparedRow, figure: number, context: RowContext): void {
  row.cells.forEach((cell, column) => {
    const open = context.unfolded(figure, column);
    const verdict = context.verdict(figure, column);
    const stamp = JSON.stringify([cell, open, verdict]);
    if (drawn.stamps[column] === stamp) return;
    drawn.stamps[column] = stamp;
    const node = drawn.cells[column + 1]!;
    // A focused button is replaced by another one: the cell takes the focus over.
    const focused = node.contains(document.activeElement) && node !== document.activeElement;
    const label = document.activeElement?.getAttribute("data-does");
    node.replaceChildren(...drawCell(cell, figure, column, open, verdict, context));
    node.classList.toggle("figloom-kept", verdict === "kept");
    node.classList.toggle("figloom-rejected", verdict === "rejected");
    if (focused) (node.querySelector<HTMLElement>(`[data-does="${label}"]`) ?? node).focus();
  });
}

function drawCell(
  { answers, agreement }: MatrixCell,
  figure: number,
  column: number,
  open: boolean,
  verdict: CaptionVerdict | null,
  context: RowContext,
): Node[] {
  const several = answers.length > 1;
  const shown = open ? answers : answers.slice(0, 1);
  const nodes: Node[] = shown.map((answer, repeat) => drawAnswer(answer, several ? repeat + 1 : null));
  const foot = el("div", { class: "figloom-matrix-foot" });
  if (several) {
    const more = answers.length - 1;
    const text = open ? __("fold") : _n("%1 more", "%1 more", more);
    const label = open ? __("Fold the repetitions") : _n("Show %1 repetition", "Show %1 repetitions", more);
    const fold = button(text, () => context.fold(figure, column), {
      label,
      className: "figloom-button figloom-matrix-button",
    });
    fold.dataset["does"] = "fold";
    fold.setAttribute("aria-expanded", String(open));
    foot.append(fold);
    if (agreement !== null) foot.append(el("span", { class: "figloom-soft" }, agreementText(agreement)));
  }
  if (answers.some(({ state }) => state === "answered"))
    foot.append(drawVerdict(verdict, (to) => context.judge(figure, column, to)));
  if (foot.childNodes.length > 0) nodes.push(foot);
  return nodes;
}

/** Two buttons of which at most one is pressed. */
export function drawVerdict(
  verdict: CaptionVerdict | null,
  onJudge: (verdict: CaptionVerdict) => void,
): HTMLElement {
  const one = (sign: string, to: CaptionVerdict, label: string) => {
    const node = button(sign, () => onJudge(to), {
      label,
      className: `figloom-button figloom-matrix-button figloom-judge-${to}`,
    });
    node.dataset["does"] = to;
    node.setAttribute("aria-pressed", String(verdict === to));
    return node;
  };
  return el(
    "span",
    { class: "figloom-group figloom-judge" },
    one("✓", "kept", __("Keep this caption (k)")),
    one("✗", "rejected", __("Reject this caption (x)")),
  );
}
