import type { Recaption, Score } from "../../model.js";
import { pairedDifference, type PairedDifference } from "../../scores/paired.js";
import { mean } from "../../scores/statistics.js";
import { wordCount } from "../../views/matrix.js";
import { comparable } from "../../views/wording.js";
import type { TrialTable } from "./table.js";

/** What is measured of captions, by name; `null` where there is nothing to measure. */
export type Measures = Record<string, number | null>;

/** A column of the table by its position, or the raw captions. */
export type Side = number | "raw";

/**
 * What is measured of one side's caption of one figure, as the mean over repetitions: `words`, `characters`, the scorers'
 * metrics and, of answers, `tokens` and `seconds`.
 */
export function figureMeasures(table: TrialTable, figure: number, side: Side): Measures {
  if (side === "raw") {
    const { figure: row, scores } = table.figures[figure]!;
    return captionMeasures(row.caption, scores, null);
  }
  const all = table
    .of(figure)
    .at(side)!
    .flatMap((reply) =>
      reply.state === "answered" ? [captionMeasures(reply.caption.text, reply.scores, reply.caption)] : [],
    );
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].map((name) => [name, known(all.map((one) => one[name] ?? null))]));
}

function captionMeasures(text: string, scores: readonly Score[], made: Recaption | null): Measures {
  return {
    words: wordCount(text),
    characters: text.length,
    ...Object.fromEntries(scores.map(({ metric, value }) => [metric, value])),
    ...(made && { tokens: made.completion_tokens, seconds: made.seconds }),
  };
}

/** Mean over the figures that have a value, by measure. */
export function meanMeasures(table: TrialTable, side: Side): Measures {
  const all = table.figures.map((_, figure) => figureMeasures(table, figure, side));
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].map((name) => [name, known(all.map((one) => one[name] ?? null))]));
}

/** How far `to` lies above `from`, by the measures that both have, over the figures that both have a caption of. */
export function differences(
  table: TrialTable,
  from: Side,
  to: Side,
  seed: number,
): Record<string, PairedDifference> {
  const rows = table.figures.map(({ figure }, i) => ({
    cluster: figure.paper_id,
    from: figureMeasures(table, i, from),
    to: figureMeasures(table, i, to),
  }));
  const had = new Set(rows.flatMap((row) => Object.keys(row.from)));
  const names = new Set(rows.flatMap((row) => Object.keys(row.to)).filter((name) => had.has(name)));
  return Object.fromEntries([...names].map((name) => [name, difference(name)]));

  function difference(name: string): PairedDifference {
    if (!comparable(name, String(from), String(to)))
      return { mean: null, interval: null, n: 0, papers: 0, note: OTHER_EVIDENCE };
    const pairs = rows.map((row) => ({
      cluster: row.cluster,
      from: row.from[name] ?? null,
      to: row.to[name] ?? null,
    }));
    return pairedDifference(pairs, { seed });
  }
}

const OTHER_EVIDENCE =
  "the support of a new caption counts the raw one as evidence, which the raw one's cannot";

function known(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length > 0 ? mean(there) : null;
}
