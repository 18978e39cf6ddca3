import type { Tile } from "figloom/views";
import { figureName, paperName, safeThumb } from "figloom/views";
import { el } from "../common/dom.js";
import type { Size } from "./viewport.js";

const GAP = 14;

/** A small card beside the point that is pointed at: thumbnail, name, caption. */
export class Tooltip {
  readonly element = el("div", { class: "figloom-map-tip", hidden: true, role: "status" });

  /** @param at CSS pixels within the map */
  open(tile: Tile, at: readonly [number, number], { width, height }: Size): void {
    const thumb = safeThumb(tile);
    this.element.replaceChildren(
      thumb
        ? el("img", { src: thumb, alt: "" })
        : el("span", { class: "figloom-map-tip-missing" }, tile.missing ?? ""),
      el("strong", {}, figureName(tile)),
      el("span", { class: "figloom-soft", dir: "auto" }, paperName(tile)),
      el("span", { class: "figloom-map-tip-caption", dir: "auto" }, tile.caption),
    );
    this.element.hidden = false;
    const [x, y] = at;
    const { style } = this.element;
    // On the side that has more room.
    style.left = x < width / 2 ? `${x + GAP}px` : "";
    style.right = x < width / 2 ? "" : `${width - x + GAP}px`;
    style.top = y < height / 2 ? `${y + GAP}px` : "";
    style.bottom = y < height / 2 ? "" : `${height - y + GAP}px`;
  }

  close(): void {
    this.element.hidden = true;
  }
}
