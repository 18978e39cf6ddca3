import type { Range } from "../model.js";

/** A number written in words. */
export interface WrittenNumber {
  value: number;
  /** A share such as `two thirds`, which is rarely meant to the digit. */
  fraction: boolean;
  range: Range;
}

const SMALL = new Map(
  (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
    "eighteen nineteen"
  )
    .split(" ")
    .map((word, value) => [word, value] as const),
);
const TENS = new Map(
  "twenty thirty forty fifty sixty seventy eighty ninety"
    .split(" ")
    .map((word, i) => [word, 20 + 10 * i] as const),
);
export const SCALES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};
const PARTS: Readonly<Record<string, number>> = { half: 2, third: 3, quarter: 4, fifth: 5, tenth: 10 };

const COUNT = [...SMALL.keys(), ...TENS.keys(), "hundred", ...Object.keys(SCALES)]
  .sort((a, b) => b.length - a.length)
  .join("|");
const PHRASE = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?:(?:an?\s)(?=hundred|thousand|million|billion))?(?:${COUNT})` +
    String.raw`(?:(?:-|\s|\sand\s)(?:${COUNT})(?![\p{L}\p{N}])){0,7}(?=fold|[^\p{L}\p{N}]|$)`,
  "giu",
);
/** `two thirds`, `one-fifth`; `half` and `a third` only where they stand for a share: `half of them`, `by a third.` */
const FRACTION =
  /(?<![\p{L}\p{N}-])(?:(one|two|three|four)[\s-](half|third|quarter|fifth|tenth)s?|an?\s(third|quarter|fifth|tenth)(?=\s(?:of|less|more|fewer|as)\b|[.,;:)]|$)|half(?=\s(?:of|the|as|a|an|all)\b))(?![\p{L}\p{N}-])/giu;

/**
 * The numbers of a text that are written in words, in order and without overlaps: `seventeen`, `sixty-four`, `one
 * hundred and fifty`, `two million`, `two thirds`. Linear in the text's length.
 */
export function writtenNumbers(text: string): WrittenNumber[] {
  const fractions = [...text.matchAll(FRACTION)].map((match): WrittenNumber => {
    const part = (match[2] ?? match[3] ?? "half").toLowerCase();
    const times = match[1] ? SMALL.get(match[1].toLowerCase())! : 1;
    return {
      value: times / PARTS[part]!,
      fraction: true,
      range: [match.index, match.index + match[0].length],
    };
  });
  const taken = new Set(fractions.map(({ range }) => range[0]));
  const counts = [...text.matchAll(PHRASE)].flatMap((match) => readPhrase(match[0], match.index));
  return [...fractions, ...counts.filter(({ range }) => !taken.has(range[0]))].sort(
    (a, b) => a.range[0] - b.range[0],
  );
}

/** A run of number words is one number as far as it makes one: in `two three` there are two. */
function readPhrase(phrase: string, offset: number): WrittenNumber[] {
  const found: WrittenNumber[] = [];
  let open: { start: number; end: number; done: number; group: number } | null = null;
  const close = () => {
    if (open)
      found.push({
        value: open.done + open.group,
        fraction: false,
        range: [offset + open.start, offset + open.end],
      });
    open = null;
  };
  for (const match of phrase.matchAll(/\p{L}+/gu)) {
    const word = match[0].toLowerCase();
    if (word === "and") continue;
    const [start, end] = [match.index, match.index + match[0].length];
    if (word === "a" || word === "an") {
      open = { start, end, done: 0, group: 1 };
      continue;
    }
    const next = open && continued(open.group, word);
    if (open && next !== null) {
      const scale = SCALES[word];
      if (scale) [open.done, open.group] = [open.done + open.group * scale, 0];
      else open.group = next;
      open.end = end;
      continue;
    }
    close();
    const alone = SMALL.get(word) ?? TENS.get(word);
    // In `2 million` the word belongs to the digits.
    if (alone !== undefined) open = { start, end, done: 0, group: alone };
  }
  close();
  return found;
}

/** What stands for less than a thousand, with one more word; `null` where the word begins another number. */
function continued(group: number, word: string): number | null {
  const [small, tens] = [SMALL.get(word), TENS.get(word)];
  if (SCALES[word]) return group > 0 ? group : null;
  if (word === "hundred") return group > 0 && group < 20 ? group * 100 : null;
  if (tens !== undefined) return group % 100 === 0 ? group + tens : null;
  if (small === undefined || small === 0) return null;
  const room = group % 100;
  return room === 0 || (room >= 20 && room % 10 === 0 && small < 10) ? group + small : null;
}
