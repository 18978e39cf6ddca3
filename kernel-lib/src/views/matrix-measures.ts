/** What captions of a trial measure, and what that says of its prompts. */
import { pairedDifference, type PairedDifference } from "../statistics/paired.js";
import { mean } from "../statistics/descriptive.js";
import {
  agreement,
  captionsOf,
  wordCount,
  type MatrixColumn,
  type MatrixPrompt,
  type MatrixReply,
  type MatrixRow,
} from "./matrix.js";
import type { CaptionText } from "./protocol.js";
import { comparable } from "./wording.js";

/** What is measured of captions, by name; `null` where there is nothing to measure. */
export type Measures = Record<string, number | null>;

/** A column by its position, or the raw captions. */
export type Side = number | "raw";

/** `raw` or a column's name as a side; the raw captions where no column has that name. */
export function sideOf(columns: readonly MatrixPrompt[], name: string): Side {
  const at = columns.findIndex((column) => column.name === name);
  return at < 0 ? "raw" : at;
}

/**
 * What is measured of one side's caption of one figure, as the mean over repetitions: `words`, `characters`, the scorers'
 * metrics and, of answers, `tokens` and `seconds`.
 */
export function rowMeasures({ card, replies }: MatrixRow, side: Side): Measures {
  if (side === "raw") return captionMeasures(card.captions[0]!);
  return means(replies[side]!.flatMap((reply) => (reply.state === "answered" ? [replyMeasures(reply)] : [])));
}

function replyMeasures({ caption, tokens, seconds }: MatrixReply & { state: "answered" }): Measures {
  return { ...captionMeasures(caption), tokens, seconds };
}

function captionMeasures({ text, scores }: CaptionText): Measures {
  return { words: wordCount(text), characters: text.length, ...scores };
}

/** Mean over those that have a value, by measure. */
function means(all: readonly Measures[]): Measures {
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries(
    [...names].map((name) => {
      const there = all.map((one) => one[name] ?? null).filter((value) => value !== null);
      return [name, there.length > 0 ? mean(there) : null];
    }),
  );
}

/**
 * How far `to` lies above `from`, by the measures that both have, over the figures that both have a caption of, with an
 * interval that is clustered by paper. Some milliseconds a measure.
 */
export function differences(
  rows: readonly MatrixRow[],
  from: Side,
  to: Side,
  seed: number,
): Record<string, PairedDifference> {
  const pairs = rows.map((row) => ({
    cluster: row.card.paper_id,
    from: rowMeasures(row, from),
    to: rowMeasures(row, to),
  }));
  const had = new Set(pairs.flatMap((pair) => Object.keys(pair.from)));
  const names = new Set(pairs.flatMap((pair) => Object.keys(pair.to)).filter((name) => had.has(name)));
  return Object.fromEntries([...names].map((name) => [name, difference(name)]));

  function difference(name: string): PairedDifference {
    if (!comparable(name, String(from), String(to)))
      return { mean: null, interval: null, n: 0, papers: 0, note: OTHER_EVIDENCE };
    const values = pairs.map(({ cluster, from, to }) => ({
      cluster,
      from: from[name] ?? null,
      to: to[name] ?? null,
    }));
    return pairedDifference(values, { seed });
  }
}

const OTHER_EVIDENCE =
  "the support of a new caption counts the raw one as evidence, which the raw one's cannot";

/** What came of each prompt, compared with `against`: a column's name or `raw`. */
export function columnsOf(
  prompts: readonly MatrixPrompt[],
  rows: readonly MatrixRow[],
  against: string,
  seed: number,
): MatrixColumn[] {
  const base = sideOf(prompts, against);
  return prompts.map(({ name, about, prompt_hash, model }, column) => {
    const cells = rows.map(({ replies }) => replies[column]!);
    const all = cells.flat();
    const count = (state: MatrixReply["state"]) => all.filter((reply) => reply.state === state).length;
    const [answers, failed] = [count("answered"), count("failed")];
    return {
      ...{ name, about, prompt_hash, model, answers, failed, missing: all.length - answers - failed },
      means: means(rows.map((row) => rowMeasures(row, column))),
      deltas: column === base ? null : differences(rows, base, column, seed),
      agreement: meanAgreement(cells),
    };
  });
}

function meanAgreement(cells: readonly MatrixReply[][]): number | null {
  const shares = cells.map((cell) => agreement(captionsOf(cell))).filter((share) => share !== null);
  return shares.length > 0 ? mean(shares) : null;
}
