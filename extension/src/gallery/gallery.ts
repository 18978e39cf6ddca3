import type { GalleryView, Tile, Verdict } from "figloom/views";
import { EMPTY_GALLERY, integer } from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { figureCount } from "../common/count.js";
import { el, takesText } from "../common/dom.js";
import { codeExports, drawExportMenu } from "../common/export-menu.js";
import { openKeys } from "../common/keys-dialog.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { watchSight } from "../common/sight.js";
import { __ } from "../common/words.js";
import { openStrip } from "../figure/lightbox.js";
import { datasetOptions } from "../figure/live-lightbox.js";
import { Marks } from "../figure/marks.js";
import { SelectionLine } from "../selection/line.js";
import { viewSettings } from "../settings/settings.js";
import { drawChips } from "./chips.js";
import { queryCode } from "./code.js";
import { PAPER } from "./facets.js";
import { FilterPanel } from "./filter-panel.js";
import { Footer } from "./footer.js";
import { Grid } from "./grid.js";
import { commandOf, keyList, type Command } from "./keys.js";
import { GalleryModel } from "./model.js";
import { Picks, PICKS_LIMIT } from "./picks.js";
import { statusOf } from "./status.js";
import { Toolbar } from "./toolbar.js";

/**
 * Draws a grid over all figures of a query, of which the first are in the view and the others are asked of the kernel:
 * searched, filtered, grouped, sorted, selected and marked; a figure opens in the lightbox.
 */
export function drawGallery(view: GalleryView, node: HTMLElement, context: DrawContext): void {
  if (view.cards.length === 0 && !view.live) {
    const title = el("div", { class: "figloom-title" }, view.title);
    node.replaceChildren(title, el("p", { class: "figloom-note" }, EMPTY_GALLERY));
    return;
  }
  new Gallery(view, node, context).start();
}

class Gallery {
  readonly #view: GalleryView;
  readonly #context: DrawContext;
  readonly #model: GalleryModel;
  readonly #grid: Grid;
  readonly #toolbar: Toolbar;
  readonly #panel: FilterPanel;
  readonly #footer: Footer;
  readonly #marks: Marks;
  readonly #picks = new Picks();
  readonly #root: HTMLElement;
  readonly #count = el("span", { class: "figloom-soft", role: "status" });
  readonly #state = el("p", { class: "figloom-note figloom-state", hidden: true });
  readonly #nothing = el("p", { class: "figloom-note", hidden: true });
  readonly #chips = el("div", { class: "figloom-chips", role: "list", "aria-label": __("Narrowed by") });
  readonly #selection = new SelectionLine((error) => this.#footer.fail(error));

  constructor(view: GalleryView, node: HTMLElement, context: DrawContext) {
    const { signal } = context;
    this.#view = view;
    this.#context = context;
    const link = view.live ? context.dataset(view.live.dataset) : null;
    this.#model = new GalleryModel(view, link, signal, {
      at: () => this.#at(),
      figures: (row) => this.#replaced(row),
      tiles: () => this.#grid.draw(),
      state: () => this.#update(),
    });
    this.#marks = new Marks({
      link,
      signal,
      marked: ({ figures }) => {
        this.#model.figures.patch(figures);
        this.#grid.refresh();
      },
      say: (text, undo) => this.#footer.say(text, undo),
    });
    this.#footer = new Footer({
      onGoTo: (row) => this.#grid.goTo(row, "start"),
      onLeave: () => this.#grid.focus(),
      onAccept: () => this.#judge("accepted"),
      onReject: () => this.#judge("rejected"),
      onTag: () => this.#tag(),
      onUse: () => void this.#useAsSelection(),
      onClear: () => this.#clearPicks(),
      onUndo: () => void this.#marks.undo(),
    });
    const { live } = view;
    const { tileSize: size } = viewSettings();
    this.#toolbar = new Toolbar({
      model: this.#model,
      signal,
      size,
      menu: live
        ? drawExportMenu(
            codeExports(() => queryCode({ ...live, query: this.#model.asked }), context.insertCell),
            (text) => this.#footer.say(text),
          )
        : null,
      onSize: (size) => this.#grid.setSize(size),
      onFilter: () => this.#openFilter(),
      onHelp: () => this.#help(),
      onLeave: () => this.#grid.focus(),
    });
    this.#panel = new FilterPanel(this.#model, signal, () => this.#openFilter());
    this.#grid = new Grid(this.#model.figures, size, {
      label: view.title,
      signal,
      isPicked: ({ figure_id }) => this.#picks.has(figure_id),
      onClick: (row, event) => this.#clicked(row, event),
      onMove: () => this.#moved(),
    });
    this.#root = el(
      "div",
      { class: "figloom-keys figloom-gallery-view", ...OWN_KEYS },
      el(
        "div",
        { class: "figloom-bar" },
        el(
          "div",
          { class: "figloom-titles" },
          el("div", { class: "figloom-title" }, view.title),
          this.#count,
        ),
        this.#toolbar.element,
      ),
      this.#panel.element,
      this.#selection.element,
      this.#chips,
      this.#state,
      this.#grid.element,
      this.#nothing,
      this.#footer.element,
    );
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    // Not the grid, which is hidden where there is no figure, and would then never hear of others.
    watchSight(this.#root, signal, (inSight) => {
      if (inSight || !this.#root.contains(document.activeElement)) this.#model.setSight(inSight);
    });
    node.replaceChildren(this.#root);
  }

  start(): void {
    this.#update();
    this.#model.start();
  }

  /** The figure to stay at while others are asked for; none at the very beginning. */
  #at(): string | null {
    const { anchor, first } = this.#grid;
    if (anchor === 0 && first === 0) return null;
    return this.#model.figures.tile(anchor)?.figure_id ?? null;
  }

  #replaced(row: number | null): void {
    const { figures, query, about } = this.#model;
    const column = query.sort?.column;
    const name = about?.columns.find(({ ref }) => ref === column)?.label ?? column ?? null;
    this.#grid.setFigures(figures, row, this.#model.live ? name : null);
    this.#picks.anchor = this.#grid.active;
  }

  #moved(): void {
    // The first drawing of the grid comes before the grid is here.
    const { total } = this.#model.figures;
    const grid = this.#grid as Grid | undefined;
    this.#footer.place(grid?.anchor ?? 0, total);
  }

  #update(): void {
    const { figures, reachable, busy, problem, query, selection } = this.#model;
    const { total } = figures;
    const { count, said, nothing } = statusOf(this.#model, this.#view);
    this.#count.textContent = count;
    this.#root.setAttribute("aria-busy", String(busy));
    this.#state.hidden = said === "";
    this.#state.textContent = said;
    this.#state.classList.toggle("figloom-problem", problem !== null);
    this.#nothing.hidden = total > 0 || busy;
    this.#nothing.textContent = nothing;
    this.#grid.element.hidden = total === 0;
    this.#selection.draw(selection, { follows: query.linked });
    this.#chips.replaceChildren(...drawChips(this.#model, () => this.#openFilter(true)));
    this.#chips.hidden = this.#chips.childElementCount === 0;
    this.#toolbar.update();
    this.#panel.update();
    this.#footer.picked(this.#picks.size, reachable);
    this.#moved();
  }

  #openFilter(open = this.#panel.element.hidden): void {
    if (open === this.#panel.element.hidden) this.#panel.toggle();
    this.#toolbar.filter.setAttribute("aria-expanded", String(open));
    if (!open) this.#toolbar.filter.focus();
  }

  #key(event: KeyboardEvent): void {
    const command = commandOf(event);
    if (command === null || takesText(event.target)) return;
    const onGrid = document.activeElement === this.#grid.list;
    const onButton = event.target instanceof HTMLButtonElement;
    // Enter, Space and the arrows belong to the button or slider that has the focus.
    if (
      !onGrid &&
      (command === "move" || command === "extend" || (onButton && ["open", "pick"].includes(command)))
    )
      return;
    if (this.#run(command, event)) event.preventDefault();
  }

  /** @returns whether there was something to do */
  #run(command: Command, event: KeyboardEvent): boolean {
    const grid = this.#grid;
    switch (command) {
      case "move":
      case "extend": {
        const to = grid.step(event.key);
        if (to === null) return false;
        grid.goTo(to);
        if (command === "extend") void this.#extend(to);
        else this.#picks.anchor = to;
        break;
      }
      case "open":
        this.#open(grid.active);
        break;
      case "pick":
        this.#toggle(grid.active);
        break;
      case "pickAll":
        void this.#pickAll();
        break;
      case "search":
        this.#toolbar.search.focus();
        this.#toolbar.search.select();
        break;
      case "goTo":
        this.#footer.goTo();
        break;
      case "accept":
        this.#judge("accepted");
        break;
      case "reject":
        this.#judge("rejected");
        break;
      case "tag":
        this.#tag();
        break;
      case "undo":
        void this.#marks.undo();
        break;
      case "redo":
        void this.#marks.redo();
        break;
      case "filter":
        this.#openFilter();
        break;
      case "fold":
        grid.foldActive();
        break;
      case "help":
        this.#help();
        break;
      case "leave":
        if (this.#picks.size === 0) return false;
        this.#clearPicks();
        break;
    }
    return true;
  }

  #clicked(row: number, event: MouseEvent): void {
    this.#grid.goTo(row);
    this.#grid.focus();
    const sign = (event.target as Element).closest(".figloom-pick");
    if (event.shiftKey) void this.#extend(row);
    else if (sign || event.ctrlKey || event.metaKey) this.#toggle(row);
    else this.#open(row);
  }

  #toggle(row: number): void {
    const tile = this.#model.figures.tile(row);
    this.#picks.anchor = row;
    if (tile) this.#picks.toggle(tile.figure_id);
    this.#picked();
  }

  async #extend(row: number): Promise<void> {
    const { anchor } = this.#picks;
    const [from, to] = [Math.min(anchor, row), Math.max(anchor, row)];
    await this.#pickRows(from, to - from + 1);
  }

  async #pickAll(): Promise<void> {
    await this.#pickRows(0, this.#model.figures.total);
  }

  async #pickRows(from: number, count: number): Promise<void> {
    const { figures } = this.#model;
    try {
      const ids = await figures.ids(from, Math.min(count, PICKS_LIMIT));
      const fits = this.#picks.add(ids);
      if (!fits || count > PICKS_LIMIT)
        this.#footer.say(
          __(
            "%1 figures can be selected at once; narrow what is shown to reach the others.",
            integer(PICKS_LIMIT),
          ),
        );
    } catch (error) {
      this.#footer.fail(error);
    }
    this.#picked();
  }

  #clearPicks(): void {
    this.#picks.clear();
    this.#picked();
  }

  #picked(): void {
    this.#footer.picked(this.#picks.size, this.#model.reachable);
    this.#grid.refresh();
  }

  /** What marks go to: the selected figures, otherwise the active one. */
  get #targets(): { ids: string[]; tiles: Tile[] } {
    const active = this.#model.figures.tile(this.#grid.active);
    if (this.#picks.size === 0)
      return { ids: active ? [active.figure_id] : [], tiles: active ? [active] : [] };
    const tiles = this.#grid.tilesDrawn.filter(({ figure_id }) => this.#picks.has(figure_id));
    return { ids: this.#picks.ids, tiles };
  }

  #judge(verdict: Verdict): void {
    const { ids, tiles } = this.#targets;
    if (ids.length === 0) return;
    const already = tiles.length === ids.length && tiles.every((tile) => tile.verdict === verdict);
    void this.#marks.write({ figure_ids: ids, verdict: already ? null : verdict });
  }

  #tag(): void {
    const { ids, tiles } = this.#targets;
    if (ids.length === 0) return;
    this.#marks.tag(ids, [...new Set(tiles.flatMap(({ tags }) => tags))], () => this.#grid.focus());
  }

  #help(): void {
    openKeys(keyList(), this.#context.signal, () => this.#grid.focus());
  }

  async #useAsSelection(): Promise<void> {
    const { ids } = this.#picks;
    const label = __("%1 chosen in %2", figureCount(ids.length), this.#view.title);
    try {
      await this.#model.selection?.select(label, { kind: "figures", figure_ids: ids });
      this.#footer.say(__("The other views of the dataset now show %1.", figureCount(ids.length)));
    } catch (error) {
      this.#footer.fail(error);
    }
  }

  #open(row: number): void {
    const model = this.#model;
    const { figures } = model;
    if (row < 0 || row >= figures.total) return;
    openStrip(figures, row, this.#context, {
      ...datasetOptions(this.#view.live, model.link, this.#marks),
      onClose: (last) => {
        // Other figures may have come meanwhile.
        if (model.figures === figures) this.#grid.goTo(last);
        this.#grid.focus();
      },
      showPaper: ({ paper_id, paper_title }) => {
        const label = paper_title || paper_id;
        void model.change({ choices: [{ facet: PAPER, values: [paper_id], label }] });
      },
    });
  }
}
