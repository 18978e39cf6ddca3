/** The SQL of an audit. All sums are worked out where the values are; no figure's value comes here. */
import { literal } from "../dataset/sql.js";

/** Figures, and how they are grouped. */
export interface FiguresPlan {
  /** The user's condition, already checked. */
  where: string | undefined;
  compare: readonly [from: string, to: string];
  /** Expression over the view `figures`; `null` for no groups. */
  by: string | null;
}

/** Groups of figures that a report can hold; those with fewer figures are left out, and counted. */
const MOST_GROUPS = 20;

/** The figures that have both captions, with numbers for papers (in a random but fixed order) and groups. */
export function figuresTables({ where, compare, by }: FiguresPlan): string[] {
  const variants = compare.filter((name) => name !== "raw");
  const having = variants.map(
    (name) => `figure_id IN (SELECT figure_id FROM stored_recaptions WHERE variant = ${literal(name)})`,
  );
  const conditions = ["float = 'figure'", ...having, `(${where ?? "true"}\n)`];
  return [
    `CREATE TABLE audit_chosen AS SELECT figure_id, paper_id, (${by ?? "NULL"})::VARCHAR AS name FROM figures
     WHERE ${conditions.join(" AND ")}`,
    `CREATE TABLE audit_papers AS SELECT paper_id, row_number() OVER (ORDER BY md5(paper_id), paper_id)::INTEGER AS paper
     FROM (SELECT DISTINCT paper_id FROM audit_chosen)`,
    `CREATE TABLE audit_groups AS SELECT (row_number() OVER (ORDER BY n DESC, name))::SMALLINT AS grp, name
     FROM (SELECT name, count(*) AS n FROM audit_chosen GROUP BY name ORDER BY n DESC, name LIMIT ${MOST_GROUPS})`,
    `CREATE TABLE audit_figures AS SELECT figure_id, paper, grp FROM audit_chosen JOIN audit_papers USING (paper_id)
     LEFT JOIN audit_groups AS g ON g.name IS NOT DISTINCT FROM audit_chosen.name`,
    "DROP TABLE audit_chosen",
  ];
}

/** Who measured: results of others are left out. */
export interface ScorerName {
  scorer: string;
  scorer_version: number;
}

export interface PairsPlan extends ScorerName {
  /** The metric that is stored. */
  metric: string;
  compare: readonly [from: string, to: string];
  /** What is compared, as an expression over a stored value. */
  value: (sql: string) => string;
  /** Whether a caption's scores are of several runs, so that the latest must be looked for. */
  several: (caption: string) => boolean;
}

/** The values of a metric for both captions, a row a figure: `a` is the old caption's, `b` the new one's. */
export function pairsTable({ metric, compare, value, several, scorer, scorer_version }: PairsPlan): string {
  const side = (caption: string) => `(SELECT figure_id,
      scorer = ${literal(scorer)} AND scorer_version = ${scorer_version} AS same,
      CASE WHEN same AND isfinite(value) THEN ${value("value")} END AS value, CASE WHEN same THEN truncated END AS truncated
    FROM ${several(caption) ? "scores" : "stored_scores"} WHERE metric = ${literal(metric)} AND caption = ${literal(caption)})`;
  return `CREATE OR REPLACE TABLE audit_pairs AS
    SELECT f.paper, f.grp, a.value AS a, b.value AS b, a.truncated AS cut_a, b.truncated AS cut_b, a.same AS same_a, b.same AS same_b
    FROM audit_figures AS f LEFT JOIN ${side(compare[0])} AS a USING (figure_id) LEFT JOIN ${side(compare[1])} AS b USING (figure_id)`;
}

/** What is there of a metric, and what is missing. */
export const FACTS = `SELECT count(*) FILTER (a IS NOT NULL AND b IS NOT NULL) AS pairs, avg(a) FILTER (b IS NOT NULL) AS centre,
  greatest(stddev_samp(a), stddev_samp(b)) AS sd,
  ${["a", "b"]
    .map(
      (
        side,
      ) => `count(*) FILTER (same_${side}) AS measured_${side}, count(*) FILTER (NOT same_${side}) AS others_${side},
  count(*) FILTER (same_${side} AND ${side} IS NULL) AS silent_${side},
  avg(cut_${side}) AS cut_${side}, avg((cut_${side} > 0)::INTEGER) AS any_cut_${side}`,
    )
    .join(", ")}
  FROM audit_pairs`;

/** Up to so many pairs values are compared as they are. */
const EXACT = 1_000_000;
/** Steps of a standard deviation, at least. */
const STEPS = 8_192;

/**
 * How finely values are compared by rank: a width, or 0 for exactly. Of more than a million pairs those closer than 1/8,192
 * standard deviations are not told apart. A power of two: rounding is the same whatever the last digits of `sd` are.
 */
export const rankStep = (pairs: number, sd: number): number =>
  pairs <= EXACT || sd === 0 ? 0 : 2 ** Math.floor(Math.log2(sd / STEPS));

export interface GroupingPlan {
  /** All figures together, as group 0, or each group on its own. */
  grouped: boolean;
  centre: number;
  /** See {@link rankStep}. */
  step: number;
}

/** Clusters of a group whose totals are kept apart: more papers are put together, each into one of so many lots. */
export const MOST_CLUSTERS = 1_000;

/** Tables with what the questions below need. */
export function groupingTables({ grouped, step }: GroupingPlan): string[] {
  const key = keyOf(step);
  return [
    `CREATE OR REPLACE VIEW audit_both AS SELECT * REPLACE (${grouped ? "grp" : "0::SMALLINT"} AS grp), ${key("a")} AS key_a, ${key("b")} AS key_b
     FROM audit_pairs WHERE a IS NOT NULL AND b IS NOT NULL ${grouped ? "AND grp IS NOT NULL" : ""}`,
    `CREATE OR REPLACE TABLE audit_clusters AS
     SELECT grp, paper, ((row_number() OVER (PARTITION BY grp ORDER BY paper) - 1) % ${MOST_CLUSTERS})::SMALLINT AS lot
     FROM (SELECT DISTINCT grp, paper FROM audit_both)`,
    // How many values lie at or below each, of either caption.
    `CREATE OR REPLACE TABLE audit_ranks AS
     SELECT grp, key, na, nb, sum(na) OVER below AS upto_a, sum(nb) OVER below AS upto_b, sum(na) OVER (PARTITION BY grp) AS n
     FROM (SELECT grp, key, count(*) FILTER (old)::DOUBLE AS na, count(*) FILTER (NOT old)::DOUBLE AS nb
       FROM (SELECT grp, key_a AS key, true AS old FROM audit_both UNION ALL SELECT grp, key_b, false FROM audit_both)
       GROUP BY grp, key)
     WINDOW below AS (PARTITION BY grp ORDER BY key ROWS UNBOUNDED PRECEDING)`,
  ];
}

const keyOf =
  (step: number) =>
  (value: string): string =>
    step > 0 ? `round(${value} / ${step}) * ${step}` : value;

/** A row a cluster: its group, then {@link SUMS} in their order. */
export const clusterSums = ({ centre }: GroupingPlan): string =>
  `SELECT audit_both.grp::INTEGER, count(*)::DOUBLE, sum(a - ${centre}), sum(b - a), sum((a - ${centre}) ** 2), sum((b - ${centre}) ** 2), sum((b - a) ** 2),
     sum((b > a)::INTEGER)::DOUBLE, sum((b < a)::INTEGER)::DOUBLE,
     sum((of_b.upto_a - of_b.na / 2) / of_b.n + 1 - (of_a.upto_b - of_a.nb / 2) / of_a.n)
   FROM audit_both JOIN audit_clusters USING (grp, paper)
   JOIN audit_ranks AS of_b ON of_b.grp = audit_both.grp AND of_b.key = key_b
   JOIN audit_ranks AS of_a ON of_a.grp = audit_both.grp AND of_a.key = key_a
   GROUP BY audit_both.grp, lot ORDER BY audit_both.grp, lot`;

/** A row a group: pairs, papers, quantiles at `levels`, and the greatest distance of the two cumulative distributions. */
export const groupFacts = (levels: readonly number[]): string =>
  `SELECT grp::INTEGER AS grp, count(*)::DOUBLE AS figures, count(DISTINCT paper)::DOUBLE AS papers,
     quantile_cont(a, [${levels.join(", ")}]) AS from_quantiles, quantile_cont(b, [${levels.join(", ")}]) AS to_quantiles,
     any_value(distance) AS distance, any_value(place) AS place
   FROM audit_both JOIN (SELECT grp, max(abs(upto_a - upto_b) / n) AS distance, arg_max(key, abs(upto_a - upto_b)) AS place
     FROM audit_ranks GROUP BY grp) USING (grp)
   GROUP BY grp ORDER BY grp`;

/** Steps of a cumulative distribution that a drawing has room for. */
const CURVE_STEPS = 200;

/** Points of the cumulative distribution of all figures: a value, and the share of the values up to there. */
export const curve = (side: "a" | "b"): string =>
  `SELECT max(key) AS value, max(upto_${side} / n) AS share FROM audit_ranks WHERE n${side} > 0
   GROUP BY ceil(${CURVE_STEPS} * upto_${side} / n) ORDER BY value`;

/** What an audit leaves behind. */
export const DROP = [
  "DROP VIEW IF EXISTS audit_both",
  ...["pairs", "ranks", "clusters", "figures", "groups", "papers", "chosen"].map(
    (name) => `DROP TABLE IF EXISTS audit_${name}`,
  ),
];
