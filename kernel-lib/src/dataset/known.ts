import { asStored } from "./order.js";
import type { Reader } from "./query.js";
import { inRange, type TextRange } from "./sql.js";

/** What a dataset has of a paper. */
export interface KnownPaper {
  paper_id: string;
  result_key: string;
  /** Tables not counted. */
  figures: number;
}

/**
 * Papers, each with what the dataset has of it. The dataset is asked once and its answer streams alongside, so that the cost
 * does not grow with papers times papers.
 * @param papers as the dataset sorts them, see {@link asStored}
 * @param range where all of them stand: what the dataset has besides is not read
 */
export async function* withKnown<T extends { paper_id: string }>(
  reader: Reader,
  papers: Iterable<T> | AsyncIterable<T>,
  range?: TextRange,
): AsyncGenerator<{ paper: T; known: KnownPaper | null }> {
  const among = range ? inRange("paper_id", range) : "true";
  const rows = reader.rows<KnownPaper>(
    `SELECT paper_id, papers.result_key, count(figure_id) FILTER (float = 'figure')::INTEGER AS figures
     FROM (SELECT paper_id, run, result_key FROM papers WHERE ${among}) AS papers
     LEFT JOIN (SELECT paper_id, run, figure_id, float FROM stored_figures WHERE ${among}) USING (paper_id, run)
     GROUP BY ALL ORDER BY paper_id`,
  );
  try {
    let row = await rows.next();
    for await (const paper of papers) {
      while (!row.done && asStored(row.value.paper_id, paper.paper_id) < 0) row = await rows.next();
      const found = !row.done && row.value.paper_id === paper.paper_id;
      yield { paper, known: found ? row.value : null };
    }
  } finally {
    await rows.return(undefined);
  }
}
