import { figureText, NO_FIGURE_TEXT, type WithFigureText } from "../../dataset/figure-text.js";
import { FIGURES_ONLY } from "../../dataset/figures-only.js";
import { within } from "../../disk/files.js";
import { scoreKey } from "../../dataset/keys.js";
import type { FigureRow, Reader, Selection } from "../../dataset/query.js";
import type { ScoreInput, Scorer } from "../../scores/scorer.js";
import type { PaperLoad } from "../shards.js";
import type { ShardRange } from "../work.js";
import { figureLoads, loadsOf } from "./loads.js";
import { countable, idsIn, papersIn, picked } from "./picked.js";

/** A caption to be measured. */
export interface ScoreItem extends ScoreInput {
  file: string;
  key: string;
  /** Key of the score that is there. */
  known: string | null;
}

/** Which captions, of which figures. */
export interface ScoreSelection extends Selection {
  /** `raw` or a variant. @default all */
  variant?: string | undefined;
}

/** How many {@link scoreItems} there are; `null` where a limit on the figures leaves it open. */
export async function countScoreItems(
  reader: Reader,
  { variant, where, limit }: ScoreSelection,
): Promise<number | null> {
  if (limit !== undefined) return null;
  const figures = await reader.count("figures", { where, only: FIGURES_ONLY });
  if (variant === "raw") return figures;
  const [made] = await reader.all<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM recaptions WHERE variant = coalesce($1, variant)
       AND figure_id IN (SELECT figure_id FROM figures WHERE ${FIGURES_ONLY} AND (${where ?? "true"}\n))`,
    [variant ?? null],
  );
  return made!.n + (variant === undefined ? figures : 0);
}

/** What each paper has of them, in the order of papers; limits aside. */
export async function* scoreLoads(
  reader: Reader,
  { variant, where }: ScoreSelection,
): AsyncGenerator<PaperLoad> {
  if (variant === "raw") return yield* figureLoads(reader, { where }, FIGURES_ONLY);
  const figures = await countable(reader, where);
  const raw = variant === undefined ? 1 : 0;
  yield* loadsOf(
    reader,
    `SELECT paper_id, count(*)::INTEGER AS figures, sum(${raw} + coalesce(captions, 0))::INTEGER AS items
     FROM ${figures} LEFT JOIN (
       SELECT figure_id, count(DISTINCT variant) AS captions FROM stored_recaptions
       WHERE variant = coalesce($1, variant) GROUP BY figure_id) USING (figure_id)
     WHERE ${FIGURES_ONLY} GROUP BY paper_id ORDER BY paper_id`,
    [variant ?? null],
  );
}

interface CaptionList {
  captions: { name: string; text: string }[] | null;
  known: { caption: string; key: string }[] | null;
}

/** The captions of figures, not of tables: the raw one first. */
export async function* scoreItems(
  reader: Reader,
  folder: string,
  scorer: Scorer,
  { variant, ...selection }: ScoreSelection,
  range?: ShardRange,
): AsyncGenerator<ScoreItem> {
  const chosen = await picked(reader, selection, papersIn(range));
  const rows = reader.figures<FigureRow & WithFigureText & CaptionList>({
    ...chosen,
    also: `${scorer.readsText ? figureText(chosen.span) : NO_FIGURE_TEXT},
           (SELECT list({name: variant, text: text} ORDER BY variant) FROM recaptions AS r
              WHERE r.figure_id = figures.figure_id AND ${idsIn(chosen, "r.figure_id")}) AS captions,
           (SELECT list({caption: s.caption, key: s.result_key}) FROM scores AS s
              WHERE s.figure_id = figures.figure_id AND metric = $1 AND ${idsIn(chosen, "s.figure_id")}) AS known`,
    parameters: [scorer.metric],
  });
  for await (const { figure_text, ...figure } of rows) {
    const paper = { paper_id: figure.paper_id, title: figure.title, abstract: figure.abstract };
    const image = figure.image_path && within(folder, figure.image_path);
    const known = new Map(figure.known?.map(({ caption, key }) => [caption, key]));
    for (const { name, text } of [{ name: "raw", text: figure.caption }, ...(figure.captions ?? [])]) {
      if (variant !== undefined && variant !== name) continue;
      const key = scoreKey(figure, paper, text, scorer, figure_text);
      yield {
        ...{ figure, paper, image, figure_text, caption: name, text },
        ...{ file: figure.source, key, known: known.get(name) ?? null },
      };
    }
  }
}
