import { oneOf } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import * as ask from "../service/arguments.js";
import type { Catalogue } from "../service/columns.js";
import { DatasetService } from "../service/dataset-service.js";
import { cardsFor } from "../service/stored-figures.js";
import { idsAt } from "../service/tiles.js";
import { fitting } from "../views/budget.js";
import { buildGallery } from "../views/gallery.js";
import { EVERYTHING, type GroupBy, type Query, type Sort } from "../views/query.js";
import { showGallery } from "./show.js";
import { CARDS_LIMIT } from "../service/figure-cards.js";

/** Bytes of the cards in an output: the kernel gives the rest. */
const FIRST_SCREEN_BYTES = 290_000;

/**
 * What to sort by: a metric (`support`), a column of figures (`width`), `length`, or any reference of a column such as
 * `measurement.entropy`.
 */
export interface SortOptions {
  by: string;
  /** Whose score or length: `raw` or a variant. @default "raw" */
  caption?: string;
  /** Greatest first. @default false */
  descending?: boolean;
}

/** Which figures are shown, in which order and groups. */
export interface GalleryOptions {
  /** An SQL condition over the figures' columns, e.g. `discipline = 'Astronomy' AND width > 800`. */
  where?: string;
  /** Only these figures and tables, by id. */
  figures?: readonly string[];
  /** Words of which each must stand in a figure's captions, label, id or its paper's title. */
  search?: string;
  /** @default by paper, and in the paper's order */
  sort?: string | SortOptions | Sort;
  group?: GroupBy;
  /** Tables stand among the figures in a dataset. @default "figure"; "both" where `figures` are named */
  floats?: Query["floats"];
  /** Whether what is selected in other views narrows this one. @default true; false where `figures` are named */
  linked?: boolean;
  /** At most so many figures in the output itself, up to 500 and 300 kB. @default 60 */
  limit?: number;
  title?: string;
}

/** Shows figures as pictures with their captions, see `Lab.gallery`. */
export async function gallery(folder: string, options: GalleryOptions = {}): Promise<void> {
  const { limit = 60, title = "Figures" } = options;
  if (!Number.isInteger(limit) || limit < 0)
    throw new ConfigurationError(`A limit is a whole number from 0, not ${limit}.`);
  const service = DatasetService.of(folder);
  const query = queryOf(options, (await service.frame()).catalogue);
  const { frame, positions } = await service.order({ query: { ...query, linked: false }, source: "" });
  const first = await idsAt(frame, positions.subarray(0, Math.min(limit, CARDS_LIMIT)));
  const cards = fitting(await cardsFor(frame, folder, first), FIRST_SCREEN_BYTES);
  showGallery({
    ...buildGallery({ title, total: positions.length, cards }),
    live: { dataset: folder, query },
  });
}

function queryOf(options: GalleryOptions, catalogue: Catalogue): Query {
  const { where, figures, search = "", sort, group = null } = options;
  const named = figures && oneOf("figure_id", [...figures]);
  const conditions = [where, named].filter((condition) => condition !== undefined);
  return ask.checked(ask.query, {
    ...EVERYTHING,
    where:
      conditions.length > 1 ? conditions.map((one) => `(${one}\n)`).join(" AND ") : (conditions[0] ?? null),
    search,
    sort: sort === undefined ? null : sortOf(sort, catalogue),
    group,
    floats: options.floats ?? (figures ? "both" : "figure"),
    linked: options.linked ?? !figures,
  });
}

function sortOf(sort: string | SortOptions | Sort, catalogue: Catalogue): Sort {
  const given = typeof sort === "string" ? { by: sort } : sort;
  if ("column" in given) return given;
  const { by, caption = "raw", descending = false } = given;
  const refs = [by, `score.${by}@${caption}`, ...(by === "length" ? [`length.${caption}`] : [])];
  const meant = [...refs, ...["figure", "paper", "measurement", "review"].map((of) => `${of}.${by}`)];
  const column = meant.find((ref) => catalogue.has(ref));
  if (column !== undefined) return { column, descending };
  throw new ConfigurationError(
    `Figures cannot be sorted by "${by}" of ${caption} captions; they can by: ${[...catalogue.keys()].join(", ")}.`,
  );
}
