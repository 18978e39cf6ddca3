import type { FigureCard } from "figloom/views";
import { figureName, missingText, safeThumb } from "figloom/views";
import { el } from "../common/dom.js";

/** A card's thumbnail, or a box that says why there is none. */
export function drawThumb(card: FigureCard): HTMLElement {
  const thumb = safeThumb(card.picture);
  if (thumb === null) return drawMissing(card);
  return el("img", {
    class: "figloom-thumb",
    src: thumb,
    alt: figureName(card),
    decoding: "async",
    draggable: "false",
  });
}

export function drawMissing({ picture }: FigureCard): HTMLElement {
  return el(
    "span",
    { class: "figloom-missing" },
    el("b", {}, "No picture"),
    el("span", {}, missingText(picture)),
  );
}
