import type { FigureRow } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";
import { oneOf } from "./clauses.js";
import type { Frame } from "./frame.js";

/** The whole records of figures, by id. The ids of their papers beside theirs let most of the files be passed over. */
export async function storedFigures(
  frame: Frame,
  figure_ids: readonly string[],
): Promise<Map<string, FigureRow>> {
  const figures = new Map<string, FigureRow>();
  const papers = await papersOf(frame, figure_ids);
  if (papers.length === 0) return figures;
  const only = `paper_id IN (${papers.map(literal).join(", ")}) AND ${oneOf(figure_ids)}`;
  for await (const figure of frame.reader.figures({ only })) figures.set(figure.figure_id, figure);
  return figures;
}

/** The ids of these figures' papers. */
export async function papersOf(frame: Frame, figure_ids: readonly string[]): Promise<string[]> {
  const rows = await frame.all<{ paper_id: string }>(
    `SELECT DISTINCT paper_id FROM frame JOIN paper ON paper.rowid = frame.paper WHERE ${oneOf(figure_ids)}`,
  );
  return rows.map(({ paper_id }) => paper_id);
}
