/** The words and figures that the twins of a matrix have in common. */
import type { PairedDifference } from "../statistics/paired.js";
import type { Matrix, MatrixCaption, MatrixColumn } from "./matrix.js";
import { integer, signedText, valueText } from "./wording.js";

/** `12 figures of 6 papers · seed 7 · compared with the raw caption`. */
export function noteText({ note, against }: Pick<Matrix, "note" | "against">): string {
  return `${note} · compared with ${against === "raw" ? "the raw caption" : against}`;
}

/** A row of the head: a measure's name and each column's value. */
export interface Measure {
  name: string;
  value(column: MatrixColumn): string;
  delta?(column: MatrixColumn): PairedDifference | undefined;
}

export function measuresOf(columns: readonly MatrixColumn[]): Measure[] {
  const names = new Set(columns.flatMap(({ means }) => Object.keys(means)));
  const some = (value: (column: MatrixColumn) => number | null) => columns.some((column) => value(column));
  return [
    { name: "answers", value: ({ answers }) => integer(answers) },
    ...(some(({ failed }) => failed)
      ? [{ name: "failed", value: (c: MatrixColumn) => integer(c.failed) }]
      : []),
    ...(some(({ missing }) => missing)
      ? [{ name: "missing", value: (c: MatrixColumn) => integer(c.missing) }]
      : []),
    ...[...names].map((name) => ({
      name,
      value: ({ means }: MatrixColumn) => valueText(means[name] ?? null),
      delta: ({ deltas }: MatrixColumn) => deltas?.[name],
    })),
    ...(some(({ agreement }) => agreement)
      ? [{ name: "agreement", value: ({ agreement }: MatrixColumn) => percent(agreement) }]
      : []),
  ];
}

/** Up or down only where the interval leaves no doubt. */
export function directionOf({ mean, interval }: PairedDifference): string {
  if (mean === null || !interval || (interval[0] <= 0 && interval[1] >= 0)) return "";
  return mean > 0 ? "up" : "down";
}

/** `+0.042 [+0.012, +0.071]`: as many decimals as give half the interval's width two digits. */
export function deltaText({ mean, interval }: PairedDifference): string {
  if (mean === null) return "–";
  if (!interval) return signedText(mean);
  const half = (interval[1] - interval[0]) / 2;
  const decimals = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(half))));
  const text = (value: number) => {
    if (half === 0) return signedText(value);
    const size = Math.abs(value).toLocaleString("en", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    return `${Number(size) === 0 ? "±" : value > 0 ? "+" : "−"}${size}`;
  };
  return `${text(mean)} [${interval.map(text).join(", ")}]`;
}

export interface CaptionFigure {
  text: string;
  delta: number | null;
}

/** A caption's length, with how far it lies above that of what it is compared with. */
export function lengthsOf({ caption, words, deltas }: MatrixCaption): CaptionFigure[] {
  return [
    { text: `${integer(words)} ${words === 1 ? "word" : "words"}`, delta: deltas["words"] ?? null },
    { text: `${integer(caption.text.length)} characters`, delta: null },
  ];
}

/** A caption's scores likewise. */
export function scoresOf({ caption, deltas }: MatrixCaption): CaptionFigure[] {
  return Object.entries(caption.scores).map(([metric, value]) => ({
    text: `${metric} ${valueText(value)}`,
    delta: Object.hasOwn(deltas, metric) ? deltas[metric]! : null,
  }));
}

/** Said of a caption in which too much differs to mark it; `null` of others. */
export function rewrittenText({ common, changes }: MatrixCaption): string | null {
  return common !== null && changes === null ? `written anew: ${percent(common)} in common` : null;
}

const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(100 * share)} %`);

export const agreementText = (share: number): string => `the answers have ${percent(share)} in common`;

/** Why there is no interval, or nothing to compare. */
export function notesOf(columns: readonly MatrixColumn[]): string[] {
  return [
    ...new Set(
      columns.flatMap(({ deltas }) =>
        Object.values(deltas ?? {}).flatMap(({ note }) => (note === null ? [] : [note])),
      ),
    ),
  ];
}
