import { isFigureWord } from "../../text/figure-words.js";
import type { Range } from "../../model.js";
import { sentenceRanges } from "../../text/sentences.js";
import { isContentWord, STOPWORDS, type Word } from "../../text/words.js";

/** What a word is by its look and place. */
export type Look = "name" | "acronym" | "plain";

/** Functions, Roman numbers, and how many dimensions something has. */
const NO_NAME = /^(?:log\d*|ln|exp|sin|cos|tan|[IVX]{2,}|[1-4]D)$/;

/** Tells names from other words in one caption. */
export class Looks {
  readonly #starts: ReadonlySet<number>;
  /** Sentences in which nearly every word has a capital. */
  readonly #titles: readonly Range[];

  constructor(
    private readonly caption: string,
    words: readonly Word[],
  ) {
    const sentences = sentenceRanges(caption);
    this.#starts = sentenceStarts(caption, sentences);
    this.#titles = sentences.filter((sentence) => isTitle(wordsIn(sentence, words)));
  }

  of({ text, range }: Word): Look {
    const folded = text.normalize("NFKC");
    if (/[_^\p{Script=Greek}]/u.test(folded) || !/\p{L}{2}|\p{L}-?\p{N}|\p{N}\p{L}/u.test(folded))
      return "plain";
    if (/^\p{L}[⁰¹²³⁴-⁹₀-₉⁻⁺]+$/u.test(text)) return "plain";
    if (NO_NAME.test(folded)) return "plain";
    if (isFigureWord(text) || STOPWORDS.has(text.toLowerCase()))
      return /^\p{Lu}{3,}$/u.test(text) && !isFigureWord(text) ? "acronym" : "plain";
    if (/^\p{Lu}{2,7}s?$/u.test(folded)) return "acronym";
    if (/\p{N}/u.test(folded) && /\p{L}/u.test(folded))
      return /^\p{N}+(?:st|nd|rd|th|s)$/u.test(folded) ? "plain" : "name";
    if (/\p{L}.*\p{Lu}/u.test(folded)) return "name";
    if (!/^\p{Lu}\p{L}{2,}/u.test(folded) || this.#isInTitle(range)) return "plain";
    // What opens a sentence has its capital anyway, unless it is somebody's, or half of a name.
    const named = /['’]s$/.test(text) || /^[–‐‑-]\p{Lu}/u.test(this.caption.slice(range[1], range[1] + 2));
    return named || !this.opensSentence(range) ? "name" : "plain";
  }

  opensSentence([start]: Range): boolean {
    let at = start;
    while (at > 0 && /["“‘'([*]/.test(this.caption[at - 1]!) && start - at < 4) at--;
    return this.#starts.has(start) || this.#starts.has(at);
  }

  #isInTitle([start]: Range): boolean {
    return this.#titles.some(([from, to]) => from <= start && start < to);
  }
}

/** Where sentences begin, and what works like it: after a colon, a semicolon or a panel marker such as `(a)`. */
function sentenceStarts(caption: string, sentences: readonly Range[]): Set<number> {
  const starts = new Set(sentences.map(([start]) => start));
  for (const match of caption.matchAll(/[:;]\s{1,3}|\([\p{L}\p{N}]{1,3}\)\s{0,3}|\n\s?/gu)) {
    starts.add(match.index + match[0].length);
  }
  return starts;
}

function wordsIn([start, end]: Range, words: readonly Word[]): Word[] {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]!.range[0] < start) low = middle + 1;
    else high = middle;
  }
  const found: Word[] = [];
  while (low < words.length && words[low]!.range[0] < end) found.push(words[low++]!);
  return found;
}

/** In "Schematic Diagram of the Measurement Setup" capitals say nothing. */
function isTitle(words: readonly Word[]): boolean {
  const content = words.filter(({ text }) => isContentWord(text));
  const capital = content.filter(({ text }) => /^\p{Lu}/u.test(text)).length;
  return content.length >= 4 && capital >= 0.75 * content.length;
}
