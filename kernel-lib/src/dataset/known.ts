import type { Reader } from "./query.js";

/** What a dataset has of a paper. */
export interface KnownPaper {
  paper_id: string;
  result_key: string;
  /** Tables not counted. */
  figures: number;
}

/**
 * Papers in a fixed order, each with what the dataset has of it. The dataset is asked once and its answer streams
 * alongside, so that the cost does not grow with papers times papers.
 */
export async function* withKnown<T extends { paper_id: string }>(
  reader: Reader,
  papers: readonly T[],
): AsyncGenerator<{ paper: T; known: KnownPaper | null }> {
  const rows = reader.rows<KnownPaper>(
    `SELECT paper_id, papers.result_key, count(figure_id) FILTER (float = 'figure')::INTEGER AS figures
     FROM papers LEFT JOIN figures USING (paper_id) GROUP BY ALL ORDER BY paper_id`,
  );
  try {
    let row = await rows.next();
    for (const paper of papers.toSorted((a, b) => asStored(a.paper_id, b.paper_id))) {
      while (!row.done && asStored(row.value.paper_id, paper.paper_id) < 0) row = await rows.next();
      const found = !row.done && row.value.paper_id === paper.paper_id;
      yield { paper, known: found ? row.value : null };
    }
  } finally {
    await rows.return(undefined);
  }
}

/** From here on the order of UTF-16, which is that of JavaScript, and that of UTF-8, DuckDB's, part ways. */
const HIGH = /[\ud800-\uffff]/;

function asStored(a: string, b: string): number {
  if (HIGH.test(a) || HIGH.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
