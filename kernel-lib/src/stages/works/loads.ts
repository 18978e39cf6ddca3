import type { Reader } from "../../dataset/query.js";
import type { PaperLoad } from "../shards.js";

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
