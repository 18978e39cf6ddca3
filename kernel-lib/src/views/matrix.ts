/** Figures × prompts: what each prompt says of each figure, and what that is worth. Nothing here needs Node. */
import type { PairedDifference } from "../statistics/paired.js";
import { diffWords } from "./diff-words.js";
import type { CaptionText, Change, FigureCard } from "./protocol.js";
import { comparable } from "./wording.js";

export const MATRIX_MIME = "application/vnd.figloom.matrix.v1+json";

/** A prompt asked of a model. */
export interface MatrixPrompt {
  name: string;
  /** What the prompt is for. */
  about: string;
  prompt_hash: string;
  model: string | null;
}

/** What came of it, over all figures. */
export interface MatrixColumn extends MatrixPrompt {
  /** Answers there are. */
  answers: number;
  failed: number;
  /** Answers that are not there: not asked yet, or not any more. */
  missing: number;
  /** Mean over the figures by measure (`words`, `characters`, the scorers' metrics, `tokens`, `seconds`). */
  means: Record<string, number | null>;
  /** How far each mean lies above that of what is compared with; `null` for that column itself. */
  deltas: Record<string, PairedDifference> | null;
  /** How much the answers to one question have in common, 0..1; `null` where each was asked once. */
  agreement: number | null;
}

/** What has become of one question. */
export type MatrixReply =
  | { state: "waiting" }
  /** The answer so far. */
  | { state: "asking"; text: string }
  /** `tokens` of the answer and `seconds` that it took; `null` where nobody counted. */
  | { state: "answered"; caption: CaptionText; tokens: number | null; seconds: number | null }
  | { state: "failed"; message: string; wayOut: string }
  /** The work ended before. */
  | { state: "unasked" };

/** A figure and, by column and repetition, what was replied. */
export interface MatrixRow {
  /** With the raw caption alone: the others stand in the replies. */
  card: FigureCard;
  replies: MatrixReply[][];
}

/** A trial as it travels, before anything is compared: the page chooses what with. */
export interface MatrixView {
  title: string;
  /** One line: how many figures, which seed, what is not as one would think. */
  note: string;
  /** What captions and values are compared with at first: `raw` or a column's name. */
  against: string;
  /** Of the resampling behind intervals. */
  seed: number;
  /** The dataset's folder, absolute; `null` where nobody can be asked about it. */
  dataset: string | null;
  /** By which the kernel knows the trial while it runs and afterwards; `null` for none. */
  trial: string | null;
  /** Whether more replies may come. */
  running: boolean;
  /** Compared with {@link against}. */
  columns: MatrixColumn[];
  /** How many figures there are; `rows` may be fewer. */
  total: number;
  rows: MatrixRow[];
}

export interface MatrixCaption {
  caption: CaptionText;
  words: number;
  /** What differs from the caption it is compared with; `null` where there is none, or nothing much in common. */
  changes: Change[] | null;
  /** Share of its letters that the caption it is compared with has too, 0..1; `null` without such a caption. */
  common: number | null;
  /** By measure, how far it lies above what it is compared with; only where that has a value. */
  deltas: Record<string, number>;
}

export type MatrixAnswer =
  | Exclude<MatrixReply, { state: "answered" }>
  | ({ state: "answered" } & MatrixCaption);

export interface MatrixCell {
  /** One for each repetition. */
  answers: MatrixAnswer[];
  /** How much the answers have in common, 0..1; `null` below two. */
  agreement: number | null;
}

/** A trial whose captions are compared with `against`. */
export interface Matrix extends Pick<MatrixView, "title" | "note" | "against" | "columns"> {
  rows: ComparedRow[];
}

export interface ComparedRow {
  card: FigureCard;
  raw: CaptionText;
  cells: MatrixCell[];
}

/** Where less than this share of the shorter caption stands in the longer one, marks would be a flicker of single words. */
const REWRITTEN_BELOW = 1 / 2;

/** Compares what was replied about every figure, see {@link compareRow}. */
export function buildMatrix(
  { title, note, against, columns, rows }: Omit<Matrix, "rows"> & Pick<MatrixView, "rows">,
  diff: typeof diffWords = diffWords,
): Matrix {
  const baseline = columns.findIndex(({ name }) => name === against);
  return { title, note, against, columns, rows: rows.map((row) => compareRow(row, baseline, diff)) };
}

/**
 * Compares each first answer with the raw caption or with the first answer of a column, and each repetition with the
 * first answer of its own cell.
 * @param baseline position of the column, -1 for the raw caption
 */
export function compareRow(
  { card, replies }: MatrixRow,
  baseline: number,
  diff: typeof diffWords = diffWords,
): ComparedRow {
  const raw = card.captions[0]!;
  const base = baseline < 0 ? [raw] : captionsOf(replies[baseline]!);
  const cells = replies.map((cell, column) => {
    const own = captionsOf(cell);
    return {
      answers: cell.map((reply, repeat): MatrixAnswer => {
        if (reply.state !== "answered") return reply;
        const other = repeat > 0 ? own[0] : column === baseline ? undefined : base[0];
        const deltas = column === baseline ? {} : deltasOf(reply.caption, base);
        return { state: "answered", ...compared(reply.caption, other, diff), deltas };
      }),
      agreement: agreement(own, diff),
    };
  });
  return { card, raw, cells };
}

/** Captions among replies, in their order. */
export function captionsOf(replies: readonly MatrixReply[]): CaptionText[] {
  return replies.flatMap((reply) => (reply.state === "answered" ? [reply.caption] : []));
}

function compared(
  caption: CaptionText,
  other: CaptionText | undefined,
  diff: typeof diffWords,
): Omit<MatrixCaption, "deltas"> {
  const words = wordCount(caption.text);
  if (!other || other === caption) return { caption, words, changes: null, common: null };
  const changes = diff(other.text, caption.text);
  const { kept, removed, added } = sizesOf(changes);
  const rewritten = kept < REWRITTEN_BELOW * (kept + Math.min(removed, added));
  return { caption, words, changes: rewritten ? null : changes, common: inCommon(changes) };
}

/** By how much a caption's values exceed the others' mean. */
function deltasOf(caption: CaptionText, others: readonly CaptionText[]): Record<string, number> {
  if (others.length === 0) return {};
  const from = others[0]!.name;
  const deltas: Record<string, number> = {
    words: wordCount(caption.text) - meanOf(others, (o) => wordCount(o.text))!,
  };
  for (const [metric, value] of Object.entries(caption.scores)) {
    const base = meanOf(others, ({ scores }) => scores[metric] ?? null);
    if (value !== null && base !== null && comparable(metric, from, caption.name))
      deltas[metric] = value - base;
  }
  return deltas;
}

function meanOf(
  captions: readonly CaptionText[],
  value: (caption: CaptionText) => number | null,
): number | null {
  const known = captions.map(value).filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}

/** Words as they are counted in texts: what stands between blanks. */
export function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Mean over all pairs of captions of what they have in common, 0..1; `null` below two captions. */
export function agreement(
  captions: readonly Pick<CaptionText, "text">[],
  diff: typeof diffWords = diffWords,
): number | null {
  let [sum, pairs] = [0, 0];
  captions.forEach((one, i) => {
    for (const other of captions.slice(i + 1)) {
      sum += inCommon(diff(one.text, other.text));
      pairs++;
    }
  });
  return pairs === 0 ? null : sum / pairs;
}

/** Share of two texts' characters, blanks aside, that a word diff keeps: 2 · kept / (kept · 2 + removed + added). */
function inCommon(changes: readonly Change[]): number {
  const { kept, removed, added } = sizesOf(changes);
  const all = 2 * kept + removed + added;
  return all === 0 ? 1 : (2 * kept) / all;
}

/** Characters by kind of change, blanks aside. */
function sizesOf(changes: readonly Change[]): Record<Change["kind"], number> {
  const sizes = { kept: 0, removed: 0, added: 0 };
  for (const { kind, text } of changes) sizes[kind] += text.replace(/\s+/g, "").length;
  return sizes;
}
