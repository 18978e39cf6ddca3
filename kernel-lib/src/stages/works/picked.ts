import { FIGURES_ONLY } from "../../dataset/figures-only.js";
import type { Reader, Selection } from "../../dataset/query.js";
import { inRange } from "../../dataset/sql.js";
import type { FigureSpan } from "../../dataset/views.js";
import type { ShardRange } from "../work.js";

type PaperRange = Extract<ShardRange, { first: string }>;

interface Picked extends Selection {
  only: string;
  span?: FigureSpan;
}

/**
 * What `Reader.figures` is to be asked for. In a shard the limit is the shard's.
 * @param only which of them the work is about. @default figures, not tables
 */
export async function picked(
  reader: Reader,
  { where, limit }: Selection,
  papers?: PaperRange,
  only = FIGURES_ONLY,
): Promise<Picked> {
  if (!papers) return { where, limit, only };
  return { where, limit: papers.limit, only, span: await reader.spanOf(papers) };
}

/** The condition on the ids in a table that is joined to the figures: without it all of it would be read for few. */
export const idsIn = ({ span }: Picked, column: string): string =>
  span ? inRange(column, span.figures) : "true";

export function papersIn(range: ShardRange | undefined): PaperRange | undefined {
  if (range === undefined || "first" in range) return range;
  throw new Error("A shard of this work is a range of papers.");
}

/**
 * What `FROM` takes to count the figures, tables among them, that a condition picks. Without a condition little more than
 * ids is read: of 15.5 million figures in seconds.
 */
export async function countable(reader: Reader, where: string | undefined): Promise<string> {
  if (where === undefined)
    return `(SELECT * FROM stored_figures
      JOIN (SELECT paper_id, max(run) AS run FROM stored_papers GROUP BY paper_id) USING (paper_id, run))`;
  await reader.checkWhere("figures", where);
  return `(SELECT * FROM figures WHERE ${where}\n)`;
}
