/** The text of a line as its reader sees it: raised and lowered parts in Unicode, accents on their letters. */
import { accented, script } from "../markup/symbols.js";
import { CITATION } from "../markup/tidy.js";
import type { Line, Run } from "./page.js";

/** Parts of the font size: smaller runs may be scripts, and how far a script stands off the base line. */
const SCRIPT_SIZE = 0.87;
const RAISED = 0.16;
const LOWERED = 0.07;
/** How far a letter with a tail hangs below the base line. */
const TAIL = 0.21;

/** Signs that stand alone for an accent, in files whose fonts have no accented letters. */
const ACCENT_SIGNS = new Map([
  ["´", "\u0301"], ["`", "\u0300"], ["¨", "\u0308"], ["ˆ", "\u0302"], ["˜", "\u0303"], ["¯", "\u0304"],
  ["˙", "\u0307"], ["˘", "\u0306"], ["ˇ", "\u030c"], ["˝", "\u030b"], ["˚", "\u030a"], ["¸", "\u0327"], ["˛", "\u0328"],
]); // prettier-ignore
/** An accent is drawn before its letter (TeX) or behind it; a cedilla always behind. */
const ACCENT_FIRST = /([´`¨ˆ˜¯˙˘ˇ˝˚])\s?([\p{L}ıȷ])/gu;
const DOTLESS = /([ıȷ])\s?([´`¨ˆ˜¯˘ˇ])/gu;
const ACCENT_LAST = /(\p{L})([´¨ˆ˜˘ˇ˝˚¸˛])/gu;

/** Size of most of a line's letters that are no scripts. */
export function sizeOf({ runs }: Pick<Line, "runs">): number {
  const weights = new Map<number, number>();
  for (const { size, text } of runs) {
    const letters = text.replace(/\s+/g, "").length;
    weights.set(size, (weights.get(size) ?? 0) + letters);
  }
  const most = largest(weights.values());
  // Small letters may be many where they are indices.
  return largest([...weights].flatMap(([size, weight]) => (weight >= 0.4 * most ? [size] : [])));
}

function largest(values: Iterable<number>): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** Where a line's letters stand, in points from the top of the page. */
export function baseOf({ runs }: Pick<Line, "runs">, size: number): number {
  const bases = runs.flatMap((run) =>
    run.size > SCRIPT_SIZE * size && /[\p{L}\p{N}]/u.test(run.text) ? runBase(run) : [],
  );
  if (!bases.length) return largest(runs.map(runBase));
  return bases.sort((a, b) => a - b)[bases.length >> 1]!;
}

const runBase = ({ text, box, size }: Run) =>
  /[gjpqyQ,;()[\]{}|/ςςβγηµμρφχψξζ]/u.test(text) ? box[3] - TAIL * size : box[3];

/**
 * The text of a line: `10⁻³`, `H₂O`, `Erdős`. Raised numbers behind a word, which are citations or notes, leave the mark
 * that {@link tidy} takes out.
 * @param options.notes whether there may be citations and notes, as in prose; otherwise all that is raised is an exponent
 * @default notes: true
 */
export function lineText(line: Line, { notes = true } = {}): string {
  const size = sizeOf(line);
  const base = baseOf(line, size);
  let text = "";
  let raised = "";
  let level: "" | "^" | "_" = "";
  const close = () => {
    if (level) text += scriptText(level, raised, notes ? text : null);
    [raised, level] = ["", ""];
  };
  for (const run of line.runs) {
    const next = levelOf(run, size, base);
    if (next !== level) close();
    level = next;
    if (level) raised += run.text;
    else text += run.text;
  }
  close();
  return withAccents(text);
}

function levelOf(run: Run, size: number, base: number): "" | "^" | "_" {
  if (run.size > SCRIPT_SIZE * size || !run.text.trim()) return "";
  const shift = (runBase(run) - base) / size;
  // A comma or a sign alone has its ink off the base line.
  if (!/[\p{L}\p{N}]/u.test(run.text)) {
    const middle = (run.box[1] + run.box[3]) / 2;
    return middle < base - 0.42 * size ? "^" : middle > base - 0.08 * size ? "_" : "";
  }
  return shift < -RAISED ? "^" : shift > LOWERED ? "_" : "";
}

/** @param before the text before it; `null` where nothing raised is a note */
function scriptText(level: "^" | "_", content: string, before: string | null): string {
  const [, space, inner, end] = /^(\s*)(.*?)(\s*)$/su.exec(content)!;
  if (level === "^" && before !== null && isNoteMark(inner!, before)) return CITATION + end!;
  const [, body, stop] = /^(.*?)([,.;:]*)$/su.exec(inner!)!;
  return space! + script(level, body!) + stop! + end!;
}

/** Numbers and signs behind a word or a stop are citations or notes; behind a symbol, a unit or a number, exponents. */
function isNoteMark(mark: string, before: string): boolean {
  if (/^[*∗†‡§¶‖#]+$/u.test(mark)) return /[\p{L}\p{P}]\s?$/u.test(before);
  if (!/^\d{1,3}(?:\s?[,–—-]\s?\d{1,3})*[,.]?$/u.test(mark)) return false;
  return /(?:\p{Ll}{4}|\p{L}{2}\p{Ll}{2}|[\p{L}\p{N})\]”"’][.,;:]|\p{L}{2}[)\]”"])$/u.test(before);
}

function withAccents(text: string): string {
  if (!/[´`¨ˆ˜¯˙˘ˇ˝˚¸˛]/u.test(text)) return text;
  return text
    .replace(DOTLESS, (all, letter: string, sign: string) => composed(all, letter, sign))
    .replace(ACCENT_FIRST, (all, sign: string, letter: string, at: number) =>
      sign === "`" && !/\p{L}/u.test(text[at - 1] ?? "") ? all : composed(all, letter, sign),
    )
    .replace(ACCENT_LAST, (all, letter: string, sign: string) => composed(all, letter, sign));
}

/** The letter with its accent where there is such a letter. */
function composed(all: string, letter: string, sign: string): string {
  const found = accented(letter, ACCENT_SIGNS.get(sign)!);
  return found.length === 1 ? found : all;
}
