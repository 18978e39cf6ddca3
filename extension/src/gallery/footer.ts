import { integer } from "figloom/views";
import { button, el } from "../common/dom.js";
import { Said } from "../common/said.js";
import { __, _n } from "../common/words.js";

export interface FooterOptions {
  onGoTo(row: number): void;
  /** The row box is left for the figures. */
  onLeave(): void;
  onAccept(): void;
  onReject(): void;
  onTag(): void;
  /** Makes the selected figures this view's part of the shared selection. */
  onUse(): void;
  onClear(): void;
  onUndo(): void;
}

/** Below the grid: where it is, what is selected, and what was done last. */
export class Footer {
  readonly element: HTMLElement;
  readonly #row: HTMLInputElement;
  readonly #total = el("span", { class: "figloom-soft" });
  readonly #picked: HTMLElement;
  readonly #count = el("span", {});
  readonly #live: HTMLElement;
  readonly #said: Said;

  constructor({ onGoTo, onLeave, ...on }: FooterOptions) {
    this.#row = el("input", {
      type: "text",
      inputmode: "numeric",
      class: "figloom-input figloom-row-box",
      "aria-label": __("Go to row"),
      title: __("Go to a row by its number (g)"),
      maxlength: 12,
    });
    this.#row.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        const row = Number(this.#row.value.replace(/[\s,._']/g, ""));
        if (Number.isInteger(row) && row > 0) onGoTo(row - 1);
      } else if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      onLeave();
    });
    this.#row.addEventListener("focus", () => this.#row.select());
    this.#live = el(
      "span",
      { class: "figloom-picked-live" },
      button(`✓ ${__("Accept")}`, on.onAccept, { label: __("Accept the selected figures (a)") }),
      button(`✕ ${__("Reject")}`, on.onReject, { label: __("Reject the selected figures (r)") }),
      button(__("Tag"), on.onTag, { label: __("Tag the selected figures (t)") }),
      button(__("Use as selection"), on.onUse, {
        label: __("Use as selection: the other views of the dataset show these figures"),
      }),
    );
    this.#picked = el(
      "span",
      { class: "figloom-picked", role: "group", "aria-label": __("Selected figures"), hidden: true },
      this.#count,
      this.#live,
      button(__("Clear"), on.onClear, { label: __("Select nothing (Escape)") }),
    );
    this.#said = new Said(on.onUndo);
    this.element = el(
      "div",
      { class: "figloom-footer" },
      el("span", { class: "figloom-where-at" }, el("span", {}, __("Row")), this.#row, this.#total),
      this.#picked,
      this.#said.element,
    );
  }

  /** Goes into the row box. */
  goTo(): void {
    this.#row.focus();
  }

  place(row: number, total: number): void {
    this.#total.textContent = __("of %1", integer(total));
    if (document.activeElement === this.#row) return;
    const text = total === 0 ? "0" : integer(row + 1);
    if (this.#row.value !== text) this.#row.value = text;
    this.#row.style.width = `${Math.max(6, integer(total).length + 3)}ch`;
  }

  picked(count: number, live: boolean): void {
    this.#picked.hidden = count === 0;
    this.#live.hidden = !live;
    this.#count.textContent = _n("%2 selected", "%2 selected", count, integer(count));
  }

  say(text: string, undo = false): void {
    this.#said.say(text, undo);
  }

  /** Says why something did not work. */
  fail(error: unknown): void {
    this.#said.fail(error);
  }
}
