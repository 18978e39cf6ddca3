import {
  figureName,
  paperName,
  type CaptionVerdict,
  type ComparedRow,
  type MatrixColumn,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { button, el, takesText } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { drawCaption, drawScores } from "../figure/caption.js";
import { drawStage } from "../figure/stage.js";
import { drawAnswer } from "./answer.js";
import { drawVerdict } from "./rows.js";

export interface DialogOptions {
  columns: readonly MatrixColumn[];
  /** Figures in the order on display. */
  figures: readonly number[];
  start: number;
  row(figure: number): ComparedRow;
  verdict(figure: number, column: number): CaptionVerdict | null;
  judge(figure: number, column: number, verdict: CaptionVerdict): Promise<void>;
  /** Told which figure was shown last. */
  onClose(figure: number): void;
}

/** Opens a figure with all its captions in full, side by side; arrows go to its neighbours, Escape closes. */
export function openRow(options: DialogOptions, context: DrawContext): void {
  const { columns, figures, row, verdict, judge, onClose } = options;
  let at = Math.max(0, figures.indexOf(options.start));
  const name = el("span", { class: "figloom-lightbox-name", dir: "auto" });
  const paper = el("span", { class: "figloom-lightbox-paper", dir: "auto" });
  const position = el("span", { class: "figloom-soft figloom-position" });
  const stage = el("div", {
    class: "figloom-stage",
    tabindex: "0",
    role: "group",
    "aria-label": __("Figure"),
  });
  const captions = el("div", {
    class: "figloom-matrix-captions",
    tabindex: "0",
    role: "group",
    "aria-label": __("Captions"),
  });
  const previous = button("‹", () => go(at - 1), { label: __("Previous figure") });
  const next = button("›", () => go(at + 1), { label: __("Next figure") });
  const close = button("✕", () => dialog.close(), { label: __("Close") });
  const dialog = el(
    "dialog",
    {
      class: "figloom figloom-lightbox figloom-matrix-dialog",
      role: "dialog",
      "aria-modal": "true",
      ...OWN_KEYS,
    },
    el(
      "header",
      { class: "figloom-lightbox-bar" },
      el("div", { class: "figloom-lightbox-title" }, name, paper),
      el("span", { class: "figloom-group" }, previous, position, next),
      close,
    ),
    el("div", { class: "figloom-matrix-dialog-body" }, stage, captions),
  );

  function go(to: number): void {
    if (figures[to] === undefined) return;
    at = to;
    const { card } = row(figures[at]!);
    dialog.setAttribute("aria-label", `${figureName(card)}, ${paperName(card)}`);
    name.textContent = figureName(card);
    paper.textContent = paperName(card);
    position.textContent = `${at + 1} / ${figures.length}`;
    previous.disabled = at === 0;
    next.disabled = at === figures.length - 1;
    drawStage(card, stage, context);
    drawCaptions();
  }

  function drawCaptions(): void {
    const figure = figures[at]!;
    const { raw, cells } = row(figure);
    captions.replaceChildren(
      el(
        "section",
        {},
        el("h3", {}, __("Raw caption")),
        el("div", { class: "figloom-answer-meta" }, ...drawScores(raw)),
        drawCaption(raw),
      ),
      ...cells.map(({ answers }, column) =>
        el(
          "section",
          {},
          el("h3", {}, columns[column]!.name),
          ...answers.map((answer, i) => drawAnswer(answer, answers.length > 1 ? i + 1 : null)),
          drawVerdict(verdict(figure, column), (to) => void judge(figure, column, to).then(drawCaptions)),
        ),
      ),
    );
  }

  dialog.addEventListener("keydown", (event) => {
    if (takesText(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") go(at - 1);
    else if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "Escape") dialog.close();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose(figures[at]!);
  });
  context.signal.addEventListener("abort", () => dialog.remove(), { once: true });
  go(at);
  document.body.append(dialog);
  dialog.showModal();
  captions.focus();
}
