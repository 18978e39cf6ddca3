import type { Range, Score } from "../model.js";
import type { ScoreInput, Scorer } from "./scorer.js";
import { assertions, type Assertion, type ClaimKind } from "./support/claims.js";
import { Evidence, sourcesFor, type Place } from "./support/evidence.js";
import { WEIGHTS } from "./support/lexicon.js";
import { NumberIndex } from "./support/match-numbers.js";

export type { ClaimKind } from "./support/claims.js";

/** One thing a caption says, and where in the paper it stands. */
export interface Claim {
  text: string;
  kind: ClaimKind;
  /** UTF-16 range in the caption: `caption.slice(...span) === text`. */
  span: Range;
  supported: boolean;
  /** `caption`, `panel b`, `context 2`, `title` or `abstract`; `null` where nothing supports it. */
  source: string | null;
  /** The supporting words as they stand there. */
  evidence: string | null;
  /** Why it is not supported, in words for the reader. */
  reason: string | null;
}

/** What {@link Score.detail} of the support score holds, as JSON. */
export interface SupportDetail {
  claims: Claim[];
  counts: Record<ClaimKind, { total: number; supported: number }>;
}

/** Characters of a caption that are read; the share beyond is reported as `truncated`. */
const MAX_CAPTION_CHARACTERS = 32_768;

/**
 * The support score: which share of a caption's claims stands in the paper's text about the figure.
 *
 * A caption is split into claims: *numbers* with their units, *names* (acronyms, mixed letters and digits,
 * capitalised words inside a sentence), *symbols* (Greek letters, variables) and *terms* (content words by stem).
 * Evidence is the raw caption, the panels' captions, the paragraphs that mention the figure, title and abstract; for
 * the caption `raw` the same without the raw caption. With w = 2 for numbers and names and 1 for symbols and terms,
 *
 *     value = Σ w(supported claims) / Σ w(all claims)      0 … 1, null without any claim
 *
 * It is lexical: it sees neither paraphrase nor a true number put to a wrong quantity, knows nothing of the picture,
 * and says nothing about a caption's quality beyond this share. Time is linear in caption and evidence.
 */
export function support(): Scorer {
  return {
    metric: "support",
    id: "support-lexical",
    version: 1,
    score(input, { signal }) {
      signal.throwIfAborted();
      return Promise.resolve(scoreOf(input));
    },
  };
}

function scoreOf(input: ScoreInput): Score {
  const detail = judge(input);
  const truncated = Math.max(0, 1 - MAX_CAPTION_CHARACTERS / input.text.length);
  return {
    figure_id: input.figure.figure_id,
    metric: "support",
    caption: input.caption,
    value: share(detail.claims),
    scorer: "support-lexical",
    scorer_version: 1,
    truncated: input.text.length > 0 ? truncated : 0,
    detail: JSON.stringify(detail),
  };
}

function judge(input: ScoreInput): SupportDetail {
  const evidence = new Evidence(sourcesFor(input));
  const numbers = new NumberIndex(evidence.numbers);
  const counts: SupportDetail["counts"] = {
    number: { total: 0, supported: 0 },
    name: { total: 0, supported: 0 },
    symbol: { total: 0, supported: 0 },
    term: { total: 0, supported: 0 },
  };
  const claims = assertions(input.text.slice(0, MAX_CAPTION_CHARACTERS)).map((assertion) => {
    const verdict = ask(assertion, evidence, numbers);
    counts[assertion.kind].total++;
    if ("place" in verdict) counts[assertion.kind].supported++;
    return asClaim(assertion, verdict);
  });
  return { claims, counts };
}

type Verdict = { place: Place } | { reason: string };

function ask(assertion: Assertion, evidence: Evidence, numbers: NumberIndex): Verdict {
  const { kind, text, words, number } = assertion;
  if (number) return numbers.find(number);
  if (kind === "name") {
    const { place, missing } = evidence.name(words);
    if (place) return { place };
    return {
      reason: missing === text ? nowhere("name", text) : `${nowhere("name", text)} (${missing} is missing)`,
    };
  }
  const place = kind === "symbol" ? evidence.form(text) : evidence.term(text);
  return place ? { place } : { reason: nowhere(kind === "symbol" ? "symbol" : "word", text) };
}

function nowhere(what: string, text: string): string {
  return `the ${what} ${text} stands nowhere in the paper's text about this figure`;
}

function asClaim({ text, kind, span }: Assertion, verdict: Verdict): Claim {
  const supported = "place" in verdict;
  return {
    text,
    kind,
    span,
    supported,
    source: supported ? verdict.place.source.name : null,
    evidence: supported ? verdict.place.quote : null,
    reason: supported ? null : verdict.reason,
  };
}

function share(claims: readonly Claim[]): number | null {
  let [all, supported] = [0, 0];
  for (const claim of claims) {
    all += WEIGHTS[claim.kind];
    if (claim.supported) supported += WEIGHTS[claim.kind];
  }
  return all > 0 ? supported / all : null;
}
