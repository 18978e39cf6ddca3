import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reader } from "../dataset/query.js";
import type { Frame } from "./frame.js";
import { rowsWhere, type Mask } from "./mask.js";
import { keysOfWhole, sorted } from "./sorting.js";

/** The latest state of each paper, by id. Long texts are cut: a tile has no room for them. */
const PAPERS = `
  CREATE TABLE paper AS
  SELECT paper_id, max(run) AS run, left(arg_max_null(title, run), 300) AS title, arg_max_null(discipline, run) AS discipline
  FROM stored_papers GROUP BY paper_id ORDER BY paper_id`;

const ROWS = `
  CREATE TABLE frame AS
  SELECT figure_id, paper.rowid::INTEGER AS paper, ordinal, float::ENUM ('figure', 'table') AS float, number,
         left(label, 100) AS label, left(caption, 200) AS caption, image_path, image_missing
  FROM stored_figures JOIN paper USING (paper_id, run)`;

const NUMBERS = "SELECT rowid::INTEGER, paper, ordinal, (float = 'table')::INTEGER FROM frame";

/** What a frame begins with. */
export interface Rows extends Pick<Frame, "size" | "papers" | "order"> {
  floats: Record<"figure" | "table", Mask>;
}

/**
 * Makes the table `frame` of what every tile shows, and `paper` with what it shows of papers. Rows stay as the files have them: to
 * sort them with all their texts would take several times as long as to sort their numbers.
 */
export async function loadFrame(connection: DuckDBConnection, reader: Reader): Promise<Rows> {
  await connection.run(PAPERS);
  await connection.run(ROWS);
  const [row] = await reader.all<{ size: number }>("SELECT count(*)::INTEGER AS size FROM frame");
  const { size } = row!;
  const papers = new Int32Array(size);
  const ordinals = new Int32Array(size);
  const tables = new Uint8Array(size);
  const pieces = reader.columns<[number, number, number, number]>(NUMBERS);
  for await (const [positions, paper, ordinal, table] of pieces)
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i]!;
      papers[position] = paper[i]!;
      ordinals[position] = ordinal[i]!;
      tables[position] = table[i]!;
    }
  const stored = new Int32Array(size).map((_, position) => position);
  const byOrdinal = sorted(stored, keysOfWhole(ordinals, stored));
  return {
    size,
    papers,
    order: sorted(byOrdinal, keysOfWhole(papers, byOrdinal)),
    floats: {
      figure: rowsWhere(tables, Uint8Array.of(1, 0)),
      table: rowsWhere(tables, Uint8Array.of(0, 1)),
    },
  };
}
