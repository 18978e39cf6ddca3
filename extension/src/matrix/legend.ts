import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** What the marks mean, and the keys. */
export function drawLegend(): HTMLElement {
  return el(
    "div",
    { class: "figloom-legend" },
    el("del", { class: "figloom-removed" }, __("taken out")),
    el("ins", { class: "figloom-added" }, __("put in")),
    el("mark", { class: "figloom-doubt" }, __("unsupported")),
    el(
      "span",
      { class: "figloom-soft" },
      __("arrows: cells · Enter: in full · n p: changes · k x: keep, reject · f: repeats · /: filter"),
    ),
  );
}
