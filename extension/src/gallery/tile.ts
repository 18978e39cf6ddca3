import type { Tile } from "figloom/views";
import { figureName, flagText, integer, paperName, safeThumb, valueText } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawMissing } from "../figure/picture.js";
import { Thumbnail } from "../figure/thumbnail.js";
import { drawVerdict } from "../figure/verdict.js";

/** What a tile shows beside the figure. */
export interface TileState {
  row: number;
  total: number;
  /** `null` while it is on its way. */
  tile: Tile | null;
  inSight: boolean;
  active: boolean;
  picked: boolean;
  /** What the value is, for people; `null` where nothing is sorted by. */
  valueName: string | null;
}

/** An element that shows one row after the other: it is used again for rows that come into sight, and so is its picture's. */
export class TileNode {
  readonly element = el("li", { class: "figloom-tile", role: "option" });
  readonly #thumbnail = new Thumbnail();
  readonly #frame = el("span", { class: "figloom-frame" });
  #text = el("span");
  #tile: Tile | null | undefined;
  #row = -1;
  #valueName: string | null = null;

  constructor() {
    const pick = el("span", { class: "figloom-pick", "aria-hidden": "true" });
    this.element.append(this.#frame, pick, this.#text);
  }

  get row(): number {
    return this.#row;
  }

  draw({ row, total, tile, inSight, active, picked, valueName }: TileState): void {
    const { element } = this;
    element.classList.toggle("figloom-active", active);
    element.setAttribute("aria-selected", String(picked));
    element.setAttribute("aria-setsize", String(total));
    if (tile === this.#tile && row === this.#row && valueName === this.#valueName) return;
    [this.#tile, this.#row, this.#valueName] = [tile, row, valueName];
    element.setAttribute("aria-posinset", String(row + 1));
    element.classList.toggle("figloom-waiting", tile === null);
    if (tile === null) {
      element.removeAttribute("title");
      element.setAttribute("aria-label", __("Figure in row %1 is loading", integer(row + 1)));
      this.#thumbnail.hide();
      this.#write(waitingText(row));
      return;
    }
    element.title = `${figureName(tile)}, ${paperName(tile)}`;
    element.setAttribute("aria-label", labelOf(tile, valueName));
    this.#picture(tile, inSight);
    this.#write(drawText(tile, row, valueName));
  }

  #picture(tile: Tile, inSight: boolean): void {
    const thumb = safeThumb(tile);
    if (thumb === null) this.#thumbnail.hide();
    else this.#thumbnail.show(thumb, figureName(tile), inSight);
    const shown = thumb === null ? drawMissing({ picture: tile }) : this.#thumbnail.element;
    if (this.#frame.firstChild !== shown) this.#frame.replaceChildren(shown);
  }

  #write(text: HTMLElement): void {
    this.#text.replaceWith(text);
    this.#text = text;
  }
}

function waitingText(row: number): HTMLElement {
  return el(
    "span",
    { class: "figloom-tile-text" },
    el("span", { class: "figloom-tile-head" }, el("span", { class: "figloom-row" }, integer(row + 1))),
    el("span", { class: "figloom-bar-waiting" }),
    el("span", { class: "figloom-bar-waiting" }),
  );
}

function drawText(tile: Tile, row: number, valueName: string | null): HTMLElement {
  const labels = [
    ...(valueName === null ? [] : [drawValue(tile.value, valueName)]),
    ...(tile.verdict ? [drawVerdict(tile.verdict)] : []),
    ...tile.tags.map((tag) => el("span", { class: "figloom-chip figloom-tag", dir: "auto" }, tag)),
    ...tile.flags.map((name) => el("span", { class: "figloom-chip figloom-flag" }, flagText({ name }))),
  ];
  return el(
    "span",
    { class: "figloom-tile-text" },
    el(
      "span",
      { class: "figloom-tile-head" },
      el("span", { class: "figloom-tile-name", dir: "auto" }, figureName(tile)),
      el("span", { class: "figloom-row" }, integer(row + 1)),
    ),
    el("span", { class: "figloom-tile-paper", dir: "auto" }, paperName(tile)),
    labels.length > 0 ? el("span", { class: "figloom-labels" }, ...labels) : null,
    el("span", { class: "figloom-tile-caption", dir: "auto" }, captionLine(tile)),
  );
}

const captionLine = ({ caption }: Tile): string => caption.replace(/\s+/g, " ").trim() || __("No caption");

/** A value that is sorted by. */
function drawValue(value: Tile["value"], name: string): HTMLElement {
  const text = typeof value === "string" ? value : valueText(value);
  return el("span", { class: "figloom-chip", title: name, dir: "auto" }, el("b", {}, text));
}

function labelOf(tile: Tile, valueName: string | null): string {
  const { value } = tile;
  const shown = typeof value === "string" ? value : valueText(value);
  return [
    `${figureName(tile)}, ${paperName(tile)}.`,
    captionLine(tile).slice(0, 160),
    ...(tile.verdict ? [`${tile.verdict === "accepted" ? __("Accepted") : __("Rejected")}.`] : []),
    ...(tile.tags.length > 0 ? [`${__("Tags: %1", tile.tags.join(", "))}.`] : []),
    ...(tile.flags.length > 0
      ? [`${__("Flagged: %1", tile.flags.map((name) => flagText({ name })).join(", "))}.`]
      : []),
    ...(valueName === null ? [] : [`${valueName}: ${shown}.`]),
  ].join(" ");
}
