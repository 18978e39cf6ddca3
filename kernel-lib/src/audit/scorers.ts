import type { Reader } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";

/** Values of a metric by one scorer, for one caption. */
export interface ScorerCount {
  metric: string;
  caption: string;
  scorer: string;
  scorer_version: number;
  values: number;
  /** Runs that these values come from. */
  runs: number;
}

/** Who measured what, for these captions. Values that were measured again later do not count. */
export async function scorersIn(reader: Reader, captions: readonly [string, string]): Promise<ScorerCount[]> {
  const counted = (table: string, which = "true") =>
    reader.all<ScorerCount>(
      `SELECT metric, caption, scorer, scorer_version, count(*)::INTEGER AS values, count(DISTINCT run)::INTEGER AS runs
       FROM ${table} WHERE caption IN ($1, $2) AND ${which}
       GROUP BY ALL ORDER BY metric, caption, values DESC, scorer, scorer_version`,
      [...captions],
    );
  const stored = await counted("stored_scores");
  const nameOf = ({ metric, caption }: ScorerCount) => JSON.stringify([metric, caption]);
  const mixed = new Set(
    stored.filter((one, i) => i > 0 && nameOf(stored[i - 1]!) === nameOf(one)).map(nameOf),
  );
  if (mixed.size === 0) return stored;
  // Only now: of two rows the later one is looked for among all of them.
  const metrics = [...new Set(stored.filter((one) => mixed.has(nameOf(one))).map(({ metric }) => metric))];
  const latest = await counted("scores", `metric IN (${metrics.map(literal).join(", ")})`);
  return [
    ...stored.filter((one) => !mixed.has(nameOf(one))),
    ...latest
      .filter((one) => mixed.has(nameOf(one)))
      // Rows of earlier runs still stand beside them.
      .map((one) => ({ ...one, runs: Math.max(2, one.runs) })),
  ];
}

/**
 * The scorer whose values are compared: of those that measured both captions the one with most values of the caption that
 * it measured less of; of two, the later version.
 * @returns `null` where nobody measured both
 */
export function commonScorer(
  counts: readonly ScorerCount[],
  [from, to]: readonly [string, string],
): Pick<ScorerCount, "scorer" | "scorer_version"> | null {
  const of = (caption: string) => counts.filter((count) => count.caption === caption);
  const both = of(from).flatMap((one) => {
    const other = of(to).find(
      ({ scorer, scorer_version }) => scorer === one.scorer && scorer_version === one.scorer_version,
    );
    return other ? [{ ...one, values: Math.min(one.values, other.values) }] : [];
  });
  both.sort((a, b) => b.values - a.values || b.scorer_version - a.scorer_version);
  return both[0] ?? null;
}
