import type { FigureRow } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";
import { oneOf } from "./clauses.js";
import type { Frame } from "./frame.js";

/**
 * The whole records of the figures that a condition on the frame picks, by id. Ids are written out, those of the papers
 * beside them, so that most of the files is passed over.
 */
export async function storedFigures(frame: Frame, condition: string): Promise<Map<string, FigureRow>> {
  const rows = await frame.all<{ figure_id: string; paper_id: string }>(
    `SELECT figure_id, paper_id FROM frame WHERE ${condition}`,
  );
  const figures = new Map<string, FigureRow>();
  if (rows.length === 0) return figures;
  const papers = [...new Set(rows.map(({ paper_id }) => paper_id))].map(literal);
  const only = `paper_id IN (${papers.join(", ")}) AND ${oneOf(rows.map(({ figure_id }) => figure_id))}`;
  for await (const figure of frame.reader.figures({ only })) figures.set(figure.figure_id, figure);
  return figures;
}
