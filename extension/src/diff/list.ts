import { el } from "../common/dom.js";
import type { DiffFigure } from "./figures.js";

/** Figures that are asked for together. */
export const BLOCK = 15;
/** Figures that stand in the page; a person reads one or two at a time. */
const KEPT = 60;
/** Pixels from either end at which the next figures are fetched. */
const NEAR = 1_200;

export interface ListOptions {
  label: string;
  read(from: number, count: number): Promise<DiffFigure[]>;
  draw(figure: DiffFigure): HTMLElement;
  /** What stands in the list is another. */
  changed(): void;
  failed(error: unknown): void;
}

/** A list of any length of which only the figures around the place that is read stand in the page. */
export class DiffList {
  readonly node: HTMLElement;
  readonly #options: ListOptions;
  readonly #figures = new Map<number, DiffFigure>();
  #first = 0;
  #total = 0;
  /** Grows with each new beginning: what was asked for before it is late. */
  #turn = 0;
  #busy = false;

  constructor(options: ListOptions) {
    this.#options = options;
    this.node = el("div", {
      class: "figloom-diff-list",
      tabindex: "0",
      role: "group",
      "aria-label": options.label,
    });
    this.node.addEventListener("scroll", () => void this.#fill());
  }

  get total(): number {
    return this.#total;
  }

  /** The figures that stand in the page, in order. */
  get figures(): DiffFigure[] {
    return [...this.#figures.values()].sort((a, b) => a.row - b.row);
  }

  item(row: number): HTMLElement | null {
    return this.node.querySelector<HTMLElement>(`[data-row="${row}"]`);
  }

  /** Begins anew with a number of rows, at one of them. */
  async begin(total: number, row = 0): Promise<void> {
    const turn = ++this.#turn;
    const from = Math.max(0, Math.min(row, total - 1));
    const figures = total === 0 ? [] : await this.#read(from, turn);
    if (figures) this.show(total, figures);
  }

  /** Begins anew with figures that are here, those of rows that follow one another. */
  show(total: number, figures: DiffFigure[]): void {
    this.#turn++;
    this.#busy = false;
    this.#total = total;
    this.#figures.clear();
    for (const figure of figures) this.#figures.set(figure.row, figure);
    this.#first = figures[0]?.row ?? 0;
    this.node.replaceChildren(...figures.map((figure) => this.#options.draw(figure)));
    this.node.scrollTop = 0;
    this.#options.changed();
    void this.#fill();
  }

  /** Makes sure that a row stands in the page. @returns its item, `null` where there is no such row */
  async reach(row: number): Promise<HTMLElement | null> {
    if (row < 0 || row >= this.#total) return null;
    if (!this.#figures.has(row)) {
      if (row === this.#end) await this.#append();
      else if (row === this.#first - 1) await this.#prepend();
      if (!this.#figures.has(row)) await this.begin(this.#total, row);
    }
    return this.item(row);
  }

  /** Draws all anew, after something about how they are drawn has changed. */
  redraw(): void {
    const top = this.node.scrollTop;
    this.node.replaceChildren(...this.figures.map((figure) => this.#options.draw(figure)));
    this.node.scrollTop = top;
    this.#options.changed();
  }

  /** Changes figures where they stand. */
  patch(change: (figure: DiffFigure) => DiffFigure | null): void {
    let changed = false;
    for (const [row, figure] of this.#figures) {
      const now = change(figure);
      const item = now && this.item(row);
      if (!item) continue;
      this.#figures.set(row, now);
      const drawn = this.#options.draw(now);
      drawn.classList.toggle("figloom-at", item.classList.contains("figloom-at"));
      const focused = item.contains(document.activeElement);
      item.replaceWith(drawn);
      if (focused) drawn.focus();
      changed = true;
    }
    if (changed) this.#options.changed();
  }

  get #end(): number {
    return this.#first + this.#figures.size;
  }

  async #fill(): Promise<void> {
    if (this.#busy) return;
    const { scrollTop, clientHeight, scrollHeight } = this.node;
    this.#busy = true;
    const turn = this.#turn;
    try {
      if (this.#end < this.#total && scrollHeight - scrollTop - clientHeight < NEAR && clientHeight > 0)
        await this.#append();
      else if (this.#first > 0 && scrollTop < NEAR / 2 && clientHeight > 0) await this.#prepend();
    } finally {
      if (turn === this.#turn) this.#busy = false;
    }
  }

  async #append(): Promise<void> {
    const figures = await this.#read(this.#end, this.#turn);
    if (!figures) return;
    for (const figure of figures) {
      if (this.#figures.has(figure.row)) continue;
      this.#figures.set(figure.row, figure);
      this.node.append(this.#options.draw(figure));
    }
    while (this.#figures.size > KEPT) this.#drop(this.#first++);
    this.#options.changed();
  }

  async #prepend(): Promise<void> {
    const from = Math.max(0, this.#first - BLOCK);
    const figures = await this.#read(from, this.#turn, this.#first - from);
    if (!figures || figures.length === 0) return;
    const before = this.node.scrollHeight;
    for (const figure of figures.reverse()) {
      this.#figures.set(figure.row, figure);
      this.node.prepend(this.#options.draw(figure));
    }
    this.#first = from;
    // What is being read stays where it is.
    this.node.scrollTop += this.node.scrollHeight - before;
    while (this.#figures.size > KEPT) this.#drop(this.#end - 1);
    this.#options.changed();
  }

  #drop(row: number): void {
    const before = this.node.scrollHeight;
    this.#figures.delete(row);
    this.item(row)?.remove();
    if (row < this.#first) this.node.scrollTop += this.node.scrollHeight - before;
  }

  /** `null` when it failed, or came too late. */
  async #read(from: number, turn: number, count = BLOCK): Promise<DiffFigure[] | null> {
    try {
      const figures = await this.#options.read(from, count);
      return turn === this.#turn ? figures : null;
    } catch (error) {
      if (turn === this.#turn) this.#options.failed(error);
      return null;
    }
  }
}
