import type { Range } from "../../model.js";
import { isFigureWord } from "../../text/figure-words.js";
import { references } from "../../text/references.js";
import { isContentWord, stem, words, type Word } from "../../text/words.js";
import { definitions, type Definition } from "./acronyms.js";
import { designators } from "./designators.js";
import { formulas } from "./formulas.js";
import { GREEK, LAYOUT, LIGHT_WORDS } from "./lexicon.js";
import { Looks } from "./named-words.js";
import { countsLayout, qualifiedNumbers, type QualifiedNumber } from "./qualifiers.js";

export type ClaimKind = "number" | "name" | "acronym" | "formula" | "symbol" | "term";

/** Something a caption says that the evidence can be asked for, before it was. */
export type Assertion = { text: string; span: Range } & (
  | { kind: "number"; number: QualifiedNumber }
  /** `whole` where it counts in one piece only, as the designation of an object or a gene does. */
  | { kind: "name"; words: string[]; whole: boolean }
  /** With a definition where the caption says what the acronym stands for. */
  | { kind: "acronym"; definition: Definition | null }
  | { kind: "formula"; canonical: string }
  | { kind: "symbol" | "term" }
);

/**
 * What a caption asserts, in order and without overlaps. References such as "Figure 3" and "Table 2" are none, nor
 * are function words, words that any figure may use, how many panels or curves there are, and the word `one`. Linear in
 * the caption's length.
 */
export function assertions(caption: string): Assertion[] {
  const found: Assertion[] = [];
  let taken = references(caption).map((reference) => reference.range);
  const add = (more: Assertion[]) => {
    const free = withoutOverlaps(
      more.map((claim) => ({ claim, range: claim.span })),
      taken,
    ).map(({ claim }) => claim);
    found.push(...free);
    taken = [...taken, ...free.map((claim) => claim.span)].sort((a, b) => a[0] - b[0]);
  };
  add(
    definitions(caption).map((definition) => ({
      kind: "acronym",
      definition,
      ...said(caption, definition.range),
    })),
  );
  add(
    designators(caption).map(({ text, range }) => ({
      kind: "name",
      words: [text],
      whole: true,
      text,
      span: range,
    })),
  );
  add(
    formulas(caption).map(({ text, range, canonical }) => ({
      kind: "formula",
      canonical,
      text,
      span: range,
    })),
  );
  const numbers = withoutOverlaps(qualifiedNumbers(caption), taken);
  add(
    numbers
      .filter((number) => !/^one$/i.test(number.text) && !countsLayout(caption, number, LAYOUT))
      .map((number) => ({ kind: "number", number, text: number.text, span: number.range })),
  );
  taken = [...taken, ...numbers.map(({ range }) => range)].sort((a, b) => a[0] - b[0]);
  add(readWords(caption, withoutOverlaps(words(caption), taken)));
  return found.sort((a, b) => a.span[0] - b.span[0]);
}

const said = (caption: string, span: Range) => ({ text: caption.slice(...span), span });

function readWords(caption: string, free: Word[]): Assertion[] {
  const looks = new Looks(caption, free);
  const found: Assertion[] = [];
  let run: Word[] = [];
  const closeRun = () => {
    const [first, last] = [run[0], run.at(-1)];
    if (first && last)
      found.push({
        ...{ kind: "name", words: run.map((word) => word.text), whole: false },
        ...said(caption, [first.range[0], last.range[1]]),
      });
    run = [];
  };
  for (const word of free) {
    const { text, range } = word;
    const previous = run.at(-1);
    if (previous && !/^[ \-–‐‑\u00a0]$/.test(caption.slice(previous.range[1], range[0]))) closeRun();
    const look = looks.of(word);
    if (look === "name" && /^[\p{L}\p{M}'’-]+$/u.test(text)) {
      run.push(word);
      continue;
    }
    closeRun();
    if (isSymbol(caption, word)) found.push({ kind: "symbol", text, span: range });
    else if (look === "name") found.push({ kind: "name", words: [text], whole: false, text, span: range });
    else if (look === "acronym") found.push({ kind: "acronym", definition: null, text, span: range });
    else if (isTerm(text)) found.push({ kind: "term", text, span: range });
  }
  closeRun();
  return found;
}

const isTerm = (text: string): boolean =>
  isContentWord(text) && !isFigureWord(text) && !/^[IVX]+$/.test(text) && !LIGHT_WORDS.has(stem(text));

/** Letters that name panels as well. */
const PANEL_LETTER = /^[a-hA-H]$/;
const OPERATOR = /[=<>≤≥≈∼≃≡∝±×+−∈→|/·]/;

/**
 * A letter with scripts, Greek, what a function is named by (`Li(x)`) or stands before `=`, and a single Latin letter: one
 * that may name a panel only beside a sign of relation or operation, or before or in brackets of a function.
 */
function isSymbol(caption: string, { text, range }: Word): boolean {
  if (/^[\p{L}\p{M}]{1,3}[_^]/u.test(text) || /^\p{L}[⁰¹²³⁴-⁹₀-₉⁻⁺]+$/u.test(text)) return true;
  if (/\p{Script=Greek}/u.test(text) && text.length <= 6) return true;
  if (GREEK[text.toLowerCase()]) return true;
  const before = caption.slice(Math.max(0, range[0] - 2), range[0]);
  const after = caption.slice(range[1], range[1] + 3);
  if (/^\p{L}{1,3}$/u.test(text) && /^\([\p{L}\p{N}]\)/u.test(after)) return true;
  if (/^\p{L}\p{Ll}{1,2}$/u.test(text) && /^\s?[=≈∝<>≤≥]/.test(after)) return !isFigureWord(text);
  if (/^\p{L}\d$/u.test(text) && (/^\s?[=≈/]/.test(after) || before.endsWith("/"))) return true;
  if (!/^\p{L}$/u.test(text)) return false;
  if (OPERATOR.test(after.slice(0, 2)) || OPERATOR.test(before) || /^\(\p{L}/u.test(after)) return true;
  if (/\p{L}\($/u.test(before)) return true;
  return !PANEL_LETTER.test(text) && text !== "I" && !/^[.)’'-]/.test(after) && !/[('’.-]$/.test(before);
}

/** The items of a sorted list that touch none of the sorted, disjoint ranges. */
export function withoutOverlaps<T extends { range: Range }>(items: T[], ranges: readonly Range[]): T[] {
  let next = 0;
  return items.filter(({ range }) => {
    while (next < ranges.length && ranges[next]![1] <= range[0]) next++;
    return next >= ranges.length || ranges[next]![0] >= range[1];
  });
}
