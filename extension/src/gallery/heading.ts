import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { figureCount } from "../common/count.js";
import type { Section } from "./layout.js";

/** A group's name and size, with a button that folds it. */
export function drawGroupHeading({ group, count, folded }: Section, onFold: () => void): HTMLElement {
  const name = group?.title || group?.name || __("none");
  const fold = button(folded ? "▸" : "▾", onFold, {
    label: folded ? __("Unfold %1", name) : __("Fold %1", name),
    className: "figloom-sign",
  });
  fold.setAttribute("aria-expanded", String(!folded));
  return el(
    "div",
    { class: "figloom-group-heading" },
    fold,
    el("span", { class: "figloom-group-name", dir: "auto" }, name),
    el("span", { class: "figloom-soft" }, figureCount(count)),
  );
}
