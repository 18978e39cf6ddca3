/** Recognises answers that got stuck: the same words over and over, as models fall into with some pictures. */

/** As much of an answer as is looked at, in characters; the end, where loops are. */
const LOOKED_AT = 65_536;

/** Periods that are tried, in words; longer repetitions are caught as sentences. */
const WORD_PERIODS = 24;
/** Words that a loop has at least, and how often its pattern stands there. */
const LOOP_WORDS = 12;
const LOOP_TIMES = 4;

const CHARACTER_PERIODS = 12;
const LOOP_CHARACTERS = 96;
const CHARACTER_TIMES = 8;

/** A sentence of so many words is not said three times. */
const SENTENCE_WORDS = 7;
const SENTENCE_TIMES = 3;

/**
 * What a text repeats without end, `null` where it does not. Exact repetition only: panels that are described alike
 * differ in a letter. Time grows with the length of the text alone.
 */
export function loopIn(text: string): string | null {
  const end = text.slice(-LOOKED_AT).toLowerCase();
  return wordLoop(end.trim().split(/\s+/)) ?? characterLoop(end) ?? sentenceLoop(end);
}

function wordLoop(words: readonly string[]): string | null {
  const numbers = new Map<string, number>();
  const numbered = Int32Array.from(words, (word) => {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return number;
  });
  const at = loopAt(numbered, WORD_PERIODS, (period) => Math.max(LOOP_WORDS, period * LOOP_TIMES));
  return at && words.slice(...at).join(" ");
}

function characterLoop(text: string): string | null {
  const codes = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
  const enough = (period: number) => Math.max(LOOP_CHARACTERS, period * CHARACTER_TIMES);
  const at = loopAt(codes, CHARACTER_PERIODS, enough);
  return at && text.slice(...at);
}

/**
 * Where the pattern stands of a stretch that repeats itself; `null` where there is none.
 * @param enough how long a stretch of a pattern of this length must be
 */
function loopAt(
  items: Int32Array | Uint16Array,
  periods: number,
  enough: (period: number) => number,
): [start: number, end: number] | null {
  for (let period = 1; period <= periods; period++) {
    const more = enough(period) - period;
    let same = 0;
    for (let i = period; i < items.length; i++) {
      same = items[i] === items[i - period] ? same + 1 : 0;
      if (same >= more) return [i + 1 - period, i + 1];
    }
  }
  return null;
}

function sentenceLoop(text: string): string | null {
  const times = new Map<string, number>();
  for (const sentence of text.split(/[.!?\n]/)) {
    const plain = sentence.replace(/^\W*\w\)|[^\S ]/g, "").trim();
    if (plain.split(" ", SENTENCE_WORDS).length < SENTENCE_WORDS) continue;
    const count = (times.get(plain) ?? 0) + 1;
    if (count >= SENTENCE_TIMES) return plain;
    times.set(plain, count);
  }
  return null;
}
