import type { Range } from "../../model.js";

export const VERDICTS = ["supported", "contradicted", "cannot tell"] as const;
/** What a judge says of a claim. */
export type JudgeVerdict = (typeof VERDICTS)[number];

/** Something that a caption says of the picture, as a model judged it. */
export interface JudgedClaim {
  /** The caption's own words. */
  text: string;
  /** UTF-16 range in the caption: `caption.slice(...span) === text`. */
  span: Range;
  /** `colour`, `shape`, `trend`, `position`, `count`, `label` or `other`. */
  kind: string;
  verdict: JudgeVerdict;
  /** What the model says it sees there. */
  seen: string;
}

/** What {@link Score.detail} of the judge's score holds, as JSON. */
export interface JudgeDetail {
  claims: JudgedClaim[];
  counts: Record<JudgeVerdict, number>;
  /** Claims of the answer whose words do not stand in the caption; they count for nothing. */
  misquoted: number;
  /** What the model says the picture shows. */
  sees: string;
  /** Hash of the prompt that asked. */
  prompt_hash: string | null;
}

/** A structured answer, as the prompt's schema has it. */
export interface JudgeAnswer {
  claims: { text: string; kind: string; seen: string; verdict: JudgeVerdict }[];
}

/**
 * Puts an answer's claims to the places of the caption that they quote; the same words twice are the first place and the
 * next. Linear in the caption's length for each claim, of which the schema allows 24.
 */
export function placed(
  caption: string,
  { claims }: JudgeAnswer,
): Pick<JudgeDetail, "claims" | "counts" | "misquoted"> {
  const counts: Record<JudgeVerdict, number> = { supported: 0, contradicted: 0, "cannot tell": 0 };
  const next = new Map<string, number>();
  const found: JudgedClaim[] = [];
  for (const { text, kind, seen, verdict } of claims) {
    const words = text.trim();
    const start = words === "" ? -1 : caption.indexOf(words, next.get(words) ?? 0);
    if (start < 0) continue;
    next.set(words, start + words.length);
    counts[verdict]++;
    found.push({ text: words, span: [start, start + words.length], kind, verdict, seen });
  }
  found.sort((a, b) => a.span[0] - b.span[0]);
  return { claims: found, counts, misquoted: claims.length - found.length };
}

/** The share of the claims that the picture supports; `null` without any. */
export function shareSupported(counts: Readonly<Record<JudgeVerdict, number>>): number | null {
  const all = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
  return all > 0 ? counts.supported / all : null;
}
