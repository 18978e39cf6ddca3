import type { Range } from "../../model.js";
import { STOPWORDS, words, type Word } from "../../text/words.js";

/** Words and the acronym that stands for them: `support vector machine (SVM)`. */
export interface Definition {
  short: string;
  /** The words in full. */
  long: string[];
  /** From the first of the words to the closing bracket. */
  range: Range;
}

const BRACKETS = /\(([\p{L}\p{Nd}][\p{L}\p{Nd}-]{1,9})\)/gu;
const REVERSED = /(?<![\p{L}\p{N}])(\p{Lu}[\p{L}\p{Nd}-]{1,8})\s\(([\p{L}][\p{L} -]{4,80})\)/gu;
/** Characters before a bracket in which the words are looked for. */
const WINDOW = 120;

/**
 * The acronyms that a text defines, after Schwartz and Hearst (2003, "A simple algorithm for identifying abbreviation
 * definitions in biomedical text"): the characters of the short form are found from right to left in the words before
 * the bracket, the first one at the beginning of a word. `SVM (support vector machine)` counts too. Linear in the
 * text's length.
 */
export function definitions(text: string): Definition[] {
  const found: Definition[] = [];
  for (const match of text.matchAll(BRACKETS)) {
    const short = match[1]!;
    if (!isShort(short)) continue;
    const from = Math.max(0, match.index - WINDOW);
    const start = longFormAt(text.slice(from, match.index), short);
    if (start === null) continue;
    const range: Range = [from + start, match.index + match[0].length];
    found.push({ short: singular(short), long: inner(text.slice(range[0], match.index)), range });
  }
  for (const match of text.matchAll(REVERSED)) {
    const [whole, short, long] = match as unknown as [string, string, string];
    if (!isShort(short) || longFormAt(long, short) !== 0) continue;
    found.push({
      short: singular(short),
      long: inner(long),
      range: [match.index, match.index + whole.length],
    });
  }
  found.sort((a, b) => a.range[0] - b.range[0]);
  let end = 0;
  return found.filter(({ range }) => range[0] >= end && ((end = range[1]), true));
}

const singular = (short: string): string => short.replace(/(?<=\p{Lu})s$/u, "");
const inner = (text: string): string[] => words(text).map((word) => word.text);
const isShort = (short: string): boolean => (short.match(/\p{Lu}/gu)?.length ?? 0) >= 2;

/** Where in the text before the bracket the words begin that the short form stands for. */
function longFormAt(before: string, printed: string): number | null {
  const short = singular(printed).replace(/-/g, "").toLowerCase();
  return initialsAt(before, short) ?? lettersAt(before, short);
}

/** Each letter begins a word, as in most acronyms. */
function initialsAt(before: string, short: string): number | null {
  const all = words(before);
  let left = short.length;
  for (let i = all.length - 1; i >= 0 && left > 0; i--) {
    const { text, range } = all[i]!;
    const next = all[i + 1]?.range[0] ?? range[1];
    if (next - range[1] > 1) return null;
    if (text[0]!.toLowerCase() === short[left - 1]) {
      if (--left === 0) return range[0];
    } else if (!STOPWORDS.has(text.toLowerCase())) return null;
  }
  return null;
}

/** Letters stand anywhere in the words, the first one at the beginning of a word. */
function lettersAt(before: string, short: string): number | null {
  const lower = before.toLowerCase();
  if (lower.length !== before.length) return null;
  let at = lower.length;
  for (let s = short.length - 1; s >= 0; s--) {
    do at--;
    while (at >= 0 && (lower[at] !== short[s] || (s === 0 && /[\p{L}\p{N}]/u.test(lower[at - 1] ?? ""))));
    if (at < 0) return null;
  }
  const long = before.slice(at);
  const count = words(long).length;
  // A longer stretch is one of chance, and so is one in which another sentence ends.
  const most = Math.min(short.length + 5, short.length * 2);
  return count >= 2 && count <= most && !/[.;:()]\s/.test(long) ? at : null;
}

/** Letters of the acronyms that are looked for among the beginnings of words. */
const LETTERS = { least: 3, most: 6 };

/**
 * Runs of words that stand side by side, by their initials: `ALD` for `atomic layer deposition`. Function words inside
 * count for nothing. Runs begin with a lower-case or capital letter and hold words of three letters or more.
 */
export function* initialRuns(
  text: string,
  all: readonly Word[],
): Generator<{ short: string; from: number; to: number }> {
  for (let from = 0; from < all.length; from++) {
    let short = "";
    for (let to = from; to < all.length && short.length < LETTERS.most; to++) {
      const { text: word, range } = all[to]!;
      if (to > from && !/^[ \-–‐‑\u00a0]$/u.test(text.slice(all[to - 1]!.range[1], range[0]))) break;
      if (STOPWORDS.has(word.toLowerCase())) {
        if (to === from) break;
        continue;
      }
      if (!/^\p{L}{3,}$/u.test(word)) break;
      short += word[0]!.toUpperCase();
      if (short.length >= LETTERS.least) yield { short, from, to };
    }
  }
}
