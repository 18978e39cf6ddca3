import type { FigureRow, Reader } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import { buildDiff } from "../views/diff.js";
import { allOf, gainRef, havingCaptions } from "../views/diff-query.js";
import { EVERYTHING } from "../views/query.js";
import { showDiff } from "./show.js";
import { cardsOf, CARDS_LIMIT } from "../service/figure-cards.js";
import { FIGURES_ONLY } from "../dataset/figures-only.js";
import { checkCaption, variantsIn } from "../dataset/variants.js";
import { asking } from "./work.js";

/** Which captions are compared, of which figures, and in which order. */
export interface DiffOptions {
  /** Captions to compare, `raw` or variants: the others with the first. @default `from` and `to` */
  captions?: readonly string[];
  /** The old caption: `raw` or a variant. @default "raw" */
  from?: string;
  /** The new caption. @default the dataset's only variant */
  to?: string;
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** At most so many figures in the notebook, up to 500; in JupyterLab the kernel gives the rest. @default 30 */
  limit?: number;
  /**
   * `paper`: in the papers' order; `gain` or `loss`: where `metric` rose or fell most from the first caption to the last
   * comes first. Mind that `support` of a raw caption and of a new one rest on different evidence. @default "paper"
   */
  sort?: "paper" | "gain" | "loss";
  /** What `sort` goes by. @default "support" */
  metric?: string;
  title?: string;
}

/** Shows captions of each figure compared, see `Lab.diff`. */
export function diff(folder: string, options: DiffOptions = {}): Promise<void> {
  const { where, limit = 30, sort = "paper", metric = "support" } = options;
  return asking(folder, async (reader) => {
    const captions = await captionsFor(reader, options);
    await reader.checkWhere("figures", where);
    const [from, to] = [captions[0]!, captions.at(-1)!];
    const only = `${FIGURES_ONLY} AND ${havingCaptions(captions)}`;
    const value = (caption: string) =>
      `(SELECT value FROM scores AS s WHERE s.figure_id = figures.figure_id
         AND metric = ${literal(metric)} AND s.caption = ${literal(caption)})`;
    const order = `${value(to)} - ${value(from)} ${sort === "gain" ? "DESC" : "ASC"} NULLS LAST`;
    const total = await reader.count("figures", { where, only });
    const figures: FigureRow[] = [];
    for await (const figure of reader.figures({
      where,
      only,
      limit: Math.min(limit, CARDS_LIMIT),
      ...(sort !== "paper" && { order }),
    }))
      figures.push(figure);
    const query = {
      ...EVERYTHING,
      where: allOf(where, havingCaptions(captions)),
      sort: sort === "paper" ? null : { column: gainRef(metric, from, to), descending: sort === "gain" },
    };
    showDiff(
      buildDiff({
        title: options.title ?? captions.join(" → "),
        captions,
        cards: await cardsOf(reader, folder, figures),
        total,
        live: { dataset: folder, query },
      }),
    );
  });
}

async function captionsFor(reader: Reader, options: DiffOptions): Promise<string[]> {
  const { captions, from = "raw", to } = options;
  if (captions !== undefined && (from !== "raw" || to !== undefined))
    throw new ConfigurationError("Give either `captions` or `from` and `to`.");
  const chosen = captions ? [...captions] : [from, to ?? (await onlyVariant(reader))];
  if (chosen.length < 2 || new Set(chosen).size < chosen.length)
    throw new ConfigurationError(
      `Two or more different captions can be compared, such as ["raw", "extractive"]; not ${JSON.stringify(chosen)}.`,
    );
  for (const name of chosen) await checkCaption(reader, name);
  return chosen;
}

async function onlyVariant(reader: Reader): Promise<string> {
  const variants = await variantsIn(reader);
  if (variants.length === 1) return variants[0]!;
  throw new ConfigurationError(
    variants.length === 0
      ? "There are no new captions to compare with; make some first: await lab.recaption()."
      : `There are several variants; name one as \`to\`, or several as \`captions\`: ${variants.join(", ")}.`,
  );
}
