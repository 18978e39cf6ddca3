import type { CaptionDiff, CaptionText, Change, FigureCard, Span } from "./protocol.js";

/** A stretch of a caption: supported (`reason` is `null`) or not, and why not. */
export interface Segment {
  text: string;
  reason: string | null;
}

/** A stretch of a diff. */
export interface DiffSegment extends Segment {
  kind: Change["kind"];
  /** Which change of the item it belongs to, from 0; what follows without kept text between is one change. */
  change: number | null;
  sentence: Change["sentence"] | null;
}

/** What of a diff is shown: both texts woven into one, only the old one, or only the new one. */
export type DiffSide = "both" | "from" | "to";

type Unsupported = CaptionText["unsupported"];

/** Cuts a caption at the borders of what is unsupported in it. The texts concatenated are the caption. */
export function captionSegments({ text, unsupported }: Pick<CaptionText, "text" | "unsupported">): Segment[] {
  return cut(text, 0, unsupported);
}

/** Cuts a context so that the sentences that refer to the figure can be marked. */
export function contextSegments(
  context: FigureCard["contexts"][number],
): { text: string; refers: boolean }[] {
  const marks = context.sentences.map((span) => ({ span, reason: "" }));
  return cut(context.text, 0, marks).map(({ text, reason }) => ({ text, refers: reason !== null }));
}

/**
 * Cuts a diff's changes at the borders of what is unsupported. Removed text carries the marks of the old caption,
 * added text those of the new one; kept text those of the new one, or of the old one on the old side.
 */
export function diffSegments(item: CaptionDiff, side: DiffSide): DiffSegment[] {
  const at = { from: 0, to: 0 };
  const segments: DiffSegment[] = [];
  let number = -1;
  let last: Change["kind"] = "kept";
  for (const { kind, text, sentence = null } of item.changes) {
    const owner = kind === "removed" || (kind === "kept" && side === "from") ? "from" : "to";
    if (kind !== "kept" && last === "kept") number += 1;
    last = kind;
    const change = kind === "kept" ? null : number;
    const hidden = (kind === "removed" && side === "to") || (kind === "added" && side === "from");
    if (!hidden) {
      const pieces = cut(text, at[owner], item[owner].unsupported);
      segments.push(...pieces.map((piece) => ({ kind, change, sentence, ...piece })));
    }
    if (kind !== "added") at.from += text.length;
    if (kind !== "removed") at.to += text.length;
  }
  return segments;
}

/**
 * Cuts a text that stands at `offset` of the marked one. Marks may overlap, be out of order or reach beyond the text;
 * where several meet, their reasons are joined.
 */
function cut(text: string, offset: number, marks: Unsupported): Segment[] {
  const end = offset + text.length;
  const inside = marks
    .map(({ span: [from, to], reason }) => ({ from: Math.max(from, offset), to: Math.min(to, end), reason }))
    .filter(({ from, to }) => from < to);
  const borders = new Set([offset, end, ...inside.flatMap(({ from, to }) => [from, to])]);
  const sorted = [...borders].sort((a, b) => a - b);
  const segments: Segment[] = [];
  let from = offset;
  for (const to of sorted.slice(1)) {
    const reasons = inside.filter((mark) => mark.from <= from && mark.to >= to).map((mark) => mark.reason);
    const reason = reasons.length > 0 ? [...new Set(reasons)].join("; ") : null;
    const piece = text.slice(from - offset, to - offset);
    const last = segments.at(-1);
    if (last && last.reason === reason) last.text += piece;
    else segments.push({ text: piece, reason });
    from = to;
  }
  return segments;
}

/** The stretch of a caption that a span covers, kept inside the text. */
export function spanText(text: string, [start, end]: Span): string {
  return text.slice(Math.max(0, start), Math.max(0, end));
}
