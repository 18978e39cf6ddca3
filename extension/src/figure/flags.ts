import type { FigureCard } from "figloom/views";
import { flagText } from "figloom/views";
import { el } from "../common/dom.js";

/** Flags as small labels, each with its reason on hover; nothing for a figure without. */
export function drawFlags({ flags }: FigureCard): HTMLElement | null {
  if (flags.length === 0) return null;
  return el(
    "span",
    { class: "figloom-flags" },
    ...flags.map((flag) =>
      el("span", { class: "figloom-chip figloom-flag", title: flag.reason }, flagText(flag)),
    ),
  );
}

/** Flags with their reasons in words: for keyboards and screens without a pointer. */
export function drawReasons({ flags }: FigureCard): HTMLElement {
  const items = flags.flatMap((flag) => [
    el("dt", {}, flagText(flag)),
    el("dd", { dir: "auto" }, flag.reason),
  ]);
  return el("dl", { class: "figloom-facts" }, ...items);
}
