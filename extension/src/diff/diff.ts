import type { DiffView, Reviewed, Verdict } from "figloom/views";
import { countText, EMPTY_DIFF, integer } from "figloom/views";
import type { DatasetLink, DrawContext } from "../common/context.js";
import { copyText } from "../common/copy.js";
import { el, takesText } from "../common/dom.js";
import { codeExports, drawExportMenu } from "../common/export-menu.js";
import { keysButton, openKeys } from "../common/keys-dialog.js";
import { Said } from "../common/said.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { openStrip } from "../figure/lightbox.js";
import { datasetOptions } from "../figure/live-lightbox.js";
import { Marks } from "../figure/marks.js";
import { lookOf } from "../figure/strip.js";
import { SelectionLine } from "../selection/line.js";
import { ViewSelection } from "../selection/view-selection.js";
import { viewSettings } from "../settings/settings.js";
import { diffCode, figureDiffCode } from "./code.js";
import {
  heldFigures,
  liveFigures,
  stripOver,
  wantedQuery,
  type DiffFigure,
  type Figures,
  type Wanted,
} from "./figures.js";
import { drawItem, type Manner } from "./item.js";
import { actOf, keyList, type DiffActs } from "./keys.js";
import { BLOCK, DiffList } from "./list.js";
import { scrollInto } from "./steps.js";
import { drawToolbar, type Toolbar } from "./toolbar.js";
import { ChangeWalk } from "./walk.js";

/** Draws captions compared, figure by figure: all of a query where there is a kernel. */
export function drawDiff(view: DiffView, node: HTMLElement, context: DrawContext): void {
  new DiffDrawing(view, node, context).begin();
}

class DiffDrawing {
  readonly #manner: Manner;
  readonly #wanted: Wanted = { differentOnly: false, sort: null };
  readonly #link: DatasetLink | null;
  readonly #selection: ViewSelection | null;
  readonly #marks: Marks;
  readonly #list: DiffList;
  readonly #walk: ChangeWalk;
  readonly #tools: Toolbar;
  readonly #count = el("span", { class: "figloom-soft", role: "status" });
  readonly #line = new SelectionLine((error) => this.#said.fail(error));
  /** What is so as long as it stands there: that there is no kernel, or nothing to show. */
  readonly #state = el("p", { class: "figloom-note figloom-state", role: "status", hidden: true });
  readonly #said = new Said(() => void this.#marks.undo());
  readonly #acts: DiffActs;
  #figures: Figures;
  #asking = new AbortController();
  /** Whether the rows that are wanted have been read. */
  #answered = false;
  #row = 0;

  constructor(
    private readonly view: DiffView,
    private readonly node: HTMLElement,
    private readonly context: DrawContext,
  ) {
    const { signal } = context;
    const { diffLayout: layout, diffUnit: unit } = viewSettings();
    this.#manner = { layout, unit };
    this.#figures = heldFigures(view);
    this.#link = view.live ? context.dataset(view.live.dataset) : null;
    this.#selection =
      this.#link &&
      new ViewSelection(this.#link, signal, {
        narrowed: () => void (this.#figures.live && this.#follows && this.#ask()),
        changed: () => this.#line.draw(this.#selection, { follows: this.#follows }),
      });
    this.#marks = new Marks({
      link: this.#link,
      signal,
      marked: (reviewed) => this.#reviewed(reviewed),
      say: (text, undo) => this.#said.say(text, undo),
    });
    this.#list = new DiffList({
      label: __("%1: n and p go from change to change, j and k from figure to figure", view.title),
      read: (from, count) => this.#figures.read(from, count, this.#asking.signal),
      draw: (figure) => this.#draw(figure),
      changed: () => this.#changed(),
      failed: (error) => this.#fail(error),
    });
    this.#walk = new ChangeWalk(this.#list, (at, count) => this.#tools.changes(at, count));
    this.#acts = {
      change: (by) => void this.#walk.step(by, this.#row),
      figure: (by) => void this.#goTo(this.#row + by),
      claim: (by) => this.#claim(by),
      open: () => this.#open(this.#row),
      goTo: () => this.#tools.goTo(),
      accept: () => this.#judge(this.#row, "accepted"),
      reject: () => this.#judge(this.#row, "rejected"),
      tag: () => this.#tag(this.#row),
      undo: () => void this.#marks.undo(),
      redo: () => void this.#marks.redo(),
      help: () => openKeys(keyList(), signal, () => this.#list.node.focus()),
    };
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
      step: (by) => this.#acts.change(by),
      move: (by) => this.#acts.figure(by),
      jump: (row) => void this.#goTo(Math.max(0, Math.min(row, this.#list.total - 1))),
      onLeave: () => this.#list.node.focus(),
    });
    this.#tools.node.append(...this.#drawMenu(), keysButton(this.#acts.help));
    this.#list.node.addEventListener("scroll", () => this.#readPlace());
    signal.addEventListener("abort", () => this.#asking.abort(), { once: true });
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
      { class: "figloom-keys figloom-diff-view", ...OWN_KEYS },
      el("div", { class: "figloom-bar" }, titles, this.#tools.node),
      this.#line.element,
      drawLegend(view),
      this.#state,
      this.#list.node,
      el("div", { class: "figloom-footer" }, this.#said.element),
    );
    keys.addEventListener("keydown", (event) => this.#press(event));
    node.replaceChildren(keys);
    if (this.#link) {
      const ends = [
        this.#link.on("changed", () => void this.#ask()),
        this.#link.on("reviewed", (reviewed) => this.#reviewed(reviewed)),
        this.#link.onState(() => this.#connect()),
      ];
      context.signal.addEventListener("abort", () => ends.forEach((end) => end()), { once: true });
    }
    const held = view.cards.slice(0, BLOCK).map((card, row) => ({ row, ...lookOf(card) }));
    this.#list.show(view.cards.length, held);
    this.#setRow(0);
    this.#connect();
  }

  get #follows(): boolean {
    return this.view.live?.query.linked ?? false;
  }

  #drawMenu(): HTMLElement[] {
    const { view, context } = this;
    const { live } = view;
    if (!live) return [];
    const code = () => diffCode(view, live, wantedQuery(view, live.query, this.#wanted));
    return [drawExportMenu(codeExports(code, context.insertCell), (text) => this.#said.say(text))];
  }

  /** What the output holds stands there until the kernel answers. */
  #connect(): void {
    const { view } = this;
    this.#status();
    if (this.#link?.state !== "live") return;
    // A restarted kernel may know other rows than the one before it.
    this.#figures = liveFigures(this.#link, view, view.live!.query, this.#selection!.source);
    void this.#ask();
    this.#link.ask("about", {}).then(
      ({ metrics }) => this.#tools.offerSorts(metrics),
      () => undefined,
    );
  }

  /** Whether nobody can be asked. */
  get #gone(): boolean {
    return !this.#link || this.#link.state === "gone";
  }

  /** Says why there is less to see or to do than there could be. */
  #status(): void {
    const { cards, total } = this.view;
    const empty = this.#list.total === 0 && total > 0;
    const asking = empty && cards.length === 0 && !this.#answered;
    const texts = [
      this.#gone ? this.#absence() : asking ? __("Asking the kernel…") : "",
      empty && !asking ? this.#emptyText() : "",
    ];
    this.#state.textContent = texts.filter((text) => text !== "").join(" ");
    this.#state.hidden = this.#state.textContent === "";
  }

  #absence(): string {
    const { live, cards, total } = this.view;
    if (!live && cards.length === total) return "";
    return this.#figures.live
      ? __("The kernel does not answer. Start it to see figures that are not here yet.")
      : cards.length < total
        ? __(
            "No kernel: the first %1 of %2 figures are shown. Start it to see all.",
            integer(cards.length),
            integer(total),
          )
        : __("No kernel. Start it to sort figures here and to mark them.");
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
      this.#answered = true;
      this.#readPlace();
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      if (!signal.aborted) {
        this.#list.node.removeAttribute("aria-busy");
        this.#status();
      }
    }
  }

  #emptyText(): string {
    return this.#wanted.differentOnly
      ? __("All captions here are the same.")
      : __("The selection of the views leaves no figure that has these captions.");
  }

  #draw(figure: DiffFigure): HTMLElement {
    const { view } = this;
    const { card, row } = figure;
    return drawItem(figure, view.captions, this.#manner, {
      open: () => this.#open(row),
      marks: this.#figures.live
        ? { judge: (verdict) => this.#judge(row, verdict), tag: () => this.#tag(row) }
        : null,
      copy: async () => {
        const text = view.live ? figureDiffCode(view, view.live, card.figure_id) : card.figure_id;
        try {
          await copyText(text);
          this.#said.say(
            view.live ? __("Copied: a cell that shows this comparison.") : __("Copied the figure's id."),
          );
        } catch (error) {
          this.#said.fail(error);
        }
      },
    });
  }

  #figure(row: number): DiffFigure | undefined {
    return this.#list.figures.find((figure) => figure.row === row);
  }

  #open(row: number): void {
    const { total } = this.#list;
    if (row >= total) return;
    const strip = stripOver(this.#figures, total, (at) => this.#figure(at));
    openStrip(strip, row, this.context, {
      ...datasetOptions(this.view.live, this.#link, this.#marks),
      onClose: (last) =>
        void this.#goTo(last).then(() => this.#list.item(last)?.focus({ preventScroll: true })),
    });
  }

  /** The same verdict again takes it away. */
  #judge(row: number, to: Verdict): void {
    const figure = this.#figure(row);
    if (!figure || !this.#figures.live) return;
    const verdict = figure.verdict === to ? null : to;
    void this.#marks.write({ figure_ids: [figure.card.figure_id], verdict });
  }

  #tag(row: number): void {
    const figure = this.#figure(row);
    if (figure && this.#figures.live)
      this.#marks.tag([figure.card.figure_id], figure.tags, () => this.#list.item(figure.row)?.focus());
  }

  #reviewed({ figures }: Reviewed): void {
    const said = new Map(figures.map((figure) => [figure.figure_id, figure]));
    this.#list.patch((figure) => {
      const now = said.get(figure.card.figure_id);
      const same = now?.verdict === figure.verdict && now.tags.join() === figure.tags.join();
      return now && !same ? { ...figure, verdict: now.verdict, tags: now.tags } : null;
    });
  }

  #changed(): void {
    this.#walk.refresh();
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

  async #goTo(row: number): Promise<void> {
    const item = await this.#list.reach(row);
    if (!item) return;
    this.#setRow(row);
    this.#walk.mark(-1);
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

  #claim(by: 1 | -1): void {
    const claim = this.#walk.claim(by, this.#row);
    this.#said.say(
      claim
        ? `“${claim.textContent}”: ${claim.title}`
        : __("There is no further unsupported claim in the figures around this one."),
    );
  }

  #press(event: KeyboardEvent): void {
    if (takesText(event.target)) return;
    // Enter belongs to the button that has the focus.
    const target = event.target as HTMLElement;
    if (event.key === "Enter" && target.closest("button, summary")) return;
    const act = actOf(event, this.#acts);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #redraw(): void {
    this.#walk.redrawn(() => {
      this.#list.redraw();
      this.#setRow(this.#row);
    });
  }

  /** That the kernel went away is said as long as it is so. */
  #fail(error: unknown): void {
    if (!this.#gone || !this.#link) this.#said.fail(error);
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
    el("span", { class: "figloom-soft" }, __("e goes to the next unsupported claim, with the reason")),
  );
}
