import type { Reader } from "../dataset/query.js";
import type { Facts } from "./judge.js";

/** The facts about a figure, and the key of the judgement that is there. */
export type KnownFacts = Facts & { known: string | null };

/** Captions are the same when they differ in blanks and capitals only. */
const PLAIN = String.raw`lower(trim(regexp_replace(caption, '\s+', ' ', 'g')))`;

/**
 * The facts about every figure that was measured, streamed. What a figure repeats is the first such figure by paper and
 * place in the paper: of several copies one stays free of marks.
 *
 * Costs a few aggregates and joins over the figures, spilling to disk where memory does not hold them.
 */
export function collectFacts(reader: Reader, { likeness }: { likeness: number }): AsyncGenerator<KnownFacts> {
  return reader.rows<KnownFacts>(FACTS, [likeness]);
}

const repeated = (row: string): string => `{figure_id: ${row}.figure_id, paper_id: ${row}.paper_id}`;

const FACTS = `
WITH checked AS MATERIALIZED (
  SELECT figures.figure_id, paper_id, float, image_missing, image_path, width, height,
         CASE WHEN image_problem IS NULL THEN sha256 END AS sha256,
         length(caption)::INTEGER AS caption_characters, len(contexts)::INTEGER AS contexts, md5(${PLAIN}) AS plain,
         row_number() OVER (ORDER BY paper_id, ordinal) AS place,
         m.* EXCLUDE (figure_id, signature, run, result_key)
  FROM figures JOIN measurements AS m ON m.figure_id = figures.figure_id AND m.figure_run = figures.run
),
files AS MATERIALIZED (
  SELECT sha256, min(place) AS place, arg_min(figure_id, place) AS figure_id, arg_min(paper_id, place) AS paper_id,
         arg_min(plain, place) AS plain
  FROM checked WHERE sha256 IS NOT NULL GROUP BY sha256
),
alike AS (
  SELECT least(one.place, other.place) AS earlier, greatest(one.place, other.place) AS later, likeness
  FROM likenesses AS pair
  JOIN files AS one ON one.sha256 = pair.first JOIN files AS other ON other.sha256 = pair.second
  WHERE likeness >= $1
),
copies AS (
  SELECT later AS place, min(earlier) AS earlier, arg_min(likeness, earlier) AS likeness FROM alike GROUP BY later
),
captions AS (
  SELECT plain, min(place) AS place, arg_min(figure_id, place) AS figure_id, arg_min(paper_id, place) AS paper_id
  FROM checked WHERE words > 0 GROUP BY plain HAVING count(*) > 1
)
SELECT checked.* EXCLUDE (sha256, plain, place),
  CASE WHEN file.place < checked.place THEN ${repeated("file")} END AS same_file,
  CASE WHEN original.place IS NOT NULL
    THEN {figure_id: original.figure_id, paper_id: original.paper_id, likeness: copy.likeness} END AS copy,
  CASE WHEN caption.place < checked.place AND words > 0 THEN ${repeated("caption")} END AS same_caption,
  coalesce(CASE WHEN file.place < checked.place THEN file.plain ELSE original.plain END, checked.plain) = checked.plain
    AS caption_agrees,
  judged.result_key AS known
FROM checked
LEFT JOIN files AS file ON file.sha256 = checked.sha256
LEFT JOIN copies AS copy ON copy.place = checked.place
LEFT JOIN files AS original ON original.place = copy.earlier
LEFT JOIN captions AS caption ON caption.plain = checked.plain
LEFT JOIN judgements AS judged ON judged.figure_id = checked.figure_id
ORDER BY checked.place`;
