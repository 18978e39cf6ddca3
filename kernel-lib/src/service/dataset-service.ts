import type { Desk, Emit } from "../kernel/answer.js";
import { kernelState } from "../kernel/state.js";
import type { DatasetEvents, DatasetMethods, Rows } from "../views/dataset-service.js";
import type { Clause } from "../views/query.js";
import { DuckDBFrame } from "./duckdb-frame.js";
import { binMethods } from "./methods/bins.js";
import { cardMethods } from "./methods/cards.js";
import { facetMethods } from "./methods/facets.js";
import { pictureMethods } from "./methods/picture.js";
import { pointMethods } from "./methods/points.js";
import { reviewMethods } from "./methods/review.js";
import { rowMethods } from "./methods/rows.js";
import { selectionMethods } from "./methods/selection.js";
import { viewMethods } from "./methods/views.js";
import { orderOf } from "./orders.js";
import { ServiceReviews, type ReviewNews } from "./reviews.js";
import { clausesFor, selectionOf } from "./selection.js";
import type { Ordered, Service } from "./service.js";
import { stateOf } from "./watch.js";

/** Milliseconds between looks at what the dataset's folder holds. */
const WATCH_MS = 2_000;
/** Milliseconds that a dataset stays in memory after the last question or page. */
const LINGER_MS = 60_000;
/** Figures whose reviews the rows take over one by one. */
const REVIEWED_LIMIT = 10_000;

/** A dataset in memory, and the pages that look at it: one of them per folder and process. */
export class DatasetService implements Service {
  readonly #pages = new Set<Emit<DatasetEvents>>();
  readonly reviews: ServiceReviews;
  #loaded: Loaded | null = null;
  #watch: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;

  private constructor(readonly folder: string) {
    this.reviews = new ServiceReviews(folder, (news) => this.#reviewed(news));
    selectionOf(folder).listeners.add((parts) => this.emit("selection", [...parts]));
  }

  /** @param folder absolute */
  static of(folder: string): DatasetService {
    const services = kernelState.services as Map<string, DatasetService>;
    let service = services.get(folder);
    if (!service) services.set(folder, (service = new DatasetService(folder)));
    return service;
  }

  async frame(): Promise<DuckDBFrame> {
    return (await this.#load()).frame;
  }

  clauses(rows: Rows): Clause[] {
    return clausesFor(rows, selectionOf(this.folder).parts);
  }

  async order(rows: Rows): Promise<Ordered> {
    const clauses = this.clauses(rows);
    const frame = await this.frame();
    return { frame, ...(await orderOf(frame, rows.query, clauses)) };
  }

  readonly emit: Emit<DatasetEvents> = (event, about) => {
    for (const page of this.#pages) page(event, about);
  };

  /** Everything that a page can ask. */
  desk(emit: Emit<DatasetEvents>): Desk<DatasetMethods> {
    this.#enter(emit);
    const handlers = {
      ...rowMethods(this),
      ...cardMethods(this),
      ...facetMethods(this),
      ...binMethods(this),
      ...selectionMethods(this),
      ...reviewMethods(this),
      ...pictureMethods(this),
      ...pointMethods(this),
      ...viewMethods(this),
    } as Desk<DatasetMethods>["handlers"];
    return { handlers, close: () => this.#leave(emit) };
  }

  async #load(): Promise<Loaded> {
    // First: what is said while the rows are read is not missed.
    await this.reviews.notice();
    const { state } = await stateOf(this.folder);
    if (this.#loaded?.state === state) return this.#loaded;
    this.#unload();
    const frame = DuckDBFrame.open(this.folder);
    const loaded = { state, frame };
    this.#loaded = loaded;
    frame.catch(() => {
      if (this.#loaded === loaded) this.#loaded = null;
    });
    if (this.#pages.size === 0) this.#forgetLater();
    return loaded;
  }

  /** So many figures and the rows follow; of more, all is read anew. */
  #reviewed({ reviewed, figure_ids, get }: ReviewNews): void {
    const loaded = this.#loaded;
    if (figure_ids.length > REVIEWED_LIMIT) this.#unload();
    else if (loaded) {
      loaded.frame = loaded.frame.then(async (current) => {
        await current.review(figure_ids.map(get));
        return current;
      });
      // Where that failed, the rows are read anew.
      loaded.frame.catch(() => this.#loaded === loaded && this.#unload());
    }
    this.emit("reviewed", reviewed);
  }

  /** What is being asked of the old frame is answered yet. */
  #unload(): void {
    const frame = this.#loaded?.frame;
    this.#loaded = null;
    if (frame)
      setTimeout(
        () =>
          void frame.then(
            (old) => old.close(),
            () => undefined,
          ),
        LINGER_MS,
      ).unref();
  }

  #enter(emit: Emit<DatasetEvents>): void {
    this.#pages.add(emit);
    clearTimeout(this.#linger);
    this.#watch ??= this.#watchFolder();
  }

  #leave(emit: Emit<DatasetEvents>): void {
    this.#pages.delete(emit);
    if (this.#pages.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#forgetLater();
  }

  #forgetLater(): void {
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#unload(), LINGER_MS).unref();
  }

  #watchFolder(): NodeJS.Timeout {
    let known: string | null = null;
    return setInterval(async () => {
      await this.reviews.notice().catch(() => undefined);
      const found = await stateOf(this.folder).catch(() => null);
      if (!found) return;
      if (known !== null && found.state !== known) this.emit("changed", { runs: found.runs });
      known = found.state;
    }, WATCH_MS).unref();
  }
}

interface Loaded {
  state: string;
  frame: Promise<DuckDBFrame>;
}
