import type { Range } from "../../../kernel-lib/src/model.js";
import type { Scorer } from "../../../kernel-lib/src/scores/scorer.js";
import type { Claim, ClaimKind, SupportDetail } from "../../../kernel-lib/src/scores/support.js";
import type { Case, Label } from "./cases.js";

/** How a scorer's claims compare with the labels. Words of content are judged, but not looked for: see {@link Tally.found}. */
export interface Tally {
  captions: number;
  /** Labelled claims, and those of them that the scorer has, with the same kind. */
  labelled: number;
  found: number;
  /** Claims of the scorer that nobody labelled. */
  extra: number;
  /** Labelled claims without support, and those of them in which the scorer says so, whatever kind it takes them for. */
  wrong: number;
  caught: number;
  /** Claims that the scorer calls unsupported, and those of them that are. */
  flagged: number;
  right: number;
  /** Claims that both call supported, and those of them for which both name the same place. */
  placed: number;
  samePlace: number;
}

export interface Measure {
  all: Tally;
  byKind: Map<ClaimKind, Tally>;
  /** Labelled errors by what was planted. */
  byError: Map<string, { wrong: number; caught: number }>;
  /** One line for each claim on which scorer and labels differ. */
  differences: string[];
}

/** Scores labelled captions and compares. */
export async function measureSupport(scorer: Scorer, cases: readonly Case[]): Promise<Measure> {
  const measure: Measure = { all: tally(), byKind: new Map(), byError: new Map(), differences: [] };
  const { signal } = new AbortController();
  for (const one of cases) {
    const { scores } = await scorer.score(one.input, { signal });
    const { claims } = JSON.parse(scores[0]!.detail!) as SupportDetail;
    compare(one, claims, measure);
  }
  measure.all.captions = cases.length;
  return measure;
}

function compare({ id, labels, words, input }: Case, claims: readonly Claim[], measure: Measure): void {
  const differ = (what: string, text: string) => measure.differences.push(`${id}: ${what}: ${text}`);
  for (const label of labels) {
    const same = claims.find((claim) => claim.kind === label.kind && alike(claim.span, label.span));
    const tallies = of(measure, label.kind);
    count(tallies, "labelled");
    if (same) count(tallies, "found");
    else differ(`missed ${label.kind}`, label.text);
    if (same?.supported && label.place !== null) {
      count(tallies, "placed");
      if (same.source === label.place) count(tallies, "samePlace");
      else differ(`supported by ${same.source ?? ""}, not ${label.place}`, label.text);
    }
    if (label.place !== null) continue;
    const caught = claims.some((claim) => !claim.supported && alike(claim.span, label.span));
    count(tallies, "wrong");
    if (caught) count(tallies, "caught");
    else differ(`not caught (${label.error})`, label.text);
    const byError = measure.byError.get(label.error!) ?? { wrong: 0, caught: 0 };
    measure.byError.set(label.error!, byError);
    byError.wrong++;
    if (caught) byError.caught++;
  }
  for (const claim of claims) {
    const tallies = of(measure, claim.kind);
    const label = labels.find(({ span }) => alike(span, claim.span));
    if (!label && claim.kind !== "term") {
      count(tallies, "extra");
      differ(`extra ${claim.kind}`, claim.text);
    }
    if (claim.supported) continue;
    const right = isWrong(claim, label, words);
    count(tallies, "flagged");
    if (right) count(tallies, "right");
    else differ("wrongly called unsupported", `${claim.text} (${claim.reason})`);
  }
  for (const word of words) {
    const tallies = of(measure, "term");
    const caught = claims.some(({ text, supported }) => !supported && text.toLowerCase() === word);
    count(tallies, "wrong");
    if (caught) count(tallies, "caught");
    else differ("not caught (word)", `${word} in ${input.text}`);
  }
}

function isWrong(claim: Claim, label: Label | undefined, words: ReadonlySet<string>): boolean {
  if (label) return label.place === null;
  return claim.kind === "term" && words.has(claim.text.toLowerCase());
}

/** Whether two ranges share at least half of what they cover together. */
function alike([a, b]: Range, [c, d]: Range): boolean {
  const shared = Math.min(b, d) - Math.max(a, c);
  return shared > 0 && shared * 2 >= Math.max(b, d) - Math.min(a, c);
}

function of(measure: Measure, kind: ClaimKind): Tally[] {
  const own = measure.byKind.get(kind) ?? tally();
  measure.byKind.set(kind, own);
  return [measure.all, own];
}

function count(tallies: readonly Tally[], what: keyof Tally): void {
  for (const one of tallies) one[what]++;
}

const tally = (): Tally => ({
  ...{ captions: 0, labelled: 0, found: 0, extra: 0, wrong: 0, caught: 0 },
  ...{ flagged: 0, right: 0, placed: 0, samePlace: 0 },
});

/** Of claims called unsupported, those that are; 1 where there are none. */
export const precision = ({ flagged, right }: Pick<Tally, "flagged" | "right">): number =>
  flagged > 0 ? right / flagged : 1;

/** Of claims without support, those called so; 1 where there are none. */
export const recall = ({ wrong, caught }: Pick<Tally, "wrong" | "caught">): number =>
  wrong > 0 ? caught / wrong : 1;
