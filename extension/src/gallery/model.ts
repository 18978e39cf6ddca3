import type { AboutDataset, FigureCard, GalleryView, Query } from "figloom/views";
import { EVERYTHING, LinkError } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { ViewSelection } from "../selection/view-selection.js";
import { chosen, conditionOf, type Choice } from "./facets.js";
import { AskedFigures, heldFigures, type Figures } from "./figures.js";
import { cardFilter } from "./filter.js";

export interface ModelListener {
  /** The figure to stay at where others are looked at; `null` for none. */
  at(): string | null;
  /** Other figures are looked at. `row` is where the figure to stay at stands now, `null` where it is not among them. */
  figures(row: number | null): void;
  /** Tiles came or changed. */
  tiles(): void;
  /** Anything else changed: what is asked, said or under way. */
  state(): void;
}

/** What a gallery asks and what it has got: all of it but the drawing. */
export class GalleryModel {
  /** Without its condition and choices, which stand beside it. */
  query: Query;
  where: string | null;
  choices: readonly Choice[] = [];
  figures: Figures;
  about: AboutDataset | null = null;
  /** Whether figures are on their way. */
  busy = false;
  /** Why the last question has no answer, in words. */
  problem: string | null = null;
  readonly link: DatasetLink | null;
  /** What all views have selected; `null` where the figures come without a kernel. */
  readonly selection: ViewSelection | null;
  readonly #view: GalleryView;
  readonly #listener: ModelListener;
  #loading = new AbortController();
  #inSight = true;
  /** Whether there are others to be got once somebody looks. */
  #due = false;

  constructor(view: GalleryView, link: DatasetLink | null, signal: AbortSignal, listener: ModelListener) {
    this.#view = view;
    this.#listener = listener;
    this.query = view.live?.query ?? { ...EVERYTHING, linked: false };
    this.where = this.query.where;
    this.link = link;
    this.figures = heldFigures(view.cards);
    signal.addEventListener("abort", () => this.#close(), { once: true });
    this.selection =
      link &&
      new ViewSelection(link, signal, {
        narrowed: () => this.query.linked && this.#loadInSight(),
        changed: () => listener.state(),
      });
    if (!link) return;
    const heard = [
      link.onState(() => this.#connected()),
      link.on("reviewed", ({ figures }) => {
        this.figures.patch(figures);
        this.#listener.tiles();
      }),
      link.on("changed", () => this.#connected()),
    ];
    signal.addEventListener("abort", () => heard.forEach((end) => end()), { once: true });
  }

  /** Asks the kernel, where there is one; call it once all is drawn. */
  start(): void {
    if (this.link && this.link.state !== "gone") this.#connected();
  }

  /** Whether a kernel gives the figures. */
  get live(): boolean {
    return this.figures instanceof AskedFigures;
  }

  /** Whether a kernel could answer, now or in a moment. */
  get reachable(): boolean {
    return this.link !== null && this.link.state !== "gone";
  }

  /** All of the query as the kernel is asked it. */
  get asked(): Query {
    return this.askedWith(this.choices);
  }

  askedWith(choices: readonly Choice[]): Query {
    return { ...this.query, where: conditionOf(this.where, choices) };
  }

  /** The cards that the output holds. */
  get held(): readonly FigureCard[] {
    return this.#view.cards;
  }

  /** Changes what is asked. */
  change(change: {
    query?: Partial<Query>;
    where?: string | null;
    choices?: readonly Choice[];
  }): Promise<void> {
    this.query = { ...this.query, ...change.query };
    if (change.where !== undefined) this.where = change.where;
    if (change.choices) this.choices = change.choices;
    return this.load();
  }

  /** Gets the figures of the query. What is shown stays until others are here, so that nothing flickers. */
  async load(): Promise<void> {
    this.#loading.abort();
    this.#due = false;
    if (!this.reachable) {
      this.#listener.state();
      if (!this.live) this.#hold();
      return;
    }
    const { signal } = (this.#loading = new AbortController());
    const link = this.link!;
    const rows = { query: this.asked, source: this.selection!.source };
    this.busy = true;
    this.#listener.state();
    try {
      const answer = await link.ask("rows", rows, signal);
      const at = this.#listener.at();
      const row = at && (await link.ask("locate", { ...rows, figure_id: at }, signal));
      const figures = new AskedFigures({
        link,
        rows,
        ...answer,
        arrived: () => this.#listener.tiles(),
        failed: (error) => this.#fail(error),
      });
      await figures.load(row || 0);
      if (signal.aborted) return;
      this.#replace(figures, typeof row === "number" ? row : null);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #replace(figures: Figures, row: number | null): void {
    this.figures.close();
    this.figures = figures;
    this.busy = false;
    this.problem = null;
    this.#listener.figures(row);
    this.#listener.state();
  }

  /** Looks at what the output holds. */
  #hold(): void {
    const words = cardFilter(this.query.search);
    const cards = this.#view.cards.filter((card) => words(card) && chosen(card, this.choices));
    this.#replace(heldFigures(cards), null);
  }

  /** Says whether somebody looks: until then nothing is asked that nobody asked for. */
  setSight(inSight: boolean): void {
    this.#inSight = inSight;
    if (inSight && this.#due) void this.load();
  }

  #loadInSight(): void {
    if (this.#inSight) void this.load();
    else this.#due = true;
  }

  #connected(): void {
    this.#listener.state();
    if (!this.reachable) return;
    this.#loadInSight();
    this.#inform().catch(() => undefined);
  }

  async #inform(): Promise<void> {
    this.about = await this.link!.ask("about", {});
    this.#listener.state();
  }

  #fail(error: unknown): void {
    this.busy = false;
    if (error instanceof LinkError && error.kind === "gone") this.problem = null;
    else this.problem = error instanceof Error ? error.message : String(error);
    this.#listener.state();
  }

  #close(): void {
    this.#loading.abort();
    this.figures.close();
  }
}
