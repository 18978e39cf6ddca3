import type { FigureCard, ReviewChange, Reviewed, Tile, Verdict } from "figloom/views";
import { figureName, integer, paperName } from "figloom/views";
import { copyText } from "../common/copy.js";
import { el } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { Compare } from "./compare.js";
import { drawDetails } from "./details.js";
import type { LightboxActions } from "./lightbox-actions.js";
import { LightboxBar } from "./lightbox-bar.js";
import { lightboxKey } from "./lightbox-keys.js";
import { Side } from "./side.js";
import { Stage, type StageOptions } from "./stage.js";
import type { Look, Strip } from "./strip.js";

/** Verdicts and tags on the figure that is shown. */
export interface LightboxReview {
  write(change: ReviewChange): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Asks for tags. */
  tag(look: Look, onClose: () => void): void;
  /** Listens to what is said about figures. @returns ends it */
  onReviewed(listener: (reviewed: Reviewed) => void): () => void;
}

export interface LightboxOptions {
  /** Is told which row was shown last. */
  onClose(row: number): void;
  /** What is left out or `null` is not offered. */
  review?: LightboxReview | null;
  duplicates?: ((figureId: string) => Promise<Tile[]>) | null;
  cards?: ((figureIds: string[]) => Promise<FigureCard[]>) | null;
  showPaper?: ((card: FigureCard) => void) | null;
  /** A way to full images whose file cannot be reached. */
  picture?: StageOptions["picture"];
  /** Code that shows the figure again. */
  reference?: ((figureId: string) => string) | null;
}

/**
 * Opens a dialog over the page with one figure of many at full size: arrows go to its neighbours, the wheel and `+`, `-`,
 * `z` zoom, `i` folds the details, Escape closes.
 */
export function openStrip(strip: Strip, start: number, context: DrawContext, options: LightboxOptions): void {
  new Lightbox(strip, context, options).open(start);
}

class Lightbox {
  readonly #strip: Strip;
  readonly #context: DrawContext;
  readonly #options: LightboxOptions;
  readonly #life = new AbortController();
  readonly #details = el("div", {
    class: "figloom-details",
    tabindex: "0",
    role: "group",
    "aria-label": __("Details"),
  });
  readonly #said = el("span", { class: "figloom-soft", role: "status" });
  readonly #bar: LightboxBar;
  readonly #stage: Stage;
  readonly #side: Side;
  readonly #compare: Compare | null;
  readonly #dialog: HTMLDialogElement;
  #row = 0;
  #look: Look | null = null;
  #going = new AbortController();
  /** Keeps the next figure's full image in the browser's memory. */
  #ahead: HTMLImageElement | null = null;

  constructor(strip: Strip, context: DrawContext, options: LightboxOptions) {
    this.#strip = strip;
    this.#options = options;
    const { signal } = this.#life;
    this.#context = { ...context, signal };
    const { review, duplicates, cards, picture = null } = options;

    const actions = this.#actions();
    this.#bar = new LightboxBar(actions, () => this.#stage);
    this.#stage = new Stage(this.#context, __("Figure"), {
      onZoom: () => this.#bar.showZoom(this.#stage),
      picture,
    });
    const views = el("div", { class: "figloom-stages" }, this.#stage.element);
    const body = el("div", { class: "figloom-lightbox-body" }, views);
    this.#side = new Side(body, this.#details, (folded) => this.#bar.showFolded(folded));
    body.append(this.#side.handle, this.#details);
    const onClose = () => this.#toggleCopies();
    this.#compare =
      duplicates && cards
        ? new Compare({ context: this.#context, duplicates, cards, picture, onClose })
        : null;
    if (this.#compare) views.append(this.#compare.element);

    const dialog = (this.#dialog = el(
      "dialog",
      { class: "figloom figloom-lightbox", role: "dialog", "aria-modal": "true", ...OWN_KEYS },
      ...[this.#bar.element, body, this.#said],
    ));
    dialog.addEventListener("keydown", (event) => lightboxKey(event, actions, this.#stage));
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      this.#end();
      options.onClose(this.#row);
    });
    context.signal.addEventListener("abort", () => this.#end(), { signal });
    if (review) {
      const end = review.onReviewed((reviewed) => this.#reviewed(reviewed));
      signal.addEventListener("abort", end, { once: true });
    }
  }

  #actions(): LightboxActions {
    const { review, duplicates, cards, showPaper, reference } = this.#options;
    return {
      goTo: (row) => this.#go(row),
      goBy: (rows) => this.#go(this.#row + rows),
      goToLast: () => this.#go(this.#strip.total - 1),
      judge: review ? (verdict) => this.#judge(verdict) : null,
      tag: review ? () => this.#tag() : null,
      undo: review ? () => void review.undo() : null,
      redo: review ? () => void review.redo() : null,
      toggleCopies: duplicates && cards ? () => this.#toggleCopies() : null,
      showPaper: showPaper ? () => this.#showPaper() : null,
      copyReference: reference
        ? () => void this.#copy(reference(this.#id), __("Copied: a cell that shows this figure."))
        : null,
      copyId: () => void this.#copy(this.#id, __("Copied the figure's id.")),
      fold: () => this.#side.fold(!this.#side.folded),
      close: () => this.#dialog.close(),
    };
  }

  open(row: number): void {
    this.#go(row);
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#stage.fit();
    this.#stage.element.focus();
  }

  get #id(): string {
    return this.#look?.card.figure_id ?? "";
  }

  #end(): void {
    this.#life.abort();
    this.#going.abort();
    this.#dialog.remove();
  }

  #go(to: number): void {
    if (to < 0 || to >= this.#strip.total) return;
    this.#going.abort();
    const by = to < this.#row ? -1 : 1;
    this.#row = to;
    this.#bar.showPlace(to, this.#strip.total);
    this.#said.textContent = "";
    const known = this.#strip.peek(to);
    if (known) this.#draw(known);
    else {
      this.#dialog.setAttribute("aria-label", __("Figure in row %1 is loading", integer(to + 1)));
      this.#stage.wait();
    }
    void this.#fetch(to, by, known === null);
  }

  /** Gets a figure where it is not here, and then those that are looked at next. */
  async #fetch(row: number, by: 1 | -1, missing: boolean): Promise<void> {
    const { signal } = (this.#going = new AbortController());
    try {
      if (missing) {
        const look = await this.#strip.look(row, signal);
        if (signal.aborted) return;
        if (look) this.#draw(look);
        else this.#said.textContent = __("This figure is not in the dataset any more.");
      }
      const [ahead] = await Promise.all([
        this.#strip.look(row + by, signal),
        this.#strip.look(row - by, signal),
      ]);
      const url = ahead?.card.picture.path && (await this.#context.fileUrl(ahead.card.picture.path));
      if (!url || signal.aborted) return;
      this.#ahead = new Image();
      this.#ahead.src = url;
    } catch (error) {
      if (!signal.aborted && missing) this.#said.textContent = (error as Error).message;
    }
  }

  #draw(look: Look): void {
    const { card } = look;
    this.#look = look;
    this.#dialog.setAttribute("aria-label", `${figureName(card)}, ${paperName(card)}`);
    this.#bar.showFigure(card);
    this.#stage.draw(card);
    this.#drawDetails();
    this.#details.scrollTop = 0;
    if (this.#compare && !this.#compare.element.hidden) void this.#compare.draw(card);
  }

  #drawDetails(): void {
    const { card, verdict, tags } = this.#look!;
    drawDetails(card, this.#details, { verdict, tags });
    this.#bar.showVerdict(verdict);
  }

  #reviewed({ figures }: Reviewed): void {
    const said = figures.find(({ figure_id }) => figure_id === this.#id);
    if (!said || !this.#look) return;
    this.#look = { ...this.#look, verdict: said.verdict, tags: said.tags };
    this.#drawDetails();
  }

  #judge(verdict: Verdict): void {
    if (!this.#look || !this.#options.review) return;
    const again = this.#look.verdict === verdict;
    void this.#options.review.write({ figure_ids: [this.#id], verdict: again ? null : verdict });
  }

  #tag(): void {
    if (this.#look) this.#options.review?.tag(this.#look, () => this.#stage.element.focus());
  }

  #showPaper(): void {
    const { showPaper } = this.#options;
    if (!this.#look || !showPaper) return;
    this.#dialog.close();
    showPaper(this.#look.card);
  }

  #toggleCopies(): void {
    if (!this.#compare) return;
    const { element } = this.#compare;
    element.hidden = !element.hidden;
    if (!element.hidden && this.#look) void this.#compare.draw(this.#look.card);
    else this.#stage.element.focus();
  }

  async #copy(text: string, done: string): Promise<void> {
    try {
      await copyText(text);
      this.#said.textContent = done;
    } catch (error) {
      this.#said.textContent = (error as Error).message;
    }
  }
}
