/** What the audit has to know of a metric to compare captions by it. */
export interface MetricKind {
  /** For people, with range or unit. */
  label: string;
  /** Which direction is the better one; `null` where neither is. */
  better: "higher" | "lower" | null;
  /** `log10`: compared as logarithms, so that means are geometric. @default "linear" */
  scale?: "log10";
  /** The scorer that gives it, by its name. */
  scorer?: string;
  /** The metric that it is worked out of, and the SQL expression for a value of that. @default itself */
  derived?: { of: string; value: (sql: string) => string };
}

const COSINE = "cosine of picture and caption, −1..1";

const KINDS: Readonly<Record<string, MetricKind>> = {
  support: { scorer: "support", label: "share of claims that the paper supports, 0..1", better: "higher" },
  clip: { scorer: "clip", label: `${COSINE}, as far as the text tower reads`, better: "higher" },
  clipscore: {
    scorer: "clip",
    label: "CLIPScore: 2.5 × max(cosine, 0)",
    better: "higher",
    derived: { of: "clip", value: (sql) => `2.5 * greatest(${sql}, 0)` },
  },
  "clip-sentences": { scorer: "clip", label: `${COSINE}, mean over its sentences`, better: "higher" },
  "clip-best": { scorer: "clip", label: `${COSINE}, best of its sentences`, better: "higher" },
  pppl: { scorer: "pppl", label: "log10 of pseudo-perplexity", better: "lower", scale: "log10" },
  "pppl-l2r": {
    scorer: "pppl",
    label: "log10 of pseudo-perplexity, words masked left to right",
    better: "lower",
    scale: "log10",
  },
  "pppl-matched": {
    scorer: "pppl",
    label: "log10 of pseudo-perplexity, over as many tokens as the raw caption has",
    better: "lower",
    scale: "log10",
  },
  characters: { scorer: "form", label: "characters", better: null },
  words: { scorer: "form", label: "words", better: null },
  sentences: { scorer: "form", label: "sentences", better: null },
  "distinct-words": { scorer: "form", label: "share of different words, in windows of 20", better: null },
  repeated: { scorer: "form", label: "share of runs of four words that stood before", better: "lower" },
  copied: { scorer: "form", label: "share of words copied from the paper’s paragraphs", better: null },
  symbols: { scorer: "form", label: "share of characters that can be read", better: "higher" },
};

/** Metrics that are worked out of others, by the metric that they are worked out of. */
export function derivedOf(metric: string): string[] {
  return Object.keys(KINDS).filter((name) => KINDS[name]!.derived?.of === metric);
}

/** The metrics that are known, in the order in which a report has them; others come behind, by name. */
export function inOrder(metrics: readonly string[]): string[] {
  const known = Object.keys(KINDS);
  const rank = (metric: string) => known.indexOf(metric) + 1 || known.length + 1;
  return metrics.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** A metric as it is asked for, `name` or `name=like`: measured under a name of one's own, and judged like a known one. */
export function askedMetric(asked: string): { metric: string; like: string | null } {
  const [, metric, like] = /^(.+)=([^=]+)$/s.exec(asked) ?? [];
  return metric !== undefined && like !== undefined && isKnown(like)
    ? { metric, like }
    : { metric: asked, like: knownAs(asked) };
}

const isKnown = (metric: string): boolean => Object.hasOwn(KINDS, metric);

/** The known metric that one is: itself, or the one that it begins as, as `clip-l14-best` is a `clip-best`. */
function knownAs(metric: string): string | null {
  if (isKnown(metric)) return metric;
  const [, family, part = ""] =
    /^(clip|pppl|support)-.+?(-sentences|-best|-l2r|-matched)?$/s.exec(metric) ?? [];
  return family !== undefined && isKnown(family + part) ? family + part : null;
}

/** @returns what is known of a metric; of another one neither direction is the better */
export function kindOf(metric: string, like: string | null = knownAs(metric)): MetricKind {
  return like === null ? { label: metric, better: null } : KINDS[like]!;
}
