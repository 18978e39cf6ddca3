import type { FigureCard, Group, Query, Reviewed, Rows, Tile } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { stripOf, type Look, type Strip } from "../figure/strip.js";
import { Pages } from "./pages.js";
import type { Range } from "./layout.js";

/** The rows of one query: what a gallery looks at. */
export interface Figures extends Strip {
  readonly groups: readonly Group[] | null;
  /** `null` for a row that is not here yet. */
  tile(row: number): Tile | null;
  /** Says which rows are in sight, and which are near them. */
  want(seen: readonly Range[], near: readonly Range[]): void;
  /** Nobody looks for a while: keeps what was wanted last, and no more. */
  rest(): void;
  /** Ids of rows, 10,000 at most. */
  ids(from: number, count: number): Promise<string[]>;
  /** Takes over what was said about figures. */
  patch(figures: Reviewed["figures"]): void;
  close(): void;
}

/** A card as it stands in a grid. */
export function tileOf(card: FigureCard): Tile {
  return {
    figure_id: card.figure_id,
    paper_id: card.paper_id,
    paper_title: card.paper_title,
    discipline: card.discipline,
    float: card.float,
    number: card.number,
    label: card.label,
    caption: (card.captions[0]?.text ?? "").slice(0, 200),
    thumb: card.picture.thumb,
    missing: card.picture.missing,
    flags: card.flags.map(({ name }) => name),
    verdict: card.verdict ?? null,
    tags: card.tags ?? [],
    value: null,
  };
}

/** The figures that an output holds. */
export function heldFigures(cards: readonly FigureCard[]): Figures {
  const tiles = cards.map(tileOf);
  return {
    ...stripOf(cards),
    groups: null,
    tile: (row) => tiles[row] ?? null,
    want: () => undefined,
    rest: () => undefined,
    ids: async (from, count) => tiles.slice(from, from + count).map(({ figure_id }) => figure_id),
    patch: () => undefined,
    close: () => undefined,
  };
}

export interface AskedOptions {
  link: DatasetLink;
  rows: Rows;
  total: number;
  groups: readonly Group[] | null;
  /** New tiles are here. */
  arrived(): void;
  failed(error: unknown): void;
}

/** Cards that are kept for looking back and forth. */
const CARDS_KEPT = 60;

/** The figures that a kernel gives, a page at a time. */
export class AskedFigures implements Figures {
  readonly total: number;
  readonly groups: readonly Group[] | null;
  readonly #link: DatasetLink;
  readonly #rows: Rows;
  readonly #pages: Pages;
  readonly #cards = new Map<string, FigureCard>();

  constructor({ link, rows, total, groups, arrived, failed }: AskedOptions) {
    this.#link = link;
    this.#rows = rows;
    this.total = total;
    this.groups = groups;
    this.#pages = new Pages({
      fetch: (from, count, signal) => link.ask("tiles", { ...rows, from, count }, signal),
      arrived,
      failed,
    });
  }

  get query(): Query {
    return this.#rows.query;
  }

  tile(row: number): Tile | null {
    return this.#pages.get(row);
  }

  want(seen: readonly Range[], near: readonly Range[]): void {
    this.#pages.want(seen, near);
  }

  rest(): void {
    this.#pages.rest();
    this.#cards.clear();
  }

  /** Fetches the rows around one. */
  async load(row: number): Promise<void> {
    if (this.total > 0) await this.#pages.load(row);
  }

  ids(from: number, count: number): Promise<string[]> {
    return this.#link.ask("ids", { ...this.#rows, from, count });
  }

  patch(figures: Reviewed["figures"]): void {
    this.#pages.patch(figures);
  }

  peek(row: number): Look | null {
    const tile = this.tile(row);
    const card = tile && this.#cards.get(tile.figure_id);
    return tile && card ? { card, verdict: tile.verdict, tags: tile.tags } : null;
  }

  async look(row: number, signal?: AbortSignal): Promise<Look | null> {
    if (row < 0 || row >= this.total) return null;
    const asked = { ...this.#rows, from: row, count: 1 };
    const tile = this.tile(row) ?? (await this.#link.ask("tiles", asked, signal))[0];
    if (!tile) return null;
    const id = tile.figure_id;
    const card = this.#cards.get(id) ?? (await this.#link.ask("cards", { figure_ids: [id] }, signal))[0];
    if (!card) return null;
    this.#cards.delete(id);
    this.#cards.set(id, card);
    for (const old of this.#cards.keys()) {
      if (this.#cards.size <= CARDS_KEPT) break;
      this.#cards.delete(old);
    }
    return { card, verdict: tile.verdict, tags: tile.tags };
  }

  close(): void {
    this.#pages.close();
  }
}
