import type { DiffView, FigureCard, Query } from "figloom/views";
import { allOf, captionsDiffer } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { lookOf, type Look, type Strip } from "../figure/strip.js";

/** A figure in its row. */
export interface DiffFigure extends Look {
  row: number;
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
  read(from: number, count: number, signal?: AbortSignal): Promise<DiffFigure[]>;
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
      rows.slice(from, from + count).map((card, i) => ({ row: from + i, ...lookOf(card) })),
  };

  function differ(card: FigureCard): boolean {
    return new Set(card.captions.map(({ text }) => text)).size > 1;
  }
}

/** The query of a view as it is wanted. */
export function wantedQuery({ captions }: DiffView, query: Query, { differentOnly, sort }: Wanted): Query {
  const where = differentOnly ? allOf(query.where, captionsDiffer(captions)) : query.where;
  return { ...query, where, sort: sort ?? query.sort };
}

/** The whole query, through the kernel. */
export function liveFigures(link: DatasetLink, view: DiffView, query: Query, source: string): Figures {
  let rows = { query, source };
  return {
    live: true,
    async want(wanted, signal) {
      rows = { query: wantedQuery(view, query, wanted), source };
      return (await link.ask("rows", rows, signal)).total;
    },
    async read(from, count, signal) {
      const tiles = await link.ask("tiles", { ...rows, from, count }, signal);
      const cards = await link.ask("cards", { figure_ids: tiles.map((tile) => tile.figure_id) }, signal);
      const byId = new Map(cards.map((card) => [card.figure_id, card]));
      return tiles.flatMap(({ figure_id, verdict, tags }, i) => {
        const card = byId.get(figure_id);
        return card ? [{ row: from + i, card, verdict, tags }] : [];
      });
    },
  };
}

/** The rows to be looked at one after the other. @param here those that stand in the page */
export function stripOver(
  figures: Figures,
  total: number,
  here: (row: number) => DiffFigure | undefined,
): Strip {
  return {
    total,
    peek: (row) => here(row) ?? null,
    look: async (row, signal) => {
      if (row < 0 || row >= total) return null;
      return here(row) ?? (await figures.read(row, 1, signal))[0] ?? null;
    },
  };
}
