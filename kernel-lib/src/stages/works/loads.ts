import type { Reader, Selection } from "../../dataset/query.js";
import type { PaperLoad } from "../shards.js";
import { countable } from "./picked.js";

/** How many figures a selection holds. @param only which of them the work is about */
export async function countFigures(
  reader: Reader,
  { where, limit = Infinity }: Selection,
  only: string,
): Promise<number> {
  return Math.min(await reader.count("figures", { where, only }), limit);
}

/** What each paper has of them, in the order of papers; limits aside. */
export async function* figureLoads(
  reader: Reader,
  { where }: Selection,
  only: string,
): AsyncGenerator<PaperLoad> {
  yield* loadsOf(
    reader,
    `SELECT paper_id, count(*)::INTEGER AS figures, figures AS items
     FROM ${await countable(reader, where)} WHERE ${only} GROUP BY paper_id ORDER BY paper_id`,
  );
}

/**
 * What a query says of each paper.
 * @param sql gives `paper_id`, `figures` and `items`, in the order of papers
 */
export async function* loadsOf(
  reader: Reader,
  sql: string,
  parameters: (string | null)[] = [],
): AsyncGenerator<PaperLoad> {
  // By columns, since there are millions of papers.
  for await (const [ids, figures, items] of reader.columns<[string, number, number]>(sql, parameters))
    for (const [at, paper_id] of ids.entries()) yield { paper_id, figures: figures[at]!, items: items[at]! };
}
