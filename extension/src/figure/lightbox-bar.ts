import { figureName, integer, paperName, type FigureCard, type Verdict } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { LightboxActions } from "./lightbox-actions.js";
import type { Stage } from "./stage.js";
import { ZOOM_STEP } from "./zoom.js";

/** The line at the top of a lightbox: which figure it is, and buttons for what can be done. */
export class LightboxBar {
  readonly element: HTMLElement;
  readonly #name = el("span", { class: "figloom-lightbox-name", dir: "auto" });
  readonly #paper = el("span", { class: "figloom-lightbox-paper", dir: "auto" });
  readonly #position = el("span", { class: "figloom-soft figloom-position" });
  readonly #percent = el("span", { class: "figloom-soft figloom-position" });
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #fold: HTMLButtonElement;
  readonly #fit: HTMLButtonElement;
  readonly #verdicts: { verdict: Verdict; button: HTMLButtonElement }[];

  /** @param stage is zoomed by buttons; it may be made later */
  constructor(actions: LightboxActions, stage: () => Stage) {
    const { judge } = actions;
    this.#verdicts = judge
      ? [
          {
            verdict: "accepted",
            button: button(`✓ ${__("Accept")}`, () => judge("accepted"), { label: __("Accept (a)") }),
          },
          {
            verdict: "rejected",
            button: button(`✕ ${__("Reject")}`, () => judge("rejected"), { label: __("Reject (r)") }),
          },
        ]
      : [];
    this.#previous = button("‹", () => actions.goBy(-1), { label: __("Previous figure (←)") });
    this.#next = button("›", () => actions.goBy(1), { label: __("Next figure (→)") });
    this.#fold = button(__("Details"), () => actions.fold(), { label: __("Show or hide the details (i)") });
    this.#fit = button("", () => stage().toggle());
    this.element = el(
      "header",
      { class: "figloom-lightbox-bar" },
      el("div", { class: "figloom-lightbox-title" }, this.#name, this.#paper),
      judge && group(__("Verdict"), ...this.#verdicts.map((one) => one.button)),
      offered(__("Tag"), actions.tag, __("Tag (t)")),
      offered(__("Copies"), actions.toggleCopies, __("Exact and near copies side by side (d)")),
      offered(__("Paper"), actions.showPaper, __("Show the paper's figures (p)")),
      offered(
        __("Copy reference"),
        actions.copyReference,
        __("Copy code that shows this figure in a cell (c)"),
      ),
      button(__("Copy id"), () => actions.copyId()),
      this.#fold,
      group(
        __("Zoom"),
        button("−", () => stage().zoomBy(1 / ZOOM_STEP), { label: __("Zoom out (-)") }),
        this.#percent,
        button("+", () => stage().zoomBy(ZOOM_STEP), { label: __("Zoom in (+)") }),
      ),
      this.#fit,
      group(__("Figures"), this.#previous, this.#position, this.#next),
      button("✕", () => actions.close(), { label: __("Close") }),
    );
  }

  showPlace(row: number, total: number): void {
    this.#position.textContent = `${integer(row + 1)} / ${integer(total)}`;
    this.#previous.disabled = row === 0;
    this.#next.disabled = row === total - 1;
  }

  showFigure(card: FigureCard): void {
    this.#name.textContent = figureName(card);
    this.#paper.textContent = paperName(card);
  }

  showVerdict(verdict: Verdict | null): void {
    for (const one of this.#verdicts)
      one.button.setAttribute("aria-pressed", String(one.verdict === verdict));
  }

  showFolded(folded: boolean): void {
    this.#fold.setAttribute("aria-pressed", String(!folded));
  }

  showZoom({ percent, isFit }: Pick<Stage, "percent" | "isFit">): void {
    this.#percent.textContent = `${percent} %`;
    const label = isFit ? __("Show at 100 % (z)") : __("Fit the figure into the window (z)");
    this.#fit.textContent = isFit ? "100 %" : __("Fit");
    this.#fit.disabled = isFit && percent === 100;
    this.#fit.title = label;
    this.#fit.setAttribute("aria-label", label);
  }
}

const group = (label: string, ...parts: Node[]): HTMLElement =>
  el("span", { class: "figloom-group", role: "group", "aria-label": label }, ...parts);

const offered = (text: string, act: (() => void) | null, label: string): HTMLElement | null =>
  act && button(text, act, { label });
