/** Figures of a paper's source found again in its PDF. */
import type { Figure } from "../model.js";
import type { PageSource, Reading } from "./reading.js";

/** Where a figure's picture stands in a PDF. */
export interface PlaceInPdf {
  source: PageSource;
  /** How sure it is that this is the figure's picture, 0..1. */
  confidence: number;
}

type Captioned = Pick<Figure, "figure_id" | "float" | "number" | "caption">;

/** Words of a caption that are compared: its end may be cut, or stand on another page. */
const WORDS = 24;
/** What the same words, and the same number, say for a pair; a pair needs half of it. */
const BY_WORDS = 0.7;
const BY_NUMBER = 0.3;
const MIN_LIKENESS = 0.5;
/** Likeness of captions that only the same figure has. */
const SAME_WORDS = 0.6;
/** With fewer words a caption tells nothing. */
const MIN_WORDS = 4;

/**
 * By figure id, the region of a page that shows the figure: each region goes to one figure and the order is kept.
 * Nothing is found in a PDF that shares no caption with the source, which is another paper's.
 * Time grows with the product of both counts.
 */
export function placesInPdf(figures: readonly Captioned[], pdf: Reading): Map<string, PlaceInPdf> {
  const places = new Map<string, PlaceInPdf>();
  let same = false;
  for (const float of ["figure", "table"] as const) {
    const printed = inNumericOrder(pdf.figures.filter((figure) => figure.float === float));
    for (const { figure, found, likeness, words } of align(
      figures.filter((figure) => figure.float === float),
      printed,
    )) {
      same ||= words >= SAME_WORDS;
      const source = pdf.pictures.get(found.figure_id)?.find(({ from }) => from === "pdf");
      if (source?.from === "pdf")
        places.set(figure.figure_id, { source, confidence: likeness * (found.confidence ?? 1) });
    }
  }
  return same ? places : new Map();
}

/** As they are numbered: on a page of two columns, the order of their places is another one. */
function inNumericOrder(figures: readonly Figure[]): Figure[] {
  const series = new Map<string, number>();
  const keys = new Map(
    figures.map((figure) => {
      const [, prefix, count] = /^(.*?)(\d*)\D*$/.exec(figure.number ?? "")!;
      if (!series.has(prefix!)) series.set(prefix!, series.size);
      return [figure, [series.get(prefix!)!, Number(count)] as const];
    }),
  );
  return [...figures].sort((a, b) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    return x[0] - y[0] || x[1] - y[1];
  });
}

interface Pair {
  figure: Captioned;
  found: Figure;
  likeness: number;
  /** Likeness of the words alone. */
  words: number;
}

/** The pairs that are most alike in sum while both orders are kept. */
function align(figures: readonly Captioned[], printed: readonly Figure[]): Pair[] {
  const [left, right] = [figures.map(wordsOf), printed.map(wordsOf)];
  const pairs = figures.map((figure, i) =>
    printed.map((found, k) => pairOf(figure, found, left[i]!, right[k]!)),
  );
  // best[i][k]: the greatest sum for the figures from i on and the printed ones from k on.
  const best = Array.from({ length: figures.length + 1 }, () => new Float64Array(printed.length + 1));
  for (let i = figures.length - 1; i >= 0; i--)
    for (let k = printed.length - 1; k >= 0; k--)
      best[i]![k] = Math.max(
        best[i + 1]![k]!,
        best[i]![k + 1]!,
        (pairs[i]![k]?.likeness ?? -Infinity) + best[i + 1]![k + 1]!,
      );
  const chosen: Pair[] = [];
  for (let i = 0, k = 0; i < figures.length && k < printed.length;) {
    const pair = pairs[i]![k];
    if (pair && best[i]![k] === pair.likeness + best[i + 1]![k + 1]!) {
      chosen.push(pair);
      i++;
      k++;
    } else if (best[i]![k] === best[i + 1]![k]) i++;
    else k++;
  }
  return chosen;
}

function pairOf(figure: Captioned, found: Figure, left: string[], right: string[]): Pair | null {
  const sameNumber = figure.number !== null && nameOf(figure.number) === nameOf(found.number);
  const telling = Math.min(left.length, right.length) >= MIN_WORDS;
  const words = telling ? sharedWords(left, right) : 0;
  // A figure without a caption is told by its number alone.
  const likeness = telling ? BY_WORDS * words + (sameNumber ? BY_NUMBER : 0) : sameNumber ? MIN_LIKENESS : 0;
  return likeness >= MIN_LIKENESS ? { figure, found, likeness, words } : null;
}

const nameOf = (number: string | null) => (number ?? "").toUpperCase().replace(/[^\p{L}\p{N}]+/gu, "");

const wordsOf = ({ caption }: Captioned) =>
  (
    caption
      .normalize("NFKD")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).slice(0, WORDS);

/** Share of the shorter opening's words that the other has too. */
function sharedWords(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  const free = new Map<string, number>();
  for (const word of a.slice(0, length)) free.set(word, (free.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of b.slice(0, length)) {
    const left = free.get(word) ?? 0;
    if (left > 0) shared++;
    free.set(word, left - 1);
  }
  return shared / length;
}
