import type { FigureCard, ReviewChange, Reviewed, Tile, Verdict } from "figloom/views";
import { figureName, integer, paperName } from "figloom/views";
import { copyText } from "../common/copy.js";
import { button, el, takesText } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { Compare } from "./compare.js";
import { drawDetails } from "./details.js";
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
  readonly #name = el("span", { class: "figloom-lightbox-name", dir: "auto" });
  readonly #paper = el("span", { class: "figloom-lightbox-paper", dir: "auto" });
  readonly #position = el("span", { class: "figloom-soft figloom-position" });
  readonly #percent = el("span", { class: "figloom-soft figloom-position" });
  readonly #details = el("div", {
    class: "figloom-details",
    tabindex: "0",
    role: "group",
    "aria-label": __("Details"),
  });
  readonly #said = el("span", { class: "figloom-soft", role: "status" });
  readonly #stage: Stage;
  readonly #side: Side;
  readonly #compare: Compare | null;
  readonly #dialog: HTMLDialogElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #fold: HTMLButtonElement;
  readonly #fit: HTMLButtonElement;
  readonly #verdicts: { verdict: Verdict; button: HTMLButtonElement }[];
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
    const { review, duplicates, cards, showPaper, reference, picture = null } = options;

    this.#fit = button("", () => this.#stage.toggle());
    this.#stage = new Stage(this.#context, __("Figure"), { onZoom: () => this.#zoomed(), picture });
    this.#fold = button(__("Details"), () => this.#side.fold(!this.#side.folded), {
      label: __("Show or hide the details (i)"),
    });
    const views = el("div", { class: "figloom-stages" }, this.#stage.element);
    const body = el("div", { class: "figloom-lightbox-body" }, views);
    this.#side = new Side(body, this.#details, (folded) =>
      this.#fold.setAttribute("aria-pressed", String(!folded)),
    );
    body.append(this.#side.handle, this.#details);
    this.#compare =
      duplicates && cards
        ? new Compare({
            context: this.#context,
            duplicates,
            cards,
            picture,
            onClose: () => this.#toggleCompare(),
          })
        : null;
    if (this.#compare) views.append(this.#compare.element);

    this.#verdicts = review
      ? (["accepted", "rejected"] as const).map((verdict) => ({
          verdict,
          button: button(
            verdict === "accepted" ? `✓ ${__("Accept")}` : `✕ ${__("Reject")}`,
            () => this.#judge(verdict),
            {
              label: verdict === "accepted" ? __("Accept (a)") : __("Reject (r)"),
            },
          ),
        }))
      : [];
    this.#previous = button("‹", () => this.#go(this.#row - 1), { label: __("Previous figure (←)") });
    this.#next = button("›", () => this.#go(this.#row + 1), { label: __("Next figure (→)") });
    const bar = el(
      "header",
      { class: "figloom-lightbox-bar" },
      el("div", { class: "figloom-lightbox-title" }, this.#name, this.#paper),
      ...(review
        ? [
            el(
              "span",
              { class: "figloom-group", role: "group", "aria-label": __("Verdict") },
              ...this.#verdicts.map((one) => one.button),
            ),
            button(__("Tag"), () => this.#tag(), { label: __("Tag (t)") }),
          ]
        : []),
      this.#compare
        ? button(__("Copies"), () => this.#toggleCompare(), {
            label: __("Exact and near copies side by side (d)"),
          })
        : null,
      showPaper
        ? button(__("Paper"), () => this.#showPaper(), { label: __("Show the paper's figures (p)") })
        : null,
      reference
        ? button(
            __("Copy reference"),
            () => this.#copy(reference(this.#id), __("Copied: a cell that shows this figure.")),
            {
              label: __("Copy code that shows this figure in a cell (c)"),
            },
          )
        : null,
      button(__("Copy id"), () => this.#copy(this.#id, __("Copied the figure's id."))),
      this.#fold,
      el(
        "span",
        { class: "figloom-group", role: "group", "aria-label": __("Zoom") },
        button("−", () => this.#stage.zoomBy(1 / 1.5), { label: __("Zoom out (-)") }),
        this.#percent,
        button("+", () => this.#stage.zoomBy(1.5), { label: __("Zoom in (+)") }),
      ),
      this.#fit,
      el(
        "span",
        { class: "figloom-group", role: "group", "aria-label": __("Figures") },
        this.#previous,
        this.#position,
        this.#next,
      ),
      button("✕", () => this.#dialog.close(), { label: __("Close") }),
    );
    this.#dialog = el(
      "dialog",
      { class: "figloom figloom-lightbox", role: "dialog", "aria-modal": "true", ...OWN_KEYS },
      bar,
      body,
      this.#said,
    );
    const dialog = this.#dialog;
    dialog.addEventListener("keydown", (event) => this.#key(event));
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
    this.#position.textContent = `${integer(to + 1)} / ${integer(this.#strip.total)}`;
    this.#previous.disabled = to === 0;
    this.#next.disabled = to === this.#strip.total - 1;
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
    this.#name.textContent = figureName(card);
    this.#paper.textContent = paperName(card);
    this.#stage.draw(card);
    this.#drawDetails();
    this.#details.scrollTop = 0;
    if (this.#compare && !this.#compare.element.hidden) void this.#compare.draw(card);
  }

  #drawDetails(): void {
    const { card, verdict, tags } = this.#look!;
    drawDetails(card, this.#details, { verdict, tags });
    for (const one of this.#verdicts)
      one.button.setAttribute("aria-pressed", String(one.verdict === verdict));
  }

  #reviewed({ figures }: Reviewed): void {
    const said = figures.find(({ figure_id }) => figure_id === this.#id);
    if (!said || !this.#look) return;
    this.#look = { ...this.#look, verdict: said.verdict, tags: said.tags };
    this.#drawDetails();
  }

  #zoomed(): void {
    this.#percent.textContent = `${this.#stage.percent} %`;
    const label = this.#stage.isFit ? __("Show at 100 % (z)") : __("Fit the figure into the window (z)");
    this.#fit.textContent = this.#stage.isFit ? "100 %" : __("Fit");
    this.#fit.disabled = this.#stage.isFit && this.#stage.percent === 100;
    this.#fit.title = label;
    this.#fit.setAttribute("aria-label", label);
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

  #toggleCompare(): void {
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

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.altKey || takesText(event.target)) return;
    const { review, reference } = this.#options;
    if (event.ctrlKey || event.metaKey) {
      const back = event.key.toLowerCase();
      if (back !== "z" && back !== "y") return;
      event.preventDefault();
      return void (back === "y" || event.shiftKey ? review?.redo() : review?.undo());
    }
    const stage = this.#stage;
    const step = 60;
    const keys: Record<string, () => unknown> = event.shiftKey
      ? {
          ArrowLeft: () => stage.panBy(step, 0),
          ArrowRight: () => stage.panBy(-step, 0),
          ArrowUp: () => stage.panBy(0, step),
          ArrowDown: () => stage.panBy(0, -step),
          U: () => review?.redo(),
          "+": () => stage.zoomBy(1.5),
        }
      : {
          ArrowLeft: () => this.#go(this.#row - 1),
          ArrowRight: () => this.#go(this.#row + 1),
          k: () => this.#go(this.#row - 1),
          j: () => this.#go(this.#row + 1),
          Home: () => this.#go(0),
          End: () => this.#go(this.#strip.total - 1),
          "+": () => stage.zoomBy(1.5),
          "=": () => stage.zoomBy(1.5),
          "-": () => stage.zoomBy(1 / 1.5),
          0: () => stage.fit(),
          1: () => stage.actual(),
          z: () => stage.toggle(),
          i: () => this.#side.fold(!this.#side.folded),
          d: () => this.#toggleCompare(),
          p: () => this.#showPaper(),
          c: () => reference && this.#copy(reference(this.#id), __("Copied: a cell that shows this figure.")),
          a: () => this.#judge("accepted"),
          r: () => this.#judge("rejected"),
          t: () => this.#tag(),
          u: () => review?.undo(),
          Escape: () => this.#dialog.close(),
        };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]!();
  }
}
