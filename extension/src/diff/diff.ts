import { UUID } from "@lumino/coreutils";
import type { DiffView, Reviewed, Verdict } from "figloom/views";
import { countText, EMPTY_DIFF, integer } from "figloom/views";
import { el, OWN_KEYS, takesText } from "../common/dom.js";
import type { DatasetLink, DrawContext } from "../common/context.js";
import { __ } from "../common/words.js";
import { copyText } from "../figure/copy.js";
import { openLightbox } from "../figure/lightbox.js";
import { figureDiffCode } from "./code.js";
import { heldFigures, liveFigures, onNews, type DiffFigure, type Figures, type Wanted } from "./figures.js";
import { drawItem, type Manner } from "./item.js";
import { BLOCK, DiffList } from "./list.js";
import { findChanges, scrollInto } from "./steps.js";
import { drawToolbar, type Toolbar } from "./toolbar.js";

/**
 * Draws captions compared. `n` and `p` go from change to change, `j` and `k` from figure to figure, `u` from one
 * unsupported claim to the next; `a` and `r` accept and reject.
 */
export function drawDiff(view: DiffView, node: HTMLElement, context: DrawContext): void {
  new DiffDrawing(view, node, context).begin();
}

class DiffDrawing {
  readonly #manner: Manner = { layout: "unified", unit: "word" };
  readonly #wanted: Wanted = { differentOnly: false, sort: null };
  readonly #source = UUID.uuid4();
  readonly #link: DatasetLink | null;
  readonly #list: DiffList;
  readonly #tools: Toolbar;
  readonly #count = el("span", { class: "figloom-soft" });
  readonly #said = el("p", { class: "figloom-note figloom-diff-said", role: "status", hidden: true });
  #figures: Figures;
  #asking = new AbortController();
  #changes: HTMLElement[][] = [];
  #change = -1;
  #row = 0;

  constructor(
    private readonly view: DiffView,
    private readonly node: HTMLElement,
    private readonly context: DrawContext,
  ) {
    this.#figures = heldFigures(view);
    this.#link = view.live ? context.dataset(view.live.dataset) : null;
    this.#list = new DiffList({
      label: __("%1: n and p go from change to change, j and k from figure to figure", view.title),
      read: (from, count) => this.#figures.read(from, count, this.#asking.signal),
      draw: (figure) => this.#draw(figure),
      changed: () => this.#changed(),
      failed: (error) => this.#say(error instanceof Error ? error.message : String(error)),
    });
    this.#tools = drawToolbar({
      view,
      manner: this.#manner,
      onManner: () => this.#redraw(),
      onDifferentOnly: (only) => {
        this.#wanted.differentOnly = only;
        void this.#ask();
      },
      onSort: (sort) => {
        this.#wanted.sort = sort;
        void this.#ask();
      },
      step: (by) => void this.#step(by),
      move: (by) => void this.#goTo(this.#row + by),
      jump: (row) => void this.#goTo(Math.max(0, Math.min(row, this.#list.total - 1))),
    });
    this.#list.node.addEventListener("scroll", () => this.#readPlace());
    context.signal.addEventListener("abort", () => this.#asking.abort(), { once: true });
  }

  begin(): void {
    const { view, node, context } = this;
    const titles = el(
      "div",
      { class: "figloom-titles" },
      el("div", { class: "figloom-title" }, view.title),
      this.#count,
    );
    const keys = el(
      "div",
      { class: "figloom-keys", ...OWN_KEYS },
      el("div", { class: "figloom-bar" }, titles, this.#tools.node),
      drawLegend(view),
      this.#said,
      this.#list.node,
    );
    keys.addEventListener("keydown", (event) => this.#press(event));
    node.replaceChildren(keys);
    if (this.#link) {
      onNews(this.#link, this.#source, context, {
        rows: () => void this.#ask(),
        reviewed: (reviewed) => this.#reviewed(reviewed),
        state: () => this.#connect(),
      });
    }
    const held = view.cards.slice(0, BLOCK).map((card, row) => ({ row, card, verdict: null }));
    this.#list.show(view.cards.length, held);
    this.#setRow(0);
    this.#connect();
  }

  /** What the output holds stands there until the kernel answers. */
  #connect(): void {
    const { view } = this;
    if (!this.#link || this.#link.state === "gone") {
      this.#figures = this.#figures.live ? this.#figures : heldFigures(view);
      if (view.live || view.cards.length < view.total)
        this.#say(
          __(
            "There is no kernel here: what the notebook holds is shown. Start it for the rest, orders and verdicts.",
          ),
        );
      return;
    }
    if (this.#figures.live || this.#link.state !== "live") return;
    this.#figures = liveFigures(this.#link, view, view.live!.query, this.#source);
    this.#say("");
    void this.#ask();
    this.#link.ask("about", {}, this.context.signal).then(
      ({ metrics }) => this.#tools.offerSorts(metrics),
      () => undefined,
    );
  }

  /** Asks for the rows anew, and stays where the reader is as long as there is such a row. */
  async #ask(): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    if (this.context.signal.aborted) return;
    this.#list.node.setAttribute("aria-busy", "true");
    try {
      const total = await this.#figures.want(this.#wanted, signal);
      if (signal.aborted) return;
      await this.#list.begin(total, this.#figures.live && total === this.#list.total ? this.#row : 0);
      if (signal.aborted) return;
      this.#readPlace();
      this.#say(total > 0 || this.view.total === 0 ? null : this.#emptyText());
    } catch (error) {
      if (!signal.aborted) this.#say(error instanceof Error ? error.message : String(error));
    } finally {
      if (!signal.aborted) this.#list.node.removeAttribute("aria-busy");
    }
  }

  #emptyText(): string {
    return this.#wanted.differentOnly
      ? __("All captions here are the same.")
      : __("The selection of the other views leaves no figure that has these captions.");
  }

  #draw(figure: DiffFigure): HTMLElement {
    const { view, context } = this;
    const { card, row } = figure;
    const { judge } = this.#figures;
    return drawItem(figure, view.captions, this.#manner, {
      open: () => {
        const cards = this.#list.figures.map((one) => one.card);
        openLightbox(cards, cards.indexOf(card), context, () =>
          this.#list.item(row)?.querySelector<HTMLElement>(".figloom-diff-picture")?.focus(),
        );
      },
      judge: judge && ((verdict) => void this.#judge(figure, verdict)),
      copy: async (button) => {
        const copied = await copyText(
          view.live ? figureDiffCode(view, view.live, card.figure_id) : card.figure_id,
        );
        button.textContent = copied ? __("Copied") : __("Cannot copy here");
      },
    });
  }

  /** The same verdict again takes it away. */
  async #judge({ card, verdict }: DiffFigure, to: Verdict): Promise<void> {
    try {
      const reviewed = await this.#figures.judge?.(card.figure_id, verdict === to ? null : to);
      if (reviewed) this.#reviewed(reviewed);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  #reviewed({ figures }: Reviewed): void {
    const said = new Map(figures.map((figure) => [figure.figure_id, figure.verdict]));
    this.#list.patch((figure) => {
      const verdict = said.get(figure.card.figure_id);
      return verdict === undefined || verdict === figure.verdict ? null : { ...figure, verdict };
    });
  }

  #changed(): void {
    const marked = this.#changes[this.#change]?.[0];
    this.#changes = findChanges(this.#list.node);
    this.#mark(marked ? this.#changes.findIndex((pieces) => pieces.includes(marked)) : -1);
    const { total } = this.#list;
    const { view } = this;
    const shown = this.#figures.live ? total : Math.min(total, view.cards.length);
    this.#count.textContent =
      view.total === 0
        ? EMPTY_DIFF
        : total < view.total && this.#figures.live
          ? __("%1 of %2 figures", integer(total), integer(view.total))
          : countText(shown, this.#wanted.differentOnly ? shown : Math.max(shown, view.total), "figure");
    this.#list.node.hidden = total === 0;
  }

  #mark(to: number): void {
    this.#changes[this.#change]?.forEach((piece) => piece.classList.remove("figloom-current"));
    this.#change = to;
    this.#changes[to]?.forEach((piece) => piece.classList.add("figloom-current"));
    this.#tools.changes(to, this.#changes.length);
  }

  async #step(by: 1 | -1): Promise<void> {
    const from = this.#change < 0 ? this.#firstChangeFrom(by) : this.#change + by;
    if (!this.#changes[from]) {
      // Beyond what stands in the page there may be more.
      const edge =
        by === 1 ? (this.#list.figures.at(-1)?.row ?? 0) + 1 : (this.#list.figures[0]?.row ?? 0) - 1;
      const marked = this.#changes[this.#change]?.[0];
      if (!(await this.#list.reach(edge))) return;
      const at = marked ? this.#changes.findIndex((pieces) => pieces.includes(marked)) : -1;
      if (!this.#changes[at + by]) return;
      this.#mark(at + by);
    } else this.#mark(from);
    const [piece] = this.#changes[this.#change] ?? [];
    if (piece) scrollInto(this.#list.node, piece, "near");
  }

  /** The first change in or after the figure that is being read, or the last before it. */
  #firstChangeFrom(by: 1 | -1): number {
    const rowOf = (pieces: HTMLElement[]) =>
      Number(pieces[0]!.closest<HTMLElement>(".figloom-diff-item")!.dataset.row);
    return by === 1
      ? this.#changes.findIndex((pieces) => rowOf(pieces) >= this.#row)
      : this.#changes.findLastIndex((pieces) => rowOf(pieces) < this.#row);
  }

  async #goTo(row: number): Promise<void> {
    const item = await this.#list.reach(row);
    if (!item) return;
    this.#setRow(row);
    this.#mark(-1);
    scrollInto(this.#list.node, item, "top");
    this.#setRow(row);
    if (this.#list.node.contains(document.activeElement)) item.focus({ preventScroll: true });
  }

  /** The figure at the top of the list is the one that is being read. */
  #readPlace(): void {
    const top = this.#list.node.getBoundingClientRect().top;
    const marked = this.#list.item(this.#row);
    if (marked && Math.abs(marked.getBoundingClientRect().top - top) < 4) return this.#setRow(this.#row);
    const items = [...this.#list.node.querySelectorAll<HTMLElement>(".figloom-diff-item")];
    const first = items.find((item) => item.getBoundingClientRect().bottom > top + 8) ?? items[0];
    if (first) this.#setRow(Number(first.dataset.row));
    else this.#tools.place(0, 0);
  }

  #setRow(row: number): void {
    this.#list.item(this.#row)?.classList.remove("figloom-at");
    this.#row = row;
    this.#list.item(row)?.classList.add("figloom-at");
    this.#tools.place(row, this.#list.total);
  }

  /** Goes to the next unsupported claim and says what is wrong with it. */
  #doubt(by: 1 | -1): void {
    const doubts = [...this.#list.node.querySelectorAll<HTMLElement>("mark.figloom-doubt")];
    const at = doubts.indexOf(document.activeElement as HTMLElement);
    const own = this.#list.item(this.#row);
    const first = doubts.findIndex(
      (mark) => !own || own.contains(mark) || !!(own.compareDocumentPosition(mark) & 4),
    );
    const to = doubts[at >= 0 ? at + by : first];
    if (!to) return this.#say(__("There is no further unsupported claim in the figures around this one."));
    to.focus({ preventScroll: true });
    scrollInto(this.#list.node, to, "near");
    this.#say(`“${to.textContent}”: ${to.title}`);
  }

  #press(event: KeyboardEvent): void {
    if (takesText(event.target) || event.target instanceof HTMLSelectElement) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const judge = (verdict: Verdict) => {
      const figure = this.#list.figures.find(({ row }) => row === this.#row);
      if (figure && this.#figures.judge) void this.#judge(figure, verdict);
    };
    const keys: Record<string, () => void> = {
      n: () => void this.#step(1),
      p: () => void this.#step(-1),
      j: () => void this.#goTo(this.#row + 1),
      k: () => void this.#goTo(this.#row - 1),
      u: () => this.#doubt(1),
      U: () => this.#doubt(-1),
      a: () => judge("accepted"),
      r: () => judge("rejected"),
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** The same change stays marked, as far as there is one. */
  #redraw(): void {
    const at = this.#change;
    this.#list.redraw();
    this.#setRow(this.#row);
    this.#mark(Math.min(at, this.#changes.length - 1));
  }

  /** `null` takes away what was said of a failure or an empty list, but not that there is no kernel. */
  #say(text: string | null): void {
    if (text === null && (!this.#link || this.#link.state === "gone")) return;
    this.#said.textContent = text ?? "";
    this.#said.hidden = !text;
  }
}

function drawLegend({ captions: [base, ...others] }: DiffView): HTMLElement {
  return el(
    "div",
    { class: "figloom-legend" },
    el("del", { class: "figloom-removed" }, __("only in %1", base!)),
    el("ins", { class: "figloom-added", dir: "auto" }, __("only in %1", others.join(", "))),
    el(
      "mark",
      { class: "figloom-doubt", title: __("Neither in the paper's text nor in its raw caption") },
      __("unsupported"),
    ),
    el("span", { class: "figloom-soft" }, __("u goes to the next unsupported claim, with the reason")),
  );
}
