import { drawChip } from "../common/chip.js";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { ViewSelection } from "./view-selection.js";

/**
 * What the views of a dataset select, each part with a way out of it: the same line in each of them. It has its place also
 * while nothing is selected, so that nothing moves under a pointer that selects.
 */
export class SelectionLine {
  readonly element = el("div", { class: "figloom-selection-line", hidden: true, tabindex: "-1" });
  readonly #fail: (error: unknown) => void;

  /** @param fail is told why something could not be taken away */
  constructor(fail: (error: unknown) => void) {
    this.#fail = fail;
  }

  /** @param follows whether the other views narrow this one */
  draw(selection: ViewSelection | null, { follows = true }: { follows?: boolean } = {}): void {
    const parts = (selection?.parts ?? []).filter(({ source }) => follows || source === selection!.source);
    const live = selection?.live ?? false;
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = parts.length === 0 && !(live && follows);
    if (!selection || parts.length === 0) {
      this.element.replaceChildren(el("span", { class: "figloom-soft" }, __("Selection: none")));
      if (focused) this.element.focus();
      return;
    }
    const chips = parts.map((part) =>
      drawChip(part.label, {
        onRemove: live ? () => void selection.remove(part).catch(this.#fail) : null,
        className: part.source === selection.source ? "figloom-linked figloom-own" : "figloom-linked",
        title: part.source === selection.source ? __("Selected here") : __("Selected in another view"),
      }),
    );
    const clear = button(__("Clear all"), () => void selection.clear().catch(this.#fail), {
      label: __("Clear what all views have selected"),
      className: "figloom-link",
    });
    this.element.replaceChildren(
      el("span", { class: "figloom-soft" }, __("Selection")),
      el(
        "span",
        { class: "figloom-chips", role: "list", "aria-label": __("Selected in the views") },
        ...chips,
      ),
      ...(live ? [clear] : []),
    );
    if (focused) (live ? clear : this.element.querySelector("button"))?.focus();
  }
}
