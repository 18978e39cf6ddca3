import type { FigureCard } from "figloom/views";
import { figureName, safeThumb } from "figloom/views";
import { el } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { drawMissing } from "./picture.js";

/** A figure at full size: the thumbnail at once, the full image as soon as it is here. */
export function drawStage(card: FigureCard, node: HTMLElement, { fileUrl, signal }: DrawContext): void {
  const { picture } = card;
  const thumb = safeThumb(picture);
  if (thumb === null && picture.path === null) {
    node.replaceChildren(drawMissing(card));
    return;
  }
  const image = el("img", { class: "figloom-full", alt: figureName(card), draggable: "false" });
  if (picture.width && picture.height) {
    image.width = picture.width;
    image.height = picture.height;
    image.style.maxWidth = `min(100%, ${picture.width}px)`;
    image.style.maxHeight = `min(100%, ${picture.height}px)`;
  }
  if (thumb !== null) image.src = thumb;
  const note = el("p", { class: "figloom-stage-note", role: "status" });
  node.replaceChildren(image, note);
  const say = (text: string) => {
    note.textContent = text;
    note.hidden = text === "";
  };
  if (picture.path === null) {
    say("This is the thumbnail: the full image cannot be reached from this notebook.");
    return;
  }
  say("Loading the full image…");
  const full = new Image();
  full.addEventListener("load", () => {
    image.src = full.src;
    say("");
  });
  const fail = () => say(`The full image cannot be loaded: is ${picture.path} still there?`);
  full.addEventListener("error", fail);
  fileUrl(picture.path).then((url) => {
    if (signal.aborted) return;
    if (url === null) fail();
    else full.src = url;
  }, fail);
}
