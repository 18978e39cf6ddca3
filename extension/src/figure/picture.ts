import type { Picture } from "figloom/views";
import { figureName, missingText, safeThumb } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawThumbnail } from "./thumbnail.js";

/** A figure's name and picture: a card, or a tile with its picture. */
type Pictured = Parameters<typeof figureName>[0] & {
  picture: Pick<Picture, "thumb" | "missing"> & Partial<Pick<Picture, "width" | "height">>;
};

/** A thumbnail, or a box that says why there is none. */
export function drawThumb(figure: Pictured): HTMLElement {
  const thumb = safeThumb(figure.picture);
  if (thumb === null) return drawMissing(figure);
  const { width, height } = figure.picture;
  return drawThumbnail(thumb, figureName(figure), width && height ? { width, height } : null);
}

export function drawMissing({ picture }: { picture: Pick<Picture, "missing"> }): HTMLElement {
  return el(
    "span",
    { class: "figloom-missing" },
    el("b", {}, __("No picture")),
    el("span", {}, missingText(picture)),
  );
}
