import type { DuckDBConnection } from "@duckdb/node-api";

/** Long texts are cut: a tile has no room for them. */
const PAPERS =
  "CREATE TABLE paper AS SELECT paper_id, run, left(title, 300) AS title, discipline FROM papers";
const ROWS = `
  CREATE TABLE frame AS
  SELECT figure_id, paper_id, ordinal, float::ENUM ('figure', 'table') AS float, number, left(label, 100) AS label,
         left(caption, 200) AS caption, image_path, image_missing, 0::INTEGER AS position
  FROM stored_figures JOIN paper USING (paper_id, run)`;

const SORTED = `
  SELECT coalesce(bool_and(up), true)
  FROM (SELECT paper_id > lag(paper_id) OVER () OR (paper_id = lag(paper_id) OVER () AND ordinal > lag(ordinal) OVER ()) AS up
        FROM frame)`;

const RANKED = `
  UPDATE frame SET position = ranked.position
  FROM (SELECT rowid AS at, row_number() OVER (ORDER BY paper_id, ordinal, figure_id) - 1 AS position FROM frame) AS ranked
  WHERE frame.rowid = ranked.at`;

/**
 * Makes the table `frame` of what every tile shows, and `paper` with what it shows of papers. Rows stay in the files' order, which
 * is mostly that of the papers; to sort them with all their texts would take several times as long. The index finds single
 * positions in a few milliseconds.
 * @returns rows
 */
export async function loadFrame(connection: DuckDBConnection): Promise<number> {
  const value = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()[0]![0];
  await connection.run(PAPERS);
  await connection.run(ROWS);
  await connection.run((await value(SORTED)) ? "UPDATE frame SET position = rowid" : RANKED);
  await connection.run("CREATE UNIQUE INDEX frame_position ON frame (position)");
  return (await value("SELECT count(*)::INTEGER FROM frame")) as number;
}
