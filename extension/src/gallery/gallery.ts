import type { FigureCard, GalleryView } from "figloom/views";
import { countText, EMPTY_GALLERY, figureName, flagText, paperName } from "figloom/views";
import { el, OWN_KEYS, takesText } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { drawFlags } from "../figure/flags.js";
import { openLightbox } from "../figure/lightbox.js";
import { drawThumb } from "../figure/picture.js";
import { cardFilter } from "./filter.js";
import { nextIndex } from "./keys.js";

const SIZES = { smallest: 110, first: 180, largest: 360 };

/** Draws a grid of thumbnails with a filter and a size slider; a card opens in the lightbox. */
export function drawGallery(view: GalleryView, node: HTMLElement, context: DrawContext): void {
  const count = el("span", { class: "figloom-soft", role: "status" });
  const title = el("div", { class: "figloom-title" }, view.title);
  if (view.cards.length === 0) {
    node.replaceChildren(title, el("p", { class: "figloom-note" }, EMPTY_GALLERY));
    return;
  }
  const grid = el("ul", { class: "figloom-grid", role: "list", "aria-label": view.title });
  const tiles = view.cards.map((card, i) => drawTile(card, () => open(i)));
  grid.append(...tiles.map((tile) => el("li", {}, tile)));
  const nothing = el("p", { class: "figloom-note", hidden: true }, "No figure here holds all these words.");

  const filter = el("input", {
    type: "search",
    class: "figloom-input",
    placeholder: "Filter  /",
    "aria-label": "Filter figures by words",
  });
  const size = el("input", {
    type: "range",
    class: "figloom-range",
    min: SIZES.smallest,
    max: SIZES.largest,
    value: SIZES.first,
    "aria-label": "Size of the thumbnails",
    title: "Size of the thumbnails",
  });
  const resize = () => grid.style.setProperty("--figloom-tile", `${size.value}px`);
  size.addEventListener("input", resize);
  resize();

  const shown = () => tiles.filter((tile) => !tile.parentElement!.hidden);
  const select = (tile: HTMLElement | undefined, { focus }: { focus: boolean }) => {
    tiles.forEach((other) => (other.tabIndex = other === tile ? 0 : -1));
    if (focus) tile?.focus();
  };
  const applyFilter = () => {
    const matches = cardFilter(filter.value);
    view.cards.forEach((card, i) => (tiles[i]!.parentElement!.hidden = !matches(card)));
    const visible = shown();
    nothing.hidden = visible.length > 0;
    const all = countText(view.cards.length, view.total, "figure");
    count.textContent = filter.value.trim() === "" ? all : `${visible.length} match · ${all}`;
    select(visible[0], { focus: false });
  };
  filter.addEventListener("input", applyFilter);
  applyFilter();

  /** Neighbours in the lightbox are those that the filter leaves. */
  function open(i: number): void {
    const visible = shown();
    const cards = visible.map((tile) => view.cards[tiles.indexOf(tile)]!);
    openLightbox(cards, visible.indexOf(tiles[i]!), context, (last) =>
      select(visible[last], { focus: true }),
    );
  }

  grid.addEventListener("focusin", ({ target }) =>
    select(
      tiles.find((tile) => tile === target),
      { focus: false },
    ),
  );
  node.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const visible = shown();
    const at = visible.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === "/" && !takesText(event.target)) filter.focus();
    else if (event.target === filter && event.key === "Escape") {
      filter.value = "";
      applyFilter();
    } else if (event.target === filter && event.key === "ArrowDown") select(visible[0], { focus: true });
    else if (at >= 0) {
      const to = nextIndex(event.key, at, visible.length, columnsOf(visible));
      if (to === null) return;
      select(visible[to], { focus: true });
    } else return;
    event.preventDefault();
  };

  const tools = el("div", { class: "figloom-tools" }, filter, size);
  const bar = el(
    "div",
    { class: "figloom-bar" },
    el("div", { class: "figloom-titles" }, title, count),
    tools,
  );
  node.replaceChildren(el("div", { class: "figloom-keys", ...OWN_KEYS }, bar, grid, nothing));
}

function drawTile(card: FigureCard, onOpen: () => void): HTMLButtonElement {
  const caption = card.captions[0]?.text.replace(/\s+/g, " ").trim() || "No caption";
  const name = `${figureName(card)}, ${paperName(card)}`;
  const flags = card.flags.length > 0 ? ` Flagged: ${card.flags.map(flagText).join(", ")}.` : "";
  const tile = el(
    "button",
    {
      type: "button",
      class: "figloom-tile",
      "aria-label": `${name}. ${caption.slice(0, 160)}${flags}`,
      title: name,
    },
    el("span", { class: "figloom-frame" }, drawThumb(card)),
    el(
      "span",
      { class: "figloom-tile-text" },
      el("span", { class: "figloom-tile-name" }, figureName(card)),
      el("span", { class: "figloom-tile-paper", dir: "auto" }, paperName(card)),
      drawFlags(card),
      el("span", { class: "figloom-tile-caption", dir: "auto" }, caption.slice(0, 200)),
    ),
  );
  tile.addEventListener("click", onOpen);
  return tile;
}

/** How many tiles stand in the first row, as the browser has laid them out. */
function columnsOf(tiles: HTMLElement[]): number {
  const top = tiles[0]?.offsetTop;
  const second = tiles.findIndex((tile) => tile.offsetTop !== top);
  return second < 0 ? tiles.length : second;
}
