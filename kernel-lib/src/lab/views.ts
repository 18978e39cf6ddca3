import type { FigureRow, Reader } from "../dataset/query.js";
import { ConfigurationError } from "../errors.js";
import { buildDiff } from "../views/diff.js";
import { showDiff } from "../views/show.js";
import { cardsOf, CARDS_LIMIT } from "./cards.js";
import { FIGURES_ONLY } from "./selections.js";
import { checkCaption, variantsIn } from "./variants.js";
import { asking } from "./work.js";

export { gallery, type GalleryOptions } from "./gallery.js";

export interface DiffOptions {
  /** The old caption: `raw` or a variant. @default "raw" */
  from?: string;
  /** The new caption. @default the dataset's only variant */
  to?: string;
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** At most so many figures, up to 500. @default 30 */
  limit?: number;
  /**
   * `paper`: in the papers' order; `gain` or `loss`: where `metric` rose or fell most comes first. Mind that `support`
   * of a raw caption and of a new one rest on different evidence. @default "paper"
   */
  sort?: "paper" | "gain" | "loss";
  /** What `sort` goes by. @default "support" */
  metric?: string;
  title?: string;
}

/** Shows two captions of each figure word by word, see `Lab.diff`. */
export function diff(folder: string, options: DiffOptions = {}): Promise<void> {
  const { from = "raw", where, limit = 30, sort = "paper", metric = "support" } = options;
  return asking(folder, async (reader) => {
    const to = options.to ?? (await onlyVariant(reader));
    for (const name of [from, to]) await checkCaption(reader, name);
    const value = (caption: string) =>
      `(SELECT value FROM scores AS s WHERE s.figure_id = figures.figure_id AND metric = $3 AND s.caption = ${caption})`;
    const selection = {
      where,
      only: `${FIGURES_ONLY} AND ${["$1", "$2"].map(hasCaption).join(" AND ")} AND $3::VARCHAR IS NOT NULL`,
      parameters: [from, to, metric],
    };
    const total = await reader.count("figures", selection);
    const figures = await rows(
      reader.figures({
        ...selection,
        limit: Math.min(limit, CARDS_LIMIT),
        ...(sort !== "paper" && {
          order: `${value("$2")} - ${value("$1")} ${sort === "gain" ? "DESC" : "ASC"} NULLS LAST`,
        }),
      }),
    );
    const cards = await cardsOf(reader, folder, figures);
    const title = options.title ?? `${from} → ${to}`;
    showDiff(buildDiff({ title, from, to, cards, total }));
  });
}

const hasCaption = (name: string): string =>
  `(${name} = 'raw' OR figure_id IN (SELECT figure_id FROM recaptions WHERE variant = ${name}))`;

async function onlyVariant(reader: Reader): Promise<string> {
  const variants = await variantsIn(reader);
  if (variants.length === 1) return variants[0]!;
  throw new ConfigurationError(
    variants.length === 0
      ? "There are no new captions to compare with; make some first: await lab.recaption()."
      : `There are several variants; name one as \`to\`: ${variants.join(", ")}.`,
  );
}

async function rows(figures: AsyncIterable<FigureRow>): Promise<FigureRow[]> {
  const all: FigureRow[] = [];
  for await (const figure of figures) all.push(figure);
  return all;
}
