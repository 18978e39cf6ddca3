import { integer } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { chosen, countCards, facetsFor, FACETS, withValue, type Count, type Facet } from "./facets.js";
import type { GalleryModel } from "./model.js";

/** Values of each facet with how many figures have them, and the user's own condition. */
export class FilterPanel {
  readonly element: HTMLElement;
  readonly #model: GalleryModel;
  readonly #lists = el("div", { class: "figloom-facets" });
  readonly #where: HTMLInputElement;
  readonly #problem = el("p", { class: "figloom-problem", role: "alert", hidden: true });
  readonly #condition: HTMLElement;
  #counting = new AbortController();
  /** What was counted last. */
  #counted = "";

  constructor(model: GalleryModel, signal: AbortSignal, onClose: () => void) {
    this.#model = model;
    this.#where = el("input", {
      type: "text",
      class: "figloom-input figloom-where",
      placeholder: "width > 800 AND discipline = 'Biology'",
      "aria-label": __("Condition in SQL over the figures' columns"),
      spellcheck: "false",
      autocomplete: "off",
      dir: "ltr",
    });
    this.#where.value = model.where ?? "";
    const apply = () => void model.change({ where: this.#where.value.trim() || null });
    this.#where.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      apply();
    });
    this.#condition = el(
      "div",
      { class: "figloom-condition" },
      el("span", { class: "figloom-facet-name" }, "SQL"),
      this.#where,
      button(__("Apply"), apply),
    );
    this.element = el(
      "div",
      { class: "figloom-filter-panel", hidden: true, role: "group", "aria-label": __("Filter") },
      this.#condition,
      this.#problem,
      this.#lists,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      onClose();
    });
    signal.addEventListener("abort", () => this.#counting.abort());
  }

  /** Shows it or hides it. @returns whether it is shown now */
  toggle(): boolean {
    this.element.hidden = !this.element.hidden;
    this.update();
    if (!this.element.hidden) this.element.querySelector<HTMLElement>("input:not([hidden])")?.focus();
    return !this.element.hidden;
  }

  update(): void {
    const { problem, reachable } = this.#model;
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem ?? "";
    this.#condition.hidden = !reachable;
    if (document.activeElement !== this.#where) this.#where.value = this.#model.where ?? "";
    if (this.element.hidden) return;
    const asked = JSON.stringify([
      reachable,
      this.#model.asked,
      this.#model.selection?.parts,
      this.#model.about?.columns,
    ]);
    if (asked === this.#counted) return;
    this.#counted = asked;
    void this.#count();
  }

  async #count(): Promise<void> {
    this.#counting.abort();
    const { signal } = (this.#counting = new AbortController());
    const model = this.#model;
    const facets = model.reachable ? facetsFor(model.about?.columns ?? []) : FACETS;
    const counted = await Promise.all(facets.map((facet) => this.#valuesOf(facet, signal)));
    if (signal.aborted) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.facet;
    const lists = facets.flatMap((facet, i) =>
      counted[i]!.length > 0 ? [this.#drawFacet(facet, counted[i]!)] : [],
    );
    this.#lists.replaceChildren(...lists);
    if (lists.length === 0)
      this.#lists.append(el("p", { class: "figloom-soft" }, __("There is nothing here to choose by.")));
    if (focused)
      [...this.#lists.querySelectorAll<HTMLElement>("input")]
        .find((box) => box.dataset.facet === focused)
        ?.focus();
  }

  /** Values of a facet, counted among what the other choices leave. */
  async #valuesOf(facet: Facet, signal: AbortSignal): Promise<Count[]> {
    const model = this.#model;
    const others = model.choices.filter((choice) => choice.facet.ref !== facet.ref);
    if (model.reachable) {
      const rows = { query: model.askedWith(others), source: model.selection!.source };
      return model.link!.ask("facets", { ...rows, column: facet.ref }, signal).catch(() => []);
    }
    return countCards(
      facet,
      model.held.filter((card) => chosen(card, others)),
    );
  }

  #drawFacet(facet: Facet, values: readonly Count[]): HTMLElement {
    const chosenNow = this.#model.choices.find((choice) => choice.facet.ref === facet.ref)?.values ?? [];
    const boxes = values.map(({ value, count }) => {
      const box = el("input", { type: "checkbox", "data-facet": `${facet.ref} ${value}` });
      box.checked = chosenNow.includes(value);
      box.addEventListener("change", () => {
        const choices = withValue(this.#model.choices, facet, value, box.checked);
        void this.#model.change({ choices });
      });
      return el(
        "label",
        { class: "figloom-check" },
        box,
        el("span", { dir: "auto" }, value === null ? __("none") : facet.text(value)),
        el("span", { class: "figloom-soft" }, integer(count)),
      );
    });
    return el(
      "fieldset",
      { class: "figloom-facet" },
      el("legend", { class: "figloom-facet-name" }, facet.label()),
      ...boxes,
    );
  }
}
