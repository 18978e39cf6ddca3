import type { Reviewed, Tile } from "figloom/views";
import type { Range } from "./layout.js";

/** Rows that are asked for together. */
export const PAGE = 24;
/** Pages that are kept: some 3,000 tiles of 5 to 20 kB. */
const KEPT = 128;

export interface PagesOptions {
  fetch(from: number, count: number, signal: AbortSignal): Promise<Tile[]>;
  /** New tiles are here. */
  arrived(): void;
  /** A page cannot be had. It is not asked for again. */
  failed(error: unknown): void;
}

/** Tiles of a query's rows, fetched a page at a time as they come into sight; those seen longest ago are forgotten. */
export class Pages {
  readonly #options: PagesOptions;
  /** Seen longest ago first. */
  readonly #pages = new Map<number, Tile[]>();
  readonly #asked = new Map<number, AbortController>();
  readonly #failed = new Set<number>();

  constructor(options: PagesOptions) {
    this.#options = options;
  }

  /** `null` for a row that is not here yet. */
  get(row: number): Tile | null {
    return this.#pages.get(Math.floor(row / PAGE))?.[row % PAGE] ?? null;
  }

  /**
   * Fetches what of the rows in sight is missing, and once they are here, of those near them; what was asked for and is not
   * among them any more is withdrawn.
   */
  want(seen: readonly Range[], near: readonly Range[]): void {
    const first = new Set(seen.flatMap(pagesOf));
    const wanted = new Set([...first, ...near.flatMap(pagesOf)]);
    for (const [page, controller] of this.#asked) if (!wanted.has(page)) controller.abort();
    for (const page of [...wanted].reverse()) this.#touch(page);
    const missing = (page: number) => !this.#pages.has(page) && !this.#failed.has(page);
    const next = [...first].some(missing) ? first : wanted;
    for (const page of next) if (missing(page) && !this.#asked.has(page)) void this.#ask(page);
  }

  /** Fetches the page of a row. */
  async load(row: number): Promise<void> {
    const page = Math.floor(row / PAGE);
    if (!this.#pages.has(page)) await this.#ask(page);
  }

  /** Takes over what was said about figures. */
  patch(figures: Reviewed["figures"]): void {
    const said = new Map(figures.map((figure) => [figure.figure_id, figure]));
    for (const [page, tiles] of this.#pages) {
      if (!tiles.some(({ figure_id }) => said.has(figure_id))) continue;
      this.#pages.set(
        page,
        tiles.map((tile) => ({ ...tile, ...said.get(tile.figure_id) })),
      );
    }
  }

  /** Withdraws all questions. */
  close(): void {
    for (const controller of this.#asked.values()) controller.abort();
  }

  #touch(page: number): void {
    const tiles = this.#pages.get(page);
    if (!tiles) return;
    this.#pages.delete(page);
    this.#pages.set(page, tiles);
  }

  async #ask(page: number): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(page, controller);
    try {
      const tiles = await this.#options.fetch(page * PAGE, PAGE, controller.signal);
      if (controller.signal.aborted) return;
      this.#pages.set(page, tiles);
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= KEPT) break;
        this.#pages.delete(old);
      }
      this.#options.arrived();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#failed.add(page);
      this.#options.failed(error);
    } finally {
      if (this.#asked.get(page) === controller) this.#asked.delete(page);
    }
  }
}

function pagesOf([from, to]: Range): number[] {
  const first = Math.floor(from / PAGE);
  const last = Math.floor(Math.max(from, to - 1) / PAGE);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
