import { createHash } from "node:crypto";
import type { Reader } from "../dataset/query.js";

/** Two picture files that may be copies of each other. */
export interface CandidatePair {
  first: string;
  second: string;
  first_path: string;
  second_path: string;
  /** Key of the comparison that is there. */
  known: string | null;
  /** How many pairs there are in all. */
  total: number;
}

/** Tables of the hash, and how many bits of a signature are the key in each; see {@link candidatePairs}. */
const TABLES = 20;
const MOST_BITS = 20;
const FEWEST_BITS = 6;
/** A bucket shall hold some 2 to this power of pictures. */
const BUCKET = 4;
/** Neighbours, in the order of the signatures, that a picture meets in an overfull bucket. */
const WINDOW = 64;
/** Bits of 143 that two signatures may differ in: copies cropped by 2 % differ in up to a quarter. */
const DISTANCE = 36;
/** Earlier pictures that one is compared with: the nearest. */
const NEAREST = 8;

/**
 * Pairs of pictures with similar signatures, each once: for every picture the nearest eight of those that come before it
 * by paper and place in the paper, so that of many copies all but the first are found.
 *
 * Locality-sensitive hashing by bit sampling (P. Indyk and R. Motwani, "Approximate Nearest Neighbors", 1998): pictures
 * meet where they agree in all of some bits, in any of twenty such choices. More pictures take more bits, so that
 * the work grows little faster than their number. Where thousands agree, as drawings of one program do, each meets its
 * neighbours in sorted order only.
 */
export async function* candidatePairs(reader: Reader): AsyncGenerator<CandidatePair> {
  const [found] = await reader.all<{ n: number }>(
    `WITH ${PICTURES} SELECT count(*)::INTEGER AS n FROM pictures`,
  );
  if (found!.n > 1) yield* reader.rows<CandidatePair>(pairsQuery(found!.n));
}

/** Files with what their pictures look like, numbered by the first figure that has them. */
const PICTURES = `placed AS (
  SELECT sha256, image_path, signature, row_number() OVER (ORDER BY paper_id, ordinal) AS place
  FROM figures JOIN measurements AS m ON m.figure_id = figures.figure_id AND m.figure_run = figures.run
  WHERE signature IS NOT NULL
),
pictures AS MATERIALIZED (
  SELECT min(place) AS n, sha256, arg_min(image_path, place) AS path,
         ('0x' || min(signature)[1:16])::UBIGINT AS a, ('0x' || min(signature)[17:32])::UBIGINT AS b,
         ('0x' || min(signature)[33:36])::UBIGINT AS c
  FROM placed GROUP BY sha256
)`;

function pairsQuery(pictures: number): string {
  const bits = Math.min(MOST_BITS, Math.max(FEWEST_BITS, Math.round(Math.log2(pictures)) - BUCKET));
  const tables = Array.from({ length: TABLES }, (_, table) => meetings(bitMask(table, bits)));
  return `
WITH ${PICTURES},
near AS (SELECT DISTINCT * FROM (${tables.join(" UNION ALL ")})),
pairs AS (
  SELECT n, earlier FROM near
  QUALIFY row_number() OVER (PARTITION BY n ORDER BY distance, earlier) <= ${NEAREST}
),
files AS (
  SELECT n, earlier, one.sha256 AS sha, another.sha256 AS other, one.path AS path, another.path AS other_path
  FROM pairs JOIN pictures AS one USING (n) JOIN pictures AS another ON another.n = pairs.earlier
)
SELECT least(sha, other) AS first, greatest(sha, other) AS second,
       if(sha < other, path, other_path) AS first_path, if(sha < other, other_path, path) AS second_path,
       known.result_key AS known, (count(*) OVER ())::INTEGER AS total
FROM files
LEFT JOIN likenesses AS known ON known.first = least(sha, other) AND known.second = greatest(sha, other)
ORDER BY n, earlier`;
}

/** Pictures that meet in one table. Chunks of the sorted bucket keep the join from growing with its square. */
function meetings(mask: bigint): string {
  const rows = `SELECT *, (place - 1) // ${WINDOW} AS chunk FROM (
    SELECT *, a & ${mask}::UBIGINT AS key,
           row_number() OVER (PARTITION BY a & ${mask}::UBIGINT ORDER BY a, b, c, n) AS place FROM pictures)`;
  return `SELECT greatest(x.n, y.n) AS n, least(x.n, y.n) AS earlier,
      bit_count(xor(x.a, y.a)) + bit_count(xor(x.b, y.b)) + bit_count(xor(x.c, y.c)) AS distance
    FROM (${rows}) AS x
    JOIN (SELECT * REPLACE (unnest([chunk, chunk - 1]) AS chunk) FROM (${rows})) AS y
      ON x.key = y.key AND x.chunk = y.chunk AND x.place < y.place AND y.place - x.place <= ${WINDOW}
    WHERE distance <= ${DISTANCE}`;
}

/** Some of the 64 lowest frequencies' bits, the same ones for the same table always. */
function bitMask(table: number, bits: number): bigint {
  const order = Array.from({ length: 64 }, (_, bit) => ({
    bit,
    rank: createHash("sha256").update(`table ${table}, bit ${bit}`).digest("hex"),
  })).sort((x, y) => (x.rank < y.rank ? -1 : 1));
  return order.slice(0, bits).reduce((mask, { bit }) => mask | (1n << BigInt(bit)), 0n);
}
