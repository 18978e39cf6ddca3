import type { ColumnInfo } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { Mode } from "./gestures.js";

export interface ControlHandlers {
  onMode(mode: Mode): void;
  onZoom(factor: number): void;
  onFit(): void;
  onColour(column: string | null): void;
  onClear(): void;
  /** `null` where there is no notebook to put a cell in. */
  onInsert: (() => void) | null;
}

const STEP = 1.5;

/** Buttons of a map: what the hand does, zoom, what the colours mean, and what can be done with what is selected. */
export class Controls {
  readonly #modes: Record<Mode, HTMLButtonElement>;
  readonly #colour = el("select", {
    class: "figloom-input figloom-map-colour",
    "aria-label": __("Colour by"),
  });
  readonly #clear: HTMLButtonElement;
  readonly #insert: HTMLButtonElement | null;
  readonly #hint = el(
    "span",
    { class: "figloom-soft" },
    __("Draw around points with the lasso, or Shift and drag, to choose figures."),
  );
  readonly tools: HTMLElement;
  readonly selection: HTMLElement;

  constructor({ onMode, onZoom, onFit, onColour, onClear, onInsert }: ControlHandlers) {
    this.#modes = {
      move: button(__("Move"), () => onMode("move"), { label: __("Drag moves the map") }),
      lasso: button(__("Lasso"), () => onMode("lasso"), {
        label: __("Drag draws around figures (l, or with shift)"),
      }),
      rectangle: button(__("Rectangle"), () => onMode("rectangle"), {
        label: __("Drag draws a rectangle around figures"),
      }),
    };
    this.#colour.addEventListener("change", () => onColour(this.#colour.value || null));
    this.#clear = button(__("Clear"), onClear, { label: __("Clear this map's selection") });
    this.#insert =
      onInsert &&
      button(__("Show these figures"), onInsert, {
        label: __("Insert a cell below that shows the selected figures"),
      });
    this.tools = el(
      "div",
      { class: "figloom-tools" },
      this.#colour,
      el(
        "span",
        { class: "figloom-group", role: "group", "aria-label": __("What dragging does") },
        this.#modes.move,
        this.#modes.lasso,
        this.#modes.rectangle,
      ),
      el(
        "span",
        { class: "figloom-group", role: "group", "aria-label": __("Zoom") },
        button("−", () => onZoom(1 / STEP), { label: __("Zoom out (−)") }),
        button("+", () => onZoom(STEP), { label: __("Zoom in (+)") }),
        button(__("Fit"), onFit, { label: __("Show all points (0)") }),
      ),
    );
    this.selection = el("div", { class: "figloom-map-selection" }, this.#hint, this.#clear, this.#insert);
    this.showMode("move");
    this.showSelection(false, false);
    this.offerColours([], null);
  }

  showMode(mode: Mode): void {
    for (const [name, node] of Object.entries(this.#modes))
      node.setAttribute("aria-pressed", String(name === mode));
  }

  /**
   * @param any whether something was drawn around
   * @param live whether something can be
   */
  showSelection(any: boolean, live: boolean): void {
    this.#hint.hidden = any || !live;
    this.#clear.hidden = !any;
    if (this.#insert) this.#insert.hidden = !any;
  }

  /** Without columns there is no choice. */
  offerColours(columns: readonly ColumnInfo[], now: string | null): void {
    this.#colour.hidden = columns.length === 0;
    const option = (value: string, text: string) => {
      const node = el("option", { value }, text);
      node.selected = value === (now ?? "");
      return node;
    };
    this.#colour.replaceChildren(
      option("", __("one colour")),
      ...columns.map(({ ref, label }) => option(ref, __("colour: %1", label))),
    );
  }
}
