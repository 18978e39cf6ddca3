import { isFigureWord } from "../../text/figure-words.js";
import { numbers, type NumberMention } from "../../text/numbers.js";
import { stem, STOPWORDS } from "../../text/words.js";

/** What the words around a number say of it. */
export interface QualifiedNumber extends NumberMention {
  /** Said to be about so much: then trailing zeros are no digits. */
  about: boolean;
  /** `below 3 T` is `<`, `at least 3 T` is `>`. */
  bound: "<" | ">" | null;
  /** What it is the uncertainty of: `3.1` for the `0.2` of `3.1 ± 0.2`. */
  uncertaintyOf: QualifiedNumber | null;
  /** Whether it is said to be an uncertainty in words: `an error of 0.2`. */
  spread: boolean;
  /** What it is the value of, where the text says `α = 3`. */
  symbol: string | null;
  /** What it counts, where the text says `8 attention heads`, by stem. */
  counted: readonly string[];
}

/** Characters before and after a number that are looked at. */
const NEAR = 32;

const ABOUT =
  /(?:^|[\s(])(?:about|approximately|approx\.?|roughly|around|some|nearly|almost|ca\.?|circa)\s$|[~≈∼≃≲≳]\s?$/i;
const BELOW =
  /[<≤≲⩽]\s?$|(?:^|\s)(?:below|under|beneath|(?:less|fewer|lower|smaller|shorter|no more|not more) than|at most|up to|not exceeding)\s(?:about\s)?$/i;
const ABOVE =
  /[>≥≳⩾]\s?$|(?:^|\s)(?:above|over|beyond|exceed(?:s|ed|ing)?|(?:more|greater|higher|larger|longer|no less) than|at least)\s(?:about\s)?$/i;
const SPREAD =
  /(?:error|uncertainty|deviation|scatter|spread|width|precision)s?\s(?:(?:of|is|was)\s)?(?:about\s)?$|[±]\s?$/i;
const PLUS_MINUS = /^\s?(?:±|\\pm|\+\/-)\s?$/;
const VALUE_OF = /([\p{L}\p{M}⁺⁻₊₋⁰¹²³⁴-⁹₀-₉_{}^\d]{1,16}(?:\([\p{L},]{1,5}\))?)\s?[=≈≃∼~]\s?$/u;
const COUNTED = /^\s(\p{Ll}[\p{Ll}-]{2,24})(?:\s(\p{Ll}{3,24}))?/u;

/** The numbers of a text with what is said of them, in order. Linear in its length. */
export function qualifiedNumbers(text: string): QualifiedNumber[] {
  let previous: QualifiedNumber | null = null;
  return numbers(text).map((mention) => {
    const [start, end] = mention.range;
    const gap = previous ? text.slice(previous.range[1], Math.min(start, previous.range[1] + 6)) : "";
    const qualified: QualifiedNumber = Object.assign(mention, qualifiersBefore(text, start), {
      uncertaintyOf: previous && start - previous.range[1] < 6 && PLUS_MINUS.test(gap) ? previous : null,
      counted: mention.unit === null ? countedBy(text.slice(end, end + 2 * NEAR)) : NO_NOUNS,
    });
    return (previous = qualified);
  });
}

const NO_NOUNS: readonly string[] = [];

type Before = Pick<QualifiedNumber, "about" | "bound" | "spread" | "symbol">;
const NOTHING: Before = { about: false, bound: null, spread: false, symbol: null };

function qualifiersBefore(text: string, start: number): Before {
  const last = text[start - 1] === " " ? text[start - 2] : text[start - 1];
  // Most numbers are not qualified, which their last neighbour tells.
  if (last === undefined || !/[\p{L}.~≈∼≃≲≳<>≤≥⩽⩾=±]/u.test(last)) return NOTHING;
  const before = text.slice(Math.max(0, start - NEAR), start);
  return {
    about: ABOUT.test(before),
    bound: BELOW.test(before) ? "<" : ABOVE.test(before) ? ">" : null,
    spread: SPREAD.test(before),
    symbol:
      VALUE_OF.exec(before)?.[1]
        ?.normalize("NFKC")
        .replace(/[_^{}]/g, "") ?? null,
  };
}

function countedBy(after: string): readonly string[] {
  const [, first, second] = COUNTED.exec(after) ?? [];
  if (!first || STOPWORDS.has(first)) return NO_NOUNS;
  const nouns = second && !STOPWORDS.has(second) ? [first, second] : [first];
  return nouns.filter((noun) => !isFigureWord(noun)).map(stem);
}

/** More rows are those of a table of data, more lines those of a program. */
const MOST_PARTS = 20;

/** Whether the next words after a number say that parts of the picture are counted: `three dashed curves`. */
export function countsLayout(
  text: string,
  { value, range, unit }: NumberMention,
  layout: ReadonlySet<string>,
): boolean {
  if (unit !== null || value > MOST_PARTS) return false;
  const [, first, second] =
    /^\s(\p{Ll}{3,16})(?:\s(\p{Ll}{3,16}))?/u.exec(text.slice(range[1], range[1] + NEAR)) ?? [];
  return [first, second].some((word) => word !== undefined && layout.has(stem(word)));
}
