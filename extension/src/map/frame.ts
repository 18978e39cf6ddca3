import type { MapView } from "figloom/views";
import { integer } from "figloom/views";
import { el } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import type { Controls } from "./controls.js";

/** Where the points are drawn; its name says in words what is to be seen and which keys there are. */
export function drawStage({ title, placed, x, y }: MapView, layers: readonly HTMLElement[]): HTMLElement {
  const summary = __("%1: %2 figures, %3 over %4.", title, integer(placed), y.label, x.label);
  const keys = __(
    "Arrows move, plus and minus zoom, 0 shows all, Enter opens the figure in the middle, r chooses a region by arrows and Enter, l draws by the pointer.",
  );
  return el(
    "div",
    {
      class: "figloom-map-stage",
      tabindex: "0",
      role: "application",
      "aria-label": `${summary} ${keys}`,
      "data-mode": "move",
    },
    ...layers,
  );
}

interface Parts {
  controls: Pick<Controls, "tools" | "selection">;
  stage: HTMLElement;
  legend: HTMLElement;
  /** How many figures, beside the title. */
  count: HTMLElement;
  /** What is selected in all views. */
  line: HTMLElement;
  /** Why less is seen than there is. */
  state: HTMLElement;
  /** What was done last. */
  said: HTMLElement;
}

/** What stands around the stage: title and tools above it, selection, legend and notes below. */
export function drawFrame(
  { title, how, x, y }: MapView,
  { controls, stage, legend, count, line, state, said }: Parts,
): HTMLElement {
  return el(
    "div",
    { class: "figloom-keys", ...OWN_KEYS },
    el(
      "div",
      { class: "figloom-bar" },
      el(
        "div",
        { class: "figloom-titles" },
        el("div", { class: "figloom-title", dir: "auto" }, title),
        count,
      ),
      controls.tools,
    ),
    line,
    state,
    stage,
    el("p", { class: "figloom-soft figloom-map-axes" }, __("across: %1 · up: %2", x.label, y.label)),
    controls.selection,
    legend,
    said,
    how === null ? null : el("p", { class: "figloom-soft" }, __("Laid out %1.", how)),
  );
}
