import { integer, NO_CLASS } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { colourOf, type Scale } from "./colours.js";

export interface LegendOptions {
  label: string;
  scale: Scale;
  /** Points of each kind; of {@link NO_CLASS} those without a value. */
  counts: ArrayLike<number>;
  hidden: ReadonlySet<number>;
  /** Takes a kind away or brings it back; `null` where nothing can be changed. */
  onToggle: ((kind: number) => void) | null;
}

/** What the colours mean, with how many points have them. */
export function drawLegend({ label, scale, counts, hidden, onToggle }: LegendOptions): HTMLElement {
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
