import type { CaptionText, Segment } from "figloom/views";
import { captionSegments, spanText, valueText } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** A caption's text, marked where it is unsupported. */
export function drawCaption(caption: CaptionText): HTMLElement {
  if (caption.text === "") return el("p", { class: "figloom-text figloom-soft" }, __("No caption."));
  return el("p", { class: "figloom-text", dir: "auto" }, ...captionSegments(caption).map(drawSegment));
}

/** A stretch of caption; the reason of an unsupported one shows on hover. */
export function drawSegment({ text, reason }: Segment): Node {
  if (reason === null) return document.createTextNode(text);
  return el("mark", { class: "figloom-doubt", title: __("Unsupported: %1", reason) }, text);
}

/** The unsupported places with their reasons, folded away: for keyboards and screens without a pointer. */
export function drawDoubts({ text, unsupported }: CaptionText): HTMLElement | null {
  if (unsupported.length === 0) return null;
  const items = unsupported.map(({ span, reason }) =>
    el("li", {}, el("q", { dir: "auto" }, spanText(text, span)), ` ${reason}`),
  );
  return el(
    "details",
    { class: "figloom-doubts" },
    el("summary", {}, __("%1 unsupported", unsupported.length)),
    el("ul", {}, ...items),
  );
}

/** Scores as small labels. */
export function drawScores({ scores }: CaptionText): HTMLElement[] {
  return Object.entries(scores).map(([metric, value]) =>
    el("span", { class: "figloom-chip" }, `${metric} `, el("b", {}, valueText(value))),
  );
}
