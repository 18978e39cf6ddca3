import type { Range } from "../model.js";
import { readUnit, type Unit } from "./units.js";
import { SCALES, writtenNumbers } from "./written-numbers.js";

/** A number as a text prints it. */
export interface NumberMention {
  value: number;
  /** Place value of the last printed digit: 0.01 for `3.14` and `two thirds`, 100 for `1.5×10³`; 0 for `1/2` and words. */
  granularity: number;
  /** Significant digits as printed. */
  digits: number;
  unit: Unit | null;
  /** From the sign or first digit to the end of the unit. */
  range: Range;
  text: string;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const VULGAR: Record<string, number> = { "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4 };
/** What `16k` and `86M parameters` count in: `M` alone is a unit. */
const COUNTED =
  /^(?:\s(thousand|million|billion|trillion)(?![\p{L}\p{N}])|([kK])(?![\p{L}\p{N}])|([MB])(?=\s(?:param|token|sample|example|image|pair|user|node|edge|document|sentence|word|read|cell|iteration|step|row|frame)))/u;
const LETTER_SCALES: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, B: 1e9 };

/**
 * Sign, then mantissa with thousands separators (`3,000`, `10 000`), then a power of ten in one of three dresses.
 * A number starts where no word, script or decimal runs into it; quantifiers are bounded, so a scan is linear.
 */
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_^.])(?<!\p{L}-)(?:(?<![\p{L}\p{N})\]%°])(?<![\p{N})\]%°]\s)([+\-−–]))?` +
    String.raw`(?:([½⅓⅔¼¾])|(\d{1,3}(?:[,\u00a0\u2009\u202f ]\d{3}){1,5}(?!\d)(?:\.\d{1,12})?|\d{1,18}(?:\.\d{1,12})?|\.\d{1,12}))` +
    String.raw`(?:([eE][+\-−]?\d{1,3})(?![\p{L}\p{N}])` +
    String.raw`|\s?(?:[×x·*⋅]|\\times|\\cdot)\s?10(?:\^\s?[{(]?([+\-−–]?\d{1,3})[})]?|([⁺⁻]?[${SUPERSCRIPTS}]{1,3}))` +
    String.raw`|\s?/\s?(\d{1,4})(?!\d|\/|\.\d))?`,
  "gu",
);
const BARE_POWER = new RegExp(
  String.raw`^(?:\^\s?[{(]?([+\-−–]?\d{1,3})[})]?|([⁺⁻]?[${SUPERSCRIPTS}]{1,3}))`,
  "u",
);
/** Words and signs over which a unit reaches back: `3 ± 1 K`, `10–20 °C`, `5, 10 and 20 ms`. */
const CONNECTOR = /^\s?(?:±|\\pm|\+\/-|[-–—−~×]|to|and|or|,|,\s?and|,\s?or)\s?[±+]?$/;
const PLUS_MINUS = /^\s?(?:±|\\pm|\+\/-)\s?$/;
/** What stands behind `(1.4 ± 0.2)` and holds for both. */
const COMMON_POWER = new RegExp(
  String.raw`^\)\s?(?:[×x·*⋅]|\\times)\s?10(?:\^\s?[{(]?([+\-−–]?\d{1,3})[})]?|([⁺⁻]?[${SUPERSCRIPTS}]{1,3}))`,
  "u",
);

/**
 * The numbers of a text in order, each with its unit: plain and written out (`sixty-four`, `two thirds`), with thousands
 * separators, Unicode minus, powers of ten, fractions and percentages. In a range or list the last unit holds for
 * all, and a power of ten behind brackets for what is in them. Numbers inside names (`CO2`, `IL-6`) and scripts (`x_2`) are none. `1,5` is read as two numbers, `1,500` as one.
 */
export function numbers(text: string): NumberMention[] {
  const found: NumberMention[] = [];
  let end = 0;
  for (const match of text.matchAll(NUMBER)) {
    if (match.index < end) continue;
    const mention = read(text, match);
    end = mention?.range[1] ?? end;
    if (mention && !runsIntoWord(text, mention)) found.push(mention);
  }
  for (const { value, fraction, range } of writtenNumbers(text))
    found.push(withUnit(text, ...range, value, fraction ? SHARE_GRANULARITY : 0, 1));
  found.sort((a, b) => a.range[0] - b.range[0]);
  sharePowers(text, found);
  shareUnits(text, found);
  return found;
}

/** `two thirds` is said of 67 % as well as of 66.7 %. */
const SHARE_GRANULARITY = 0.01;

/** `3D`, `2nd` and `16S` are words; `1990s` is a number. */
function runsIntoWord(text: string, mention: NumberMention): boolean {
  const after = text.slice(mention.range[1], mention.range[1] + 2);
  return mention.unit === null && /^\p{L}/u.test(after) && !/^s(?!\p{L})/u.test(after);
}

function read(text: string, match: RegExpExecArray): NumberMention | null {
  const [whole, sign, vulgar, mantissa = "", e, caret, script, denominator] = match;
  const factor = sign && /[-−–]/.test(sign) ? -1 : 1;
  const start = match.index;
  let end = start + whole.length;
  if (vulgar) return withUnit(text, start, end, factor * VULGAR[vulgar]!, 0, 1);
  const plain = mantissa.replace(/[^\d.]/g, "");
  const decimals = plain.split(".")[1]?.length ?? 0;
  const digits = plain.replace(".", "").replace(/^0+/, "").length;
  if (denominator) {
    if (Number(denominator) === 0 || plain.includes(".")) return null;
    return withUnit(text, start, end, (factor * Number(plain)) / Number(denominator), 0, 1);
  }
  const bare = plain === "10" && whole.endsWith("10") ? BARE_POWER.exec(text.slice(end, end + 12)) : null;
  if (bare) {
    end += bare[0].length;
    return withUnit(text, start, end, factor * Number(`1e${power(bare[1] ?? bare[2]!)}`), 0, 1);
  }
  const printed = power(e?.slice(1) ?? caret ?? script ?? "0");
  const counted = printed === 0 ? COUNTED.exec(text.slice(end, end + 16)) : null;
  const scale = counted ? (SCALES[counted[1]!] ?? LETTER_SCALES[counted[2] ?? counted[3]!]!) : 1;
  end += counted?.[0].length ?? 0;
  const exponent = printed + Math.log10(scale);
  return withUnit(
    text,
    start,
    end,
    factor * Number(`${plain}e${exponent}`),
    Number(`1e${exponent - decimals}`),
    digits,
  );
}

/** `⁻¹²`, `−12` and `-12` are all -12. */
function power(text: string): number {
  const plain = text
    .replace(/[−–⁻]/g, "-")
    .replace(/[+⁺]/g, "")
    .replace(/[⁰¹²³⁴-⁹]/gu, (digit) => String(SUPERSCRIPTS.indexOf(digit)));
  return Number(plain);
}

function withUnit(
  text: string,
  start: number,
  end: number,
  value: number,
  granularity: number,
  digits: number,
): NumberMention {
  const unit = readUnit(text, end);
  const stop = unit ? unit.end : end;
  return {
    value,
    granularity,
    digits,
    unit: unit?.unit ?? null,
    range: [start, stop],
    text: text.slice(start, stop),
  };
}

/** `(1.4 ± 0.2)×10⁻⁹ s`: power and unit hold for value and uncertainty. */
function sharePowers(text: string, found: NumberMention[]): void {
  for (let i = 1; i < found.length; i++) {
    const [value, error] = [found[i - 1]!, found[i]!];
    if (text[error.range[1]] !== ")" || text[value.range[0] - 1] !== "(") continue;
    if (!PLUS_MINUS.test(text.slice(value.range[1], error.range[0]))) continue;
    const match = COMMON_POWER.exec(text.slice(error.range[1], error.range[1] + 16));
    if (!match) continue;
    const scale = Number(`1e${power(match[1] ?? match[2]!)}`);
    const whole = readUnit(text, error.range[1] + match[0].length);
    const end = whole?.end ?? error.range[1] + match[0].length;
    for (const one of [value, error]) {
      one.value *= scale;
      one.granularity *= scale;
      one.unit = whole?.unit ?? one.unit;
    }
    error.range = [error.range[0], end];
    error.text = text.slice(...error.range);
    while (found[i + 1] && found[i + 1]!.range[0] < end) found.splice(i + 1, 1);
  }
}

function shareUnits(text: string, found: NumberMention[]): void {
  for (let i = found.length - 2; i >= 0; i--) {
    const [here, next] = [found[i]!, found[i + 1]!];
    const [from, to] = [here.range[1], next.range[0]];
    if (here.unit || !next.unit || to - from > 6) continue;
    if (CONNECTOR.test(text.slice(from, to))) here.unit = next.unit;
  }
}
