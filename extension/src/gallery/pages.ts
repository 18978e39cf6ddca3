import type { Reviewed, Tile } from "figloom/views";
import type { Range } from "./layout.js";

/** Rows that are kept together: few, so that a jump asks for little that is not in sight. */
export const PAGE = 2;
/** Pages that are fetched together ahead of being seen. */
const BLOCK = 12;
/** Pages of one question, at most. */
const ASKED_LIMIT = 72;
/** How long after a look the rows near it are fetched: what is in sight is drawn first, and its pictures decoded. */
const AHEAD_MS = 60;
/** Pages that are kept: some 1,000 tiles of 5 to 20 kB. */
const KEPT = 510;

export interface PagesOptions {
  fetch(from: number, count: number, signal: AbortSignal): Promise<Tile[]>;
  /** New tiles are here. */
  arrived(): void;
  /** A page cannot be had. It is not asked for again. */
  failed(error: unknown): void;
}

/** Pages that were asked for together. */
interface Asked {
  pages: readonly number[];
  controller: AbortController;
}

/** Tiles of a query's rows, fetched as they come into sight; those seen longest ago are forgotten. */
export class Pages {
  readonly #options: PagesOptions;
  /** Seen longest ago first. */
  readonly #pages = new Map<number, Tile[]>();
  readonly #asked = new Map<number, Asked>();
  readonly #failed = new Set<number>();
  /** In sight and near it. */
  #wanted: ReadonlySet<number> = new Set();
  #ahead: ReturnType<typeof setTimeout> | undefined;

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
    const first = new Set(seen.flatMap((range) => pagesOf(range, 1)));
    const wanted = (this.#wanted = new Set([...first, ...near.flatMap((range) => pagesOf(range, BLOCK))]));
    for (const { pages, controller } of new Set(this.#asked.values()))
      if (!pages.some((page) => wanted.has(page))) controller.abort();
    for (const page of [...wanted].reverse()) this.#touch(page);
    if ([...first].some((page) => this.#isMissing(page))) {
      clearTimeout(this.#ahead);
      this.#ahead = undefined;
      this.#askMissing(first);
    } else
      this.#ahead ??= setTimeout(() => {
        this.#ahead = undefined;
        this.#askMissing(this.#wanted);
      }, AHEAD_MS);
  }

  /** Fetches the rows around one. */
  async load(row: number): Promise<void> {
    const pages = pagesOf([row, row + 1], BLOCK).filter((page) => !this.#pages.has(page));
    await Promise.all(runsOf(pages).map((run) => this.#ask(run)));
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

  /** Forgets all but the pages that were wanted last, and withdraws all questions. */
  rest(): void {
    this.close();
    for (const page of this.#pages.keys()) if (!this.#wanted.has(page)) this.#pages.delete(page);
  }

  /** Withdraws all questions. */
  close(): void {
    clearTimeout(this.#ahead);
    this.#ahead = undefined;
    for (const { controller } of this.#asked.values()) controller.abort();
  }

  #isMissing(page: number): boolean {
    return !this.#pages.has(page) && !this.#failed.has(page);
  }

  #askMissing(pages: ReadonlySet<number>): void {
    const unasked = [...pages].filter((page) => this.#isMissing(page) && !this.#asked.has(page));
    for (const run of runsOf(unasked)) void this.#ask(run);
  }

  #touch(page: number): void {
    const tiles = this.#pages.get(page);
    if (!tiles) return;
    this.#pages.delete(page);
    this.#pages.set(page, tiles);
  }

  /** @param pages one after the other */
  async #ask(pages: readonly number[]): Promise<void> {
    const asked = { pages, controller: new AbortController() };
    for (const page of pages) this.#asked.set(page, asked);
    const { signal } = asked.controller;
    try {
      const tiles = await this.#options.fetch(pages[0]! * PAGE, pages.length * PAGE, signal);
      if (signal.aborted) return;
      pages.forEach((page, i) => this.#pages.set(page, tiles.slice(i * PAGE, (i + 1) * PAGE)));
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= KEPT) break;
        this.#pages.delete(old);
      }
    } catch (error) {
      if (signal.aborted) return;
      for (const page of pages) this.#failed.add(page);
      this.#options.failed(error);
    } finally {
      for (const page of pages) if (this.#asked.get(page) === asked) this.#asked.delete(page);
    }
    // Last: whoever hears of it asks for what is still missing.
    this.#options.arrived();
  }
}

/** The pages that hold a range of rows, filled up to whole blocks of pages. */
function pagesOf([from, to]: Range, block: number): number[] {
  const rows = block * PAGE;
  const first = Math.floor(from / rows) * block;
  const end = (Math.floor(Math.max(from, to - 1) / rows) + 1) * block;
  return Array.from({ length: end - first }, (_, i) => first + i);
}

/** Pages that follow each other, together. */
function runsOf(pages: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const page of pages.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && page === run.at(-1)! + 1 && run.length < ASKED_LIMIT) run.push(page);
    else runs.push([page]);
  }
  return runs;
}
