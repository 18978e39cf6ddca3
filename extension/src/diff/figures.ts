import type { DiffView, FigureCard, Query, Reviewed, SelectionPart, Verdict } from "figloom/views";
import { allOf, captionsDiffer } from "figloom/views";
import type { DatasetLink, DrawContext } from "../common/context.js";

/** A figure in its row. */
export interface DiffFigure {
  row: number;
  card: FigureCard;
  verdict: Verdict | null;
}

/** What of the query is shown, and in which order. */
export interface Wanted {
  differentOnly: boolean;
  /** `null` is the view's own order. */
  sort: Query["sort"];
}

/** The figures of a view, wherever they come from. */
export interface Figures {
  /** Whether these are all the query has, or only what the output holds. */
  readonly live: boolean;
  /** Asks anew. @returns how many rows there are */
  want(wanted: Wanted, signal: AbortSignal): Promise<number>;
  /** Rows from `from` on; fewer at the end. */
  read(from: number, count: number, signal: AbortSignal): Promise<DiffFigure[]>;
  /** Writes a verdict; `null` where nobody can. */
  judge: ((figure_id: string, verdict: Verdict | null) => Promise<Reviewed>) | null;
}

/** What the output itself holds: all there is without a kernel. */
export function heldFigures({ cards }: DiffView): Figures {
  let rows: FigureCard[] = cards;
  return {
    live: false,
    want: async ({ differentOnly }) => {
      rows = differentOnly ? cards.filter((card) => differ(card)) : cards;
      return rows.length;
    },
    read: async (from, count) =>
      rows.slice(from, from + count).map((card, i) => ({ row: from + i, card, verdict: null })),
    judge: null,
  };

  function differ(card: FigureCard): boolean {
    return new Set(card.captions.map(({ text }) => text)).size > 1;
  }
}

/** The whole query, through the kernel. */
export function liveFigures(link: DatasetLink, view: DiffView, query: Query, source: string): Figures {
  let rows = { query, source };
  return {
    live: true,
    async want({ differentOnly, sort }, signal) {
      const where = allOf(query.where, differentOnly ? captionsDiffer(view.captions) : null);
      rows = { query: { ...query, where, sort: sort ?? query.sort }, source };
      return (await link.ask("rows", rows, signal)).total;
    },
    async read(from, count, signal) {
      const tiles = await link.ask("tiles", { ...rows, from, count }, signal);
      const cards = await link.ask("cards", { figure_ids: tiles.map((tile) => tile.figure_id) }, signal);
      const byId = new Map(cards.map((card) => [card.figure_id, card]));
      return tiles.flatMap(({ figure_id, verdict }, i) => {
        const card = byId.get(figure_id);
        return card ? [{ row: from + i, card, verdict }] : [];
      });
    },
    judge: (figure_id, verdict) => link.ask("review", { figure_ids: [figure_id], verdict }),
  };
}

/** Calls back when rows may be others than before, and when something was said about figures. */
export function onNews(
  link: DatasetLink,
  source: string,
  { signal }: Pick<DrawContext, "signal">,
  news: { rows(): void; reviewed(reviewed: Reviewed): void; state(): void },
): void {
  const others = (parts: SelectionPart[]) =>
    JSON.stringify(parts.filter((part) => part.source !== source).map(({ clause }) => clause));
  let known = others([]);
  const ends = [
    link.on("selection", (parts) => {
      if (known === others(parts)) return;
      known = others(parts);
      news.rows();
    }),
    link.on("changed", () => news.rows()),
    link.on("reviewed", (reviewed) => news.reviewed(reviewed)),
    link.onState(() => news.state()),
  ];
  signal.addEventListener("abort", () => ends.forEach((end) => end()), { once: true });
}
