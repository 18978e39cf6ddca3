import type { Range } from "../../model.js";
import { isFigureWord } from "../../text/figure-words.js";
import { numbers, type NumberMention } from "../../text/numbers.js";
import { references } from "../../text/references.js";
import { sentenceRanges } from "../../text/sentences.js";
import { isContentWord, words, STOPWORDS, type Word } from "../../text/words.js";
import { GREEK } from "./lexicon.js";

export type ClaimKind = "number" | "name" | "symbol" | "term";

/** Something a caption says that the evidence can be asked for, before it was. */
export interface Assertion {
  kind: ClaimKind;
  text: string;
  span: Range;
  /** The words a name consists of; one word for symbols and terms, none for numbers. */
  words: string[];
  number: NumberMention | null;
}

/**
 * What a caption asserts, in order and without overlaps. References such as "Figure 3" and "Table 2" are none, nor
 * are function words, words that any figure may use, and the word `one`. Linear in the caption's length.
 */
export function assertions(caption: string): Assertion[] {
  const taken = references(caption).map((reference) => reference.range);
  const found: Assertion[] = [];
  for (const number of withoutOverlaps(numbers(caption), taken)) {
    if (!/^one$/i.test(number.text))
      found.push({ kind: "number", text: number.text, span: number.range, words: [], number });
  }
  const blocked = [...taken, ...found.map((claim) => claim.span)].sort((a, b) => a[0] - b[0]);
  const free = withoutOverlaps(words(caption), blocked);
  found.push(...readWords(caption, free));
  return found.sort((a, b) => a.span[0] - b.span[0]);
}

function readWords(caption: string, free: Word[]): Assertion[] {
  const starts = sentenceStarts(caption);
  const found: Assertion[] = [];
  let run: Word[] = [];
  const closeRun = () => {
    if (run.length > 0) found.push(asName(caption, run));
    run = [];
  };
  for (const word of free) {
    const previous = run.at(-1);
    if (previous && !/^[ -–\u00a0]$/.test(caption.slice(previous.range[1], word.range[0]))) closeRun();
    if (isName(word.text, opensSentence(caption, word, starts))) {
      run.push(word);
      continue;
    }
    closeRun();
    if (isSymbol(caption, word)) found.push(plain("symbol", word));
    else if (isContentWord(word.text) && !isFigureWord(word.text)) found.push(plain("term", word));
  }
  closeRun();
  return found;
}

function asName(caption: string, run: Word[]): Assertion {
  const span: Range = [run[0]!.range[0], run.at(-1)!.range[1]];
  return { kind: "name", text: caption.slice(...span), span, words: run.map((w) => w.text), number: null };
}

function plain(kind: "symbol" | "term", word: Word): Assertion {
  return { kind, text: word.text, span: word.range, words: [word.text], number: null };
}

/**
 * Letters and digits mixed (`CO2`, `IL-6`), capitals after the first letter (`GitHub`, `CLIP`, `mRNA`), or a
 * capitalised word that does not open a sentence.
 */
function isName(word: string, opens: boolean): boolean {
  const folded = word.normalize("NFKC");
  if (/[_^\p{Script=Greek}]/u.test(folded) || !/\p{L}{2}|\p{L}-?\p{N}|\p{N}\p{L}/u.test(folded)) return false;
  if (/^\p{L}[⁰¹²³⁴-⁹₀-₉⁻⁺]+$/u.test(word)) return false;
  if (isFigureWord(word) || STOPWORDS.has(word.toLowerCase()))
    return /^\p{Lu}{3,}$/u.test(word) && !isFigureWord(word);
  if (/\p{N}/u.test(folded) && /\p{L}/u.test(folded)) return !/^\p{N}+(?:st|nd|rd|th|s)$/u.test(folded);
  if (/\p{L}.*\p{Lu}/u.test(folded)) return true;
  return !opens && /^\p{Lu}\p{L}{2,}/u.test(folded);
}

/** A letter with scripts, Greek, or a single Latin letter beside a sign of relation or operation or before `(`. */
function isSymbol(caption: string, word: Word): boolean {
  const text = word.text;
  if (/^[\p{L}\p{M}]{1,3}[_^]/u.test(text) || /^\p{L}[⁰¹²³⁴-⁹₀-₉⁻⁺]+$/u.test(text)) return true;
  if (/\p{Script=Greek}/u.test(text) && text.length <= 6) return true;
  if (GREEK[text.toLowerCase()]) return true;
  if (!/^\p{L}$/u.test(text)) return false;
  const before = caption.slice(Math.max(0, word.range[0] - 2), word.range[0]);
  const after = caption.slice(word.range[1], word.range[1] + 2);
  const operator = /[=<>≤≥≈∼≃≡∝±×+−∈→|/·]/;
  return operator.test(after) || operator.test(before) || /^\(\p{L}/u.test(after);
}

/** Where sentences begin, and what works like it: after a colon, a semicolon or a panel marker such as `(a)`. */
function sentenceStarts(caption: string): Set<number> {
  const starts = new Set(sentenceRanges(caption).map(([start]) => start));
  for (const match of caption.matchAll(/[:;]\s{1,3}|\([\p{L}\p{N}]{1,3}\)\s{0,3}|\n\s?/gu)) {
    starts.add(match.index + match[0].length);
  }
  return starts;
}

function opensSentence(caption: string, word: Word, starts: Set<number>): boolean {
  let at = word.range[0];
  while (at > 0 && /["“‘'([*]/.test(caption[at - 1]!) && word.range[0] - at < 4) at--;
  return starts.has(word.range[0]) || starts.has(at);
}

/** The items of a sorted list that touch none of the sorted, disjoint ranges. */
export function withoutOverlaps<T extends { range: Range }>(items: T[], ranges: readonly Range[]): T[] {
  let next = 0;
  return items.filter(({ range }) => {
    while (next < ranges.length && ranges[next]![1] <= range[0]) next++;
    return next >= ranges.length || ranges[next]![0] >= range[1];
  });
}
