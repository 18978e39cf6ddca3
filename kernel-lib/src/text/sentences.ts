import type { Range } from "../model.js";

/** Words that end in a full stop without ending a sentence, whatever follows. */
const ABBREVIATIONS = new Set(
  (
    "fig figs eq eqs eqn eqns sec secs sect ref refs tab tabs app apps ch chap vol vols no nos nr p pp col ext supp suppl " +
    "e.g i.e eg ie cf viz vs v resp approx ca c.f w.r.t a.k.a dr prof mr mrs ms mt st jr sr thm lem prop def cor alg " +
    "obs spec temp max min avg std dept univ ed eds rev lett phys astrophys acad proc"
  ).split(" "),
);
/** Abbreviations that may also stand last in a sentence: a capital after them begins a new one. */
const MAYBE_FINAL = new Set("al etc inc ltd co corp est u.s u.k a.m p.m".split(" "));
/** Words after which a single capital letter is a name of its own rather than an initial. */
const BEFORE_LETTER = new Set(
  "panel panels case type group vitamin phase class model figure fig table appendix section part point site region and or to box set".split(
    " ",
  ),
);
const OPENERS = new Set(
  (
    "the this these those there that it its we our in on at for from by with without as if when while where after before a an " +
    "all both each note here however thus hence therefore moreover furthermore to see left right top bottom panel panels error " +
    "points lines dashed solid black red blue green grey gray shaded data inset bars symbols figure"
  ).split(" "),
);

const END = /[.!?…]+[)\]"'”’»]*(?=\s|$)/g;

/**
 * Splits text into sentences and gives their ranges, without the white space around them. Knows the abbreviations of
 * scientific prose (`Fig. 3`, `e.g.`, `et al.`), initials and decimals. Linear in the length of the text.
 */
export function sentenceRanges(text: string): Range[] {
  const ranges: Range[] = [];
  let start = skipSpace(text, 0);
  for (const end of text.matchAll(END)) {
    const stop = end.index + end[0].length;
    const next = skipSpace(text, stop);
    if (stop <= start || (next < text.length && !isBoundary(text, end.index, stop, next))) continue;
    ranges.push([start, stop]);
    start = next;
  }
  const last = text.trimEnd().length;
  if (last > start) ranges.push([start, last]);
  return ranges;
}

/** The sentences that hold any of the positions. */
export function sentencesAt(sentences: readonly Range[], positions: readonly number[]): Range[] {
  const sorted = [...positions].sort((a, b) => a - b);
  let next = 0;
  return sentences.filter(([start, end]) => {
    while (next < sorted.length && sorted[next]! < start) next++;
    // A note stands behind the full stop of its sentence.
    return next < sorted.length && sorted[next]! <= end;
  });
}

function isBoundary(text: string, dot: number, stop: number, next: number): boolean {
  if (next - stop > 1 && /\n\s*\n/.test(text.slice(stop, Math.min(next, stop + 20)))) return true;
  const following = text.slice(next, next + 24);
  if (/^\p{Ll}/u.test(following) && !/^[a-z](?:[A-Z]|\))/.test(following)) return false;
  if (/^[,;:)\]]/.test(following)) return false;
  if (text[dot] !== "." || stop - dot > 1) return true;

  const before = text.slice(Math.max(0, dot - 32), dot);
  const word = /(?:^|[\s([{~–—/-])([\p{L}.]+)$/u.exec(before)?.[1] ?? "";
  const name = word.toLowerCase();
  if (ABBREVIATIONS.has(name)) return name === "no" ? !/^\d/.test(following) : false;
  const upperNext = /^["“‘'(]?\p{Lu}/u.test(following);
  if (MAYBE_FINAL.has(name)) return upperNext && !following.startsWith("(");
  if (/^(?:\p{Lu}\.)*\p{Lu}$/u.test(word)) {
    const opener = /^\p{L}+/u.exec(following)?.[0].toLowerCase() ?? "";
    const previous = /([\p{L}]+)\W+\p{Lu}$/u.exec(before)?.[1]?.toLowerCase() ?? "";
    return OPENERS.has(opener) || BEFORE_LETTER.has(previous) || !upperNext;
  }
  return true;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text[at] === " " || /\s/.test(text[at]!))) at++;
  return at;
}
