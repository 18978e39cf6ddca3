import { integer, NO_CLASS } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { colourOf, type Scale } from "./colours.js";

interface LegendOptions {
  label: string;
  scale: Scale;
  /** Points of each kind; of {@link NO_CLASS} those without a value. */
  counts: ArrayLike<number>;
  hidden: ReadonlySet<number>;
  /** Takes a kind away or brings it back; `null` where nothing can be changed. */
  onToggle: ((kind: number) => void) | null;
}

/** What the colours mean, with how many points have them. */
function drawLegend({ label, scale, counts, hidden, onToggle }: LegendOptions): HTMLElement {
  const kinds = [...scale.colours.keys(), ...((counts[NO_CLASS] ?? 0) > 0 ? [NO_CLASS] : [])];
  const entries = kinds.map((kind) => {
    const name = kind === NO_CLASS ? __("no value") : scale.colours[kind]!;
    const content = [
      swatch(colourOf(scale, kind)),
      el("span", { class: "figloom-map-kind", dir: "auto" }, name),
      el("span", { class: "figloom-soft" }, integer(counts[kind] ?? 0)),
    ];
    if (!onToggle) return el("li", { class: "figloom-map-entry" }, ...content);
    const toggle = el(
      "button",
      {
        type: "button",
        class: "figloom-map-entry",
        "aria-pressed": String(!hidden.has(kind)),
        "data-kind": kind,
      },
      ...content,
    );
    toggle.title = hidden.has(kind) ? __("Show these points") : __("Hide these points");
    toggle.addEventListener("click", () => onToggle(kind));
    return el("li", {}, toggle);
  });
  return el("ul", { class: "figloom-map-legend", role: "list", "aria-label": label }, ...entries);
}

function swatch(colour: string): HTMLElement {
  const node = el("span", { class: "figloom-map-swatch", "aria-hidden": true });
  node.style.background = colour;
  return node;
}

/** The legend of a map, and which of its colours are taken away. */
export class Legend {
  readonly element = el("div");
  readonly hidden = new Set<number>();
  readonly #label: string;
  readonly #onChange: () => void;

  constructor(label: string, onChange: () => void) {
    this.#label = label;
    this.#onChange = onChange;
  }

  /** @param live whether colours can be taken away */
  draw(scale: Scale, counts: ArrayLike<number>, live: boolean): void {
    const onToggle = (kind: number) => {
      if (!this.hidden.delete(kind)) this.hidden.add(kind);
      this.draw(scale, counts, live);
      this.element.querySelector<HTMLElement>(`[data-kind="${kind}"]`)?.focus();
      this.#onChange();
    };
    const { hidden } = this;
    if (scale.colours.length === 0) return this.element.replaceChildren();
    const options = { label: this.#label, scale, counts, hidden, onToggle: live ? onToggle : null };
    this.element.replaceChildren(drawLegend(options));
  }
}
