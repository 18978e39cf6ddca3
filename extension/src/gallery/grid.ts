import type { Tile } from "figloom/views";
import { el } from "../common/dom.js";
import { watchSight } from "../common/sight.js";
import { drawGroupHeading } from "./heading.js";
import {
  between,
  HEADING,
  layOut,
  placeOf,
  rowAt,
  sectionAt,
  stepFrom,
  type Layout,
  type Range,
  type Section,
} from "./layout.js";
import { lastTop, ranOut, runwayFor, scrolled, scrollFor, topAt, type Runway } from "./scroll.js";
import { TileNode } from "./tile.js";
import type { Figures } from "./figures.js";

export interface GridOptions {
  /** Name of the list, for screen readers. */
  label: string;
  signal: AbortSignal;
  isPicked(tile: Tile): boolean;
  /** A row was clicked. */
  onClick(row: number, event: MouseEvent): void;
  /** Other rows are in sight, or another one is active. */
  onMove(): void;
}

/** Below this width a tile is a picture with a name. */
const COMPACT = 140;
/** Heights of the text below a picture, in multiples of the font size. */
const TEXT = { compact: 2.2, full: 8.4 };
/** Before the browser has laid out the page. */
const FIRST = { width: 900, height: 600 };
/** How long the scroll bar has to rest before tiles are asked for, and the wheel before the bar is put right. */
const REST_MS = { fetch: 40, align: 160 };

/** A grid over any number of rows: only those in sight and next to it are in the document. */
export class Grid {
  readonly list: HTMLElement;
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #scroller: HTMLElement;
  readonly #runwayNode: HTMLElement;
  readonly #headings: HTMLElement;
  readonly #stuck: HTMLElement;
  readonly #drawn = new Map<number, TileNode>();
  readonly #free: TileNode[] = [];
  readonly #id = `figloom-${Math.random().toString(36).slice(2)}`;
  #figures: Figures;
  #valueName: string | null = null;
  #size: number;
  #folded = new Set<number>();
  #layout!: Layout;
  #runway!: Runway;
  #at = { top: 0, scroll: 0 };
  #active = 0;
  /** Whether the scroll bar is being dragged over places that nobody looks at. */
  #flying = false;
  /** Out of sight nothing is drawn. */
  #away = false;
  #frame = 0;
  #timers: { fetch?: ReturnType<typeof setTimeout>; align?: ReturnType<typeof setTimeout> } = {};

  constructor(figures: Figures, size: number, options: GridOptions) {
    this.#figures = figures;
    this.#size = size;
    this.#options = options;
    this.list = el("ul", {
      class: "figloom-grid",
      role: "listbox",
      tabindex: "0",
      "aria-label": options.label,
      "aria-multiselectable": "true",
    });
    this.#headings = el("div", { class: "figloom-headings" });
    this.#runwayNode = el("div", { class: "figloom-runway" }, this.#headings, this.list);
    this.#stuck = el("div", { class: "figloom-stuck", hidden: true });
    this.#scroller = el("div", { class: "figloom-scroller" }, this.#stuck, this.#runwayNode);
    this.element = this.#scroller;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.list.addEventListener("click", (event) => {
      const node = (event.target as Element).closest(".figloom-tile");
      const drawn = [...this.#drawn.values()].find(({ element }) => element === node);
      if (drawn) options.onClick(drawn.row, event);
    });
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(this.#scroller);
    watchSight(this.#scroller, options.signal, (inSight) => this.#look(inSight));
    options.signal.addEventListener("abort", () => {
      resized.disconnect();
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#timers.fetch);
      clearTimeout(this.#timers.align);
    });
    this.#layOut();
    this.draw();
  }

  /** The row that keys act on. */
  get active(): number {
    return this.#active;
  }

  /** First row in sight. */
  get first(): number {
    return rowAt(this.#layout, this.#at.top + 1) ?? 0;
  }

  /** The row to stay at when other figures come: the active one where it is in sight. */
  get anchor(): number {
    return this.#sees(this.#active) ? this.#active : this.first;
  }

  /** Looks at other figures; `row` is where the one at {@link anchor} stands among them. */
  setFigures(figures: Figures, row: number | null, valueName: string | null): void {
    const offset = placeOf(this.#layout, this.anchor).y - this.#at.top;
    this.#figures = figures;
    this.#valueName = valueName;
    this.#folded.clear();
    this.#active = row ?? 0;
    this.#layOut();
    this.#scrollTo(row === null ? 0 : placeOf(this.#layout, row).y - offset);
    this.draw();
  }

  /** The figures that are drawn. */
  get tilesDrawn(): Tile[] {
    return [...this.#drawn.keys()].flatMap((row) => this.#figures.tile(row) ?? []);
  }

  setSize(size: number): void {
    this.#size = size;
    this.#layOutAt(this.anchor);
  }

  /** Folds the group that begins at a row, or unfolds it. */
  fold(from: number): void {
    if (!this.#folded.delete(from)) this.#folded.add(from);
    const { top } = this.#at;
    this.#layOut();
    this.#scrollTo(Math.min(top, placeOf(this.#layout, from).y));
    this.draw();
  }

  /** Folds the group of the active row, or unfolds it. */
  foldActive(): void {
    const section = sectionAt(this.#layout, placeOf(this.#layout, this.#active).y);
    if (section?.group) this.fold(section.from);
  }

  /** Where a key leads from the active row; `null` for a key that does not move. */
  step(key: string): number | null {
    return stepFrom(this.#layout, this.#active, key, this.#runway.viewport);
  }

  /** Makes a row the active one and brings it into sight. */
  goTo(row: number, align: "nearest" | "start" = "nearest"): void {
    this.#active = Math.max(0, Math.min(row, this.#figures.total - 1));
    const section = sectionAt(this.#layout, placeOf(this.#layout, this.#active).y);
    if (section?.folded) {
      this.#folded.delete(section.from);
      this.#layOut();
    }
    const { y } = placeOf(this.#layout, this.#active);
    const above = y - (section?.group ? HEADING : 0);
    const below = y + this.#layout.tile.height - this.#runway.viewport;
    const { top } = this.#at;
    if (align === "start" || above < top) this.#scrollTo(above);
    else if (below > top) this.#scrollTo(below);
    this.draw();
  }

  focus(): void {
    this.list.focus({ preventScroll: true });
  }

  /** Draws what is in sight, in the next frame. */
  refresh(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.draw());
  }

  /** Draws what is in sight, at once. */
  draw(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#away) return;
    const { top, scroll } = this.#at;
    const { viewport } = this.#runway;
    const margin = Math.min(Math.max(viewport / 2, 300), 700);
    const { rows, headings } = between(this.#layout, top - margin, top + viewport + margin);
    const shift = Math.round(scroll - top);
    const wanted = new Set(
      rows.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)),
    );
    for (const [row, node] of this.#drawn) {
      if (wanted.has(row)) continue;
      this.#drawn.delete(row);
      this.#free.push(node);
    }
    for (const row of wanted) this.#drawTile(row, shift);
    for (const node of this.#free.splice(20)) node.element.remove();
    for (const node of this.#free) node.element.hidden = true;
    this.#headings.replaceChildren(
      ...headings.map((section) => {
        const heading = this.#drawHeading(section);
        heading.style.top = `${section.top + shift}px`;
        return heading;
      }),
    );
    this.#drawStuck();
    const shown = this.#drawn.get(this.#active);
    if (shown) this.list.setAttribute("aria-activedescendant", shown.element.id);
    else this.list.removeAttribute("aria-activedescendant");
    this.#fetch(between(this.#layout, top, top + viewport).rows, rows);
    this.#options.onMove();
  }

  /** Many galleries in a notebook take little: those that nobody sees keep no tiles, pictures or rows far from here. */
  #look(inSight: boolean): void {
    if (!inSight && this.#scroller.contains(document.activeElement)) return;
    this.#away = !inSight;
    if (this.#away) {
      this.#drawn.clear();
      this.#free.length = 0;
      this.list.replaceChildren();
      this.list.removeAttribute("aria-activedescendant");
      this.#headings.replaceChildren();
      clearTimeout(this.#timers.fetch);
      this.#figures.rest();
    } else this.draw();
  }

  #drawTile(row: number, shift: number): void {
    let node = this.#drawn.get(row);
    if (!node) {
      node = this.#free.pop() ?? new TileNode();
      this.#drawn.set(row, node);
      if (!node.element.isConnected || node.element.parentNode !== this.list) this.list.append(node.element);
      node.element.hidden = false;
      node.element.id = `${this.#id}-${row}`;
    }
    const { x, y } = placeOf(this.#layout, row);
    const { style } = node.element;
    style.insetInlineStart = `${x}px`;
    style.top = `${y + shift}px`;
    style.width = `${this.#layout.tile.width}px`;
    style.height = `${this.#layout.tile.height}px`;
    const tile = this.#figures.tile(row);
    node.draw({
      row,
      total: this.#figures.total,
      tile,
      inSight: this.#sees(row),
      active: row === this.#active,
      picked: tile !== null && this.#options.isPicked(tile),
      valueName: this.#valueName,
    });
  }

  #drawHeading(section: Section): HTMLElement {
    return drawGroupHeading(section, () => this.fold(section.from));
  }

  #drawStuck(): void {
    const section = sectionAt(this.#layout, this.#at.top);
    const group = section?.group;
    this.#stuck.hidden = !section || !group || section.top >= this.#at.top;
    if (!this.#stuck.hidden) this.#stuck.replaceChildren(this.#drawHeading(section!));
  }

  /** Asks for what is in sight and what is near it; while the scroll bar flies, for nothing. */
  #fetch(seen: readonly Range[], near: readonly Range[]): void {
    clearTimeout(this.#timers.fetch);
    if (!this.#flying) return this.#figures.want(seen, near);
    this.#timers.fetch = setTimeout(() => {
      this.#flying = false;
      this.#figures.want(seen, near);
    }, REST_MS.fetch);
  }

  #sees(row: number): boolean {
    const { y } = placeOf(this.#layout, row);
    const { top } = this.#at;
    return y + this.#layout.tile.height > top && y < top + this.#runway.viewport;
  }

  #layOut(): void {
    const compact = this.#size < COMPACT;
    const font = parseFloat(getComputedStyle(this.#scroller).fontSize) || 13;
    const text = Math.round(font * (compact ? TEXT.compact : TEXT.full));
    this.#layout = layOut({
      width: this.list.clientWidth || FIRST.width,
      size: this.#size,
      text,
      total: this.#figures.total,
      groups: this.#figures.groups,
      folded: this.#folded,
    });
    this.#runway = runwayFor(this.#layout.height, this.#scroller.clientHeight || FIRST.height);
    this.#runwayNode.style.height = `${this.#runway.runway}px`;
    this.list.classList.toggle("figloom-compact", compact);
    // An output is no higher than what it shows.
    this.#scroller.style.setProperty("--figloom-content", `${Math.ceil(this.#runway.runway)}px`);
  }

  /** Lays out anew with a row where it was. */
  #layOutAt(row: number): void {
    const offset = placeOf(this.#layout, row).y - this.#at.top;
    this.#layOut();
    this.#scrollTo(placeOf(this.#layout, row).y - offset);
    this.draw();
  }

  #resized(): void {
    // A hidden output has no size; it is laid out when it is seen again.
    if (this.#scroller.clientWidth > 0) this.#layOutAt(this.anchor);
  }

  #scrollTo(top: number): void {
    const most = lastTop(this.#runway);
    const to = Math.max(0, Math.min(top, most));
    this.#scroller.scrollTop = scrollFor(this.#runway, to);
    this.#flying = false;
    this.#at = { top: to, scroll: this.#scroller.scrollTop };
  }

  #scrolled(): void {
    const { jumped, ...at } = scrolled(this.#runway, this.#at, this.#scroller.scrollTop);
    if (at.scroll === this.#at.scroll) return;
    this.#at = at;
    this.#flying = jumped;
    if (ranOut(this.#runway, at)) this.#scrollTo(at.top);
    clearTimeout(this.#timers.align);
    this.#timers.align = setTimeout(() => this.#align(), REST_MS.align);
    this.refresh();
  }

  /** Puts the scroll bar where the content is: scrolling by little moves both by the same. */
  #align(): void {
    if (Math.abs(topAt(this.#runway, this.#at.scroll) - this.#at.top) < 1) return;
    this.#scrollTo(this.#at.top);
    this.draw();
  }
}
