import { countText, sideOf, type CaptionVerdict, type MatrixColumn, type MatrixView } from "figloom/views";
import type { DrawContext, Redraw } from "../common/context.js";
import { el, takesText } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { findChange } from "./changes.js";
import { Cursor } from "./cursor.js";
import { openRow } from "./dialog.js";
import { drawColumnHead, drawMeasures, type ColumnHead } from "./head.js";
import { moved } from "./keys.js";
import { drawLegend } from "./legend.js";
import { MatrixModel } from "./model.js";
import { arrange } from "./order.js";
import { changeRow, drawRow, type DrawnRow, type RowContext } from "./rows.js";
import { drawTools, type Tools } from "./tools.js";
import { trialLink, Verdicts } from "./verdicts.js";

/** Rows that are drawn at once: the rest follows frame by frame. */
const ROWS_A_FRAME = 15;
/** Means and intervals are worked out no more often than that while answers come, in milliseconds. */
const MEANS_MS = 1000;

/** Draws figures × prompts; later states of the trial change what differs. */
export function drawMatrix(view: MatrixView, node: HTMLElement, context: DrawContext): Redraw<MatrixView> {
  let shown = new AbortController();
  let take = draw(view);
  context.signal.addEventListener("abort", () => shown.abort(), { once: true });
  return (next) => {
    if (take(next)) return;
    shown.abort();
    shown = new AbortController();
    take = draw(next);
  };

  function draw(view: MatrixView): (next: MatrixView) => boolean {
    const matrix = new MatrixPage(view, node, { ...context, signal: shown.signal });
    return (next) => matrix.take(next);
  }
}

class MatrixPage {
  readonly #model: MatrixModel;
  readonly #context: DrawContext;
  readonly #verdicts: Verdicts;
  readonly #heads: ColumnHead[];
  readonly #tools: Tools;
  readonly #count = el("span", { class: "figloom-soft", role: "status", dir: "auto" });
  readonly #said = el("p", { class: "figloom-note", role: "status", hidden: true });
  readonly #measures = el("div", { role: "rowgroup", class: "figloom-measures" });
  readonly #body = el("div", { role: "rowgroup" });
  readonly #grid: HTMLElement;
  readonly #drawn = new Map<number, DrawnRow>();
  /** Cells whose fold is other than the toolbar says. */
  readonly #turned = new Set<string>();
  /** Figures on display, in order. */
  #figures: number[] = [];
  readonly #cursor = new Cursor(this.#body, (figure, column) => this.#drawn.get(figure)?.cells[column]);
  #frame = 0;
  #means: ReturnType<typeof setTimeout> | undefined;

  constructor(view: MatrixView, node: HTMLElement, context: DrawContext) {
    this.#context = context;
    this.#model = new MatrixModel(view);
    const link = trialLink(context, view.dataset);
    this.#verdicts = new Verdicts(link);
    this.#heads = view.columns.map((column) =>
      drawColumnHead(column, (button) => void this.#keep(column, button)),
    );
    const repeats = view.rows.some(({ replies }) => replies.some((cell) => cell.length > 1));
    this.#tools = drawTools(view.columns, { against: view.against, repeats }, (what) => this.#chosen(what));
    this.#grid = el(
      "div",
      { role: "grid", class: "figloom-matrix", "aria-label": __("%1: figures and prompts", view.title) },
      el(
        "div",
        { role: "rowgroup", class: "figloom-matrix-top" },
        el(
          "div",
          { role: "row", class: "figloom-matrix-row" },
          el(
            "div",
            { role: "columnheader", class: "figloom-matrix-first figloom-matrix-head" },
            __("Figure"),
          ),
          ...this.#heads.map((head) => head.node),
        ),
      ),
      this.#measures,
      this.#body,
    );
    this.#grid.style.setProperty("--figloom-columns", String(view.columns.length));
    const page = el(
      "div",
      { class: "figloom-keys figloom-matrix-page", ...OWN_KEYS },
      el(
        "div",
        { class: "figloom-bar" },
        el(
          "div",
          { class: "figloom-titles" },
          el("div", { class: "figloom-title" }, view.title),
          this.#count,
        ),
        this.#tools.node,
      ),
      drawLegend(),
      this.#said,
      el("div", { class: "figloom-matrix-scroll", tabindex: "-1" }, this.#grid),
    );
    page.addEventListener("keydown", (event) => this.#key(event));
    this.#grid.addEventListener("focusin", ({ target }) => this.#cursor.follow(target as HTMLElement));
    this.#body.addEventListener("dblclick", ({ target }) => this.#open(target as HTMLElement));
    this.#body.addEventListener("click", ({ target }) => {
      if ((target as HTMLElement).closest(".figloom-matrix-picture")) this.#open(target as HTMLElement);
    });
    node.replaceChildren(page);
    context.signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#means);
    });
    this.#drawMeans();
    this.#arrange();
    if (link) this.#listen(link);
    else this.#alone();
  }

  /** Takes a later state; `false` for that of another trial. */
  take(view: MatrixView): boolean {
    const changed = this.#model.take(view);
    if (changed === null) return false;
    this.#changed(changed);
    return true;
  }

  #listen(link: NonNullable<ReturnType<typeof trialLink>>): void {
    const { trial } = this.#model.view;
    const load = async () => {
      try {
        await this.#verdicts.load(this.#model.view.columns);
        this.#refresh();
        const { running, rows, total } = this.#model.view;
        if (trial !== null && (running || rows.length < total))
          this.take(await link.ask("follow", { trial }));
      } catch (error) {
        if (this.#context.signal.aborted) return;
        if (this.#model.view.running && link.state === "live") this.#changed(this.#model.apply([], false));
        this.#alone(link.state === "live" ? (error as Error).message : null);
      }
    };
    link.on("replies", ({ trial: of, changes, running }) => {
      if (of === trial) this.#changed(this.#model.apply(changes, running));
    });
    link.on("judged", (judged) => {
      this.#verdicts.take(judged);
      this.#refresh();
    });
    link.onState((state) => {
      this.#grid.classList.toggle("figloom-alone", state === "gone");
      if (state === "live") void load();
      else if (state === "gone") this.#alone();
    });
    if (link.state === "gone") this.#alone();
    else void load();
  }

  #alone(why: string | null = null): void {
    const { rows, total, dataset } = this.#model.view;
    const rest = rows.length < total ? `${countText(rows.length, total, "figure")}. ` : "";
    if (why !== null) return this.#say(rest + why);
    this.#say(
      dataset === null
        ? rest
        : rest + __("No kernel answers: what is here can be compared, but no caption kept or rejected."),
    );
  }

  #say(text: string): void {
    this.#said.textContent = text;
    this.#said.hidden = text === "";
  }

  #changed(figures: readonly number[]): void {
    for (const figure of figures) this.#change(figure);
    if (figures.length > 0 || !this.#model.view.running) this.#soonMeans();
    this.#countRows();
    if (figures.some((figure) => !this.#drawn.has(figure))) this.#arrange();
  }

  #change(figure: number): void {
    const drawn = this.#drawn.get(figure);
    if (drawn) changeRow(drawn, this.#model.row(figure), figure, this.#rowContext);
  }

  #refresh(): void {
    for (const figure of this.#drawn.keys()) this.#change(figure);
    this.#countVerdicts();
  }

  #soonMeans(): void {
    this.#means ??= setTimeout(
      () => {
        this.#means = undefined;
        this.#drawMeans();
        if (!this.#model.view.running && !this.#grid.contains(document.activeElement)) this.#arrange();
      },
      this.#model.view.running ? MEANS_MS : 0,
    );
  }

  #drawMeans(): void {
    const { columns, against } = this.#model;
    this.#measures.replaceChildren(...drawMeasures(columns));
    this.#heads.forEach((head, i) => head.baseline(i === this.#model.baseline));
    this.#tools.offer(columns, against);
    this.#countVerdicts();
    this.#countRows();
  }

  #countVerdicts(): void {
    const { columns, rows } = this.#model.view;
    const ids = rows.map(({ card }) => card.figure_id);
    columns.forEach((column, i) => {
      const { kept, rejected } = this.#verdicts.count(ids, column);
      this.#heads[i]!.counts(kept + rejected === 0 ? "" : __("kept %1, rejected %2", kept, rejected));
    });
  }

  #countRows(): void {
    const { rows, note } = this.#model.view;
    const hidden = rows.length - this.#figures.length;
    const counted = hidden > 0 ? ` · ${__("%1 of %2 shown", this.#figures.length, rows.length)}` : "";
    this.#count.textContent = note + counted;
  }

  #chosen(what: "against" | "arrangement" | "fold"): void {
    if (what === "fold") this.#turned.clear();
    if (what === "against") {
      this.#model.against = this.#tools.against;
      this.#drawMeans();
    }
    if (what !== "arrangement") this.#refresh();
    this.#arrange();
  }

  /** Puts the rows into their order; those that are not drawn yet come a few a frame. */
  #arrange(): void {
    cancelAnimationFrame(this.#frame);
    const { view, against } = this.#model;
    this.#figures = arrange(view.rows, sideOf(view.columns, against), this.#tools.arrangement);
    this.#countRows();
    const empty = el(
      "p",
      { class: "figloom-note" },
      view.rows.length === 0
        ? __("There is no figure in this trial.")
        : __("No figure here is left by the filters."),
    );
    this.#body.replaceChildren(...this.#figures.flatMap((figure) => this.#drawn.get(figure)?.node ?? []));
    if (this.#figures.length === 0)
      this.#body.append(el("div", { role: "row" }, el("div", { role: "gridcell" }, empty)));
    this.#drawMore();
    const { figure } = this.#cursor;
    this.#cursor.put(this.#figures.includes(figure) ? figure : (this.#figures[0] ?? 0));
  }

  #drawMore(): void {
    const missing = this.#figures.filter((figure) => !this.#drawn.has(figure));
    for (const figure of missing.slice(0, ROWS_A_FRAME)) {
      const drawn = drawRow(this.#model.row(figure), figure, this.#model.view.columns.length);
      this.#drawn.set(figure, drawn);
      this.#change(figure);
      const next = this.#figures
        .slice(this.#figures.indexOf(figure) + 1)
        .map((later) => this.#drawn.get(later)?.node)
        .find((later) => later?.parentElement === this.#body);
      this.#body.insertBefore(drawn.node, next ?? null);
    }
    if (missing.length > ROWS_A_FRAME) this.#frame = requestAnimationFrame(() => this.#drawMore());
  }

  readonly #rowContext: RowContext = {
    columns: [],
    unfolded: (figure, column) => this.#tools.unfolded !== this.#turned.has(`${figure} ${column}`),
    fold: (figure, column) => this.#fold(figure, column),
    verdict: (figure, column) => this.#verdictOf(figure, column),
    judge: (figure, column, verdict) => void this.#judge(figure, column, verdict),
  };

  #fold(figure: number, column: number): void {
    const key = `${figure} ${column}`;
    if (!this.#turned.delete(key)) this.#turned.add(key);
    this.#change(figure);
  }

  #verdictOf(figure: number, column: number): CaptionVerdict | null {
    const { rows, columns } = this.#model.view;
    return this.#verdicts.of(rows[figure]!.card.figure_id, columns[column]!);
  }

  async #judge(figure: number, column: number, verdict: CaptionVerdict): Promise<void> {
    const { rows, columns } = this.#model.view;
    if (!rows[figure]?.replies[column]?.some(({ state }) => state === "answered")) return;
    try {
      await this.#verdicts.judge(rows[figure].card.figure_id, columns[column]!, verdict);
      this.#say("");
    } catch (error) {
      this.#say(__("Not written: %1", (error as Error).message));
    }
    this.#change(figure);
    this.#countVerdicts();
  }

  async #keep({ name }: MatrixColumn, button: HTMLButtonElement): Promise<void> {
    const { trial, dataset } = this.#model.view;
    const link = trialLink(this.#context, dataset);
    if (!link || trial === null) return this.#say(__("There is no dataset behind this output."));
    button.disabled = true;
    try {
      const { file } = await link.ask("keep", { trial, column: name });
      this.#say(__("The prompt %1 is kept in %2, with this trial on record.", name, file));
    } catch (error) {
      this.#say(__("Not kept: %1", (error as Error).message));
    } finally {
      button.disabled = false;
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (takesText(target) || target instanceof HTMLSelectElement) return;
    const { figure, column } = this.#cursor;
    const inCell = target.closest("[data-column]") !== null;
    const to =
      inCell &&
      moved(
        event.key,
        { row: this.#figures.indexOf(figure), column },
        this.#figures.length,
        this.#model.view.columns.length + 1,
      );
    if (event.key === "/") this.#tools.focusFilter();
    else if (event.key === "n" || event.key === "p") this.#step(event.key === "n" ? 1 : -1);
    else if (!inCell) return;
    else if (to) this.#cursor.go(this.#figures[to.row] ?? 0, to.column);
    else if (event.key === "Enter" && !(target instanceof HTMLButtonElement)) this.#open(target);
    else if (event.key === "k" && column > 0) void this.#judge(figure, column - 1, "kept");
    else if (event.key === "x" && column > 0) void this.#judge(figure, column - 1, "rejected");
    else if (event.key === "f" && column > 0) this.#fold(figure, column - 1);
    else return;
    event.preventDefault();
  }

  #step(by: 1 | -1): void {
    const piece = findChange(this.#body, by);
    const cell = piece?.closest<HTMLElement>("[data-column]");
    cell?.focus({ preventScroll: true });
    piece?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  #open(target: HTMLElement): void {
    const figure = target.closest<HTMLElement>("[data-figure]")?.dataset["figure"];
    if (figure === undefined) return;
    const start = Number(figure);
    openRow(
      {
        ...{ columns: this.#model.view.columns, figures: this.#figures, start },
        row: (figure) => this.#model.row(figure),
        verdict: (figure, column) => this.#verdictOf(figure, column),
        judge: (figure, column, verdict) => this.#judge(figure, column, verdict),
        onClose: (last) => this.#cursor.go(last, this.#cursor.column),
      },
      this.#context,
    );
  }
}
