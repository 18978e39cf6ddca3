import type { FigureRow } from "../dataset/query.js";
import { oneOf } from "../dataset/sql.js";
import type { Frame } from "./frame.js";

/** The whole records of figures, by id. */
export async function storedFigures(
  frame: Frame,
  figure_ids: readonly string[],
): Promise<Map<string, FigureRow>> {
  const papers = await papersOf(frame, figure_ids);
  const figures = papers.length > 0 ? await frame.reader.these(figure_ids, papers) : [];
  return new Map(figures.map((figure) => [figure.figure_id, figure]));
}

/** The ids of these figures' papers. */
async function papersOf(frame: Frame, figure_ids: readonly string[]): Promise<string[]> {
  const rows = await frame.all<{ paper_id: string }>(
    `SELECT DISTINCT paper_id FROM frame JOIN paper ON paper.rowid = frame.paper WHERE ${oneOf("figure_id", figure_ids)}`,
  );
  return rows.map(({ paper_id }) => paper_id);
}
