import type { Range } from "../model.js";
import type { Measured, ScoreInput, Scorer } from "./scorer.js";
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
  /** `caption`, `panel b`, `context 2`, `title`, `abstract` or `text on the figure`; `null` where nothing supports it. */
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

const ID = "support-lexical";
const VERSION = 2;

/** Characters of a caption that are read; the share beyond is reported as `truncated`. */
const MAX_CAPTION_CHARACTERS = 32_768;

/**
 * The support score: which share of a caption's claims stands in the paper's text about the figure.
 *
 * A caption is split into claims: *numbers* with their units, *names* (of people, places, objects, genes, products),
 * *acronyms* with what they stand for, chemical *formulas*, *symbols* (Greek letters, variables) and *terms* (other words
 * of content). Evidence is the raw caption, the panels' captions, the paragraphs that mention the figure, title, abstract
 * and text on the figure; for the caption `raw` the same without the raw caption. With w = 1 for symbols and terms and
 * 2 for the others,
 *
 *     value = Σ w(supported claims) / Σ w(all claims)      0 … 1, null without any claim
 *
 * It is lexical: it sees little of paraphrases, and of a true number put to a wrong quantity only what signs and nouns
 * beside it give away; it knows nothing of the picture, and says nothing about a caption's quality beyond this share.
 * docs/baselines.md says how often it is right. Time is linear in caption and evidence.
 */
export function support(): Scorer {
  return {
    metric: "support",
    id: ID,
    version: VERSION,
    readsText: true,
    spec: { kind: "support", options: {} },
    score(input, { signal }) {
      signal.throwIfAborted();
      return Promise.resolve(scoreOf(input));
    },
  };
}

function scoreOf(input: ScoreInput): Measured {
  const detail = judge(input);
  const truncated = Math.max(0, 1 - MAX_CAPTION_CHARACTERS / input.text.length);
  const score = {
    figure_id: input.figure.figure_id,
    metric: "support",
    caption: input.caption,
    value: share(detail.claims),
    scorer: ID,
    scorer_version: VERSION,
    truncated: input.text.length > 0 ? truncated : 0,
    detail: JSON.stringify(detail),
  };
  return { scores: [score] };
}

function judge(input: ScoreInput): SupportDetail {
  const evidence = new Evidence(sourcesFor(input));
  const numbers = new NumberIndex(evidence.numbers);
  const none = () => ({ total: 0, supported: 0 });
  const counts: SupportDetail["counts"] = {
    ...{ number: none(), name: none(), acronym: none() },
    ...{ formula: none(), symbol: none(), term: none() },
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

/** What a claim of each kind is called where it stands nowhere. */
const CALLED: Record<ClaimKind, string> = {
  ...{ number: "number", name: "name", acronym: "acronym" },
  ...{ formula: "formula", symbol: "symbol", term: "word" },
};

function ask(assertion: Assertion, evidence: Evidence, numbers: NumberIndex): Verdict {
  const { kind, text } = assertion;
  if (kind === "number") return numbers.find(assertion.number);
  if (kind === "acronym" && assertion.definition) {
    const { short, long } = assertion.definition;
    const found = evidence.definition(assertion.definition);
    if ("place" in found) return found;
    return found.otherwise === null
      ? { reason: `the paper's text about this figure nowhere says ${long.join(" ")}` }
      : { reason: `in the paper's text ${short} stands for ${found.otherwise}` };
  }
  if (kind === "name" && !assertion.whole) {
    const { place, missing } = evidence.name(assertion.words);
    if (place) return { place };
    return {
      reason: missing === text ? nowhere(kind, text) : `${nowhere(kind, text)} (${missing} is missing)`,
    };
  }
  const place = find(assertion, evidence);
  return place ? { place } : { reason: nowhere(kind, text) };
}

function find(assertion: Assertion, evidence: Evidence): Place | null {
  switch (assertion.kind) {
    case "name":
      return evidence.designator(assertion.text);
    case "acronym":
      return evidence.acronym(assertion.text);
    case "formula":
      return evidence.formula(assertion.canonical);
    case "symbol":
      return evidence.form(assertion.text);
    default:
      return evidence.term(assertion.text);
  }
}

function nowhere(kind: ClaimKind, text: string): string {
  return `the ${CALLED[kind]} ${text} stands nowhere in the paper's text about this figure`;
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
