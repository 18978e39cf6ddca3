import { LINE_LIMIT } from "../../disk/jsonl.js";
import { list, literal } from "../sql.js";
import { LATEST } from "./line.js";

const COLUMNS = {
  time: "TIMESTAMP",
  writer: "VARCHAR",
  edits: `STRUCT(figure_ids VARCHAR[], verdict VARCHAR, "add" VARCHAR[], "remove" VARCHAR[])[]`,
};

/**
 * Makes the table `reviews` (figure_id, verdict, tags, reviewed_at) out of review files: a row for each figure that
 * something is said about. Of two lines about the same thing that of the later time counts, see `state.ts`.
 */
export function reviewStatements(files: string[]): string[] {
  if (files.length === 0)
    return [
      "CREATE TABLE reviews (figure_id VARCHAR, verdict VARCHAR, tags VARCHAR[], reviewed_at TIMESTAMP)",
    ];
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name}: ${literal(type)}`);
  return [
    `CREATE TABLE reviews AS
       WITH line AS (
         SELECT time, writer, unnest(edits) AS edit
         FROM read_json(${list(files)}, format = 'newline_delimited', columns = {${columns.join(", ")}},
           maximum_object_size = ${LINE_LIMIT}, ignore_errors = true)
         WHERE time < ${literal(LATEST)}
       ), said AS (
         SELECT unnest(edit.figure_ids) AS figure_id, {time: time, writer: writer} AS stamp,
           edit.verdict AS verdict, edit."add" AS added, edit."remove" AS removed
         FROM line
       ), verdicts AS (
         SELECT figure_id, nullif(arg_max(verdict, stamp), 'none') AS verdict, max(stamp.time) AS time
         FROM said WHERE verdict IN ('accepted', 'rejected', 'none') GROUP BY figure_id
       ), tag AS (
         SELECT figure_id, tag, arg_max(present, stamp) AS present, max(stamp.time) AS time
         FROM (SELECT figure_id, stamp, unnest(added) AS tag, true AS present FROM said
               UNION ALL SELECT figure_id, stamp, unnest(removed), false FROM said)
         GROUP BY figure_id, tag
       ), tagged AS (
         SELECT figure_id, list(tag ORDER BY tag) FILTER (present) AS tags, max(time) AS time
         FROM tag GROUP BY figure_id
       )
       SELECT figure_id, verdict, coalesce(tagged.tags, []) AS tags, greatest(verdicts.time, tagged.time) AS reviewed_at
       FROM verdicts FULL JOIN tagged USING (figure_id)
       WHERE verdict IS NOT NULL OR len(tagged.tags) > 0`,
  ];
}
