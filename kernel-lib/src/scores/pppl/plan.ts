/**
 * Which masked copies of a text a masked language model has to read so that every token is judged once, under two
 * schemes. Tokens are counted without the special ones that stand around a text.
 */

/** One masked copy: the model sees the tokens from `start` to `end`, and is asked for the one at `target`. */
export interface Pass {
  start: number;
  /** Exclusive. */
  end: number;
  target: number;
  /** Everything from `target` up to here is masked; exclusive. */
  maskedEnd: number;
}

/** For every token the copy that judges it; the same object where both schemes need the same copy. */
export interface Plan {
  /**
   * The token alone is masked: pseudo-log-likelihood after Salazar, Liang, Nguyen and Kirchhoff, "Masked Language Model
   * Scoring", ACL 2020 (arXiv 1910.14659).
   */
  original: Pass[];
  /**
   * The token and all later pieces of its word are masked: Kauf and Ivanova, "A Better Way to Do Masked Language Model
   * Scoring", ACL 2023 (arXiv 2305.10588). A word's last piece has nothing behind it, so that its copy is the other
   * scheme's.
   */
  withinWordL2r: Pass[];
}

/**
 * @param words for every token the number of the word that it is a piece of
 * @param room how many tokens the model reads at once, the special ones not counted
 */
export function planOf(words: readonly number[], room: number): Plan {
  const original: Pass[] = [];
  const withinWordL2r: Pass[] = [];
  const ends = wordEnds(words);
  for (let target = 0; target < words.length; target++) {
    const window = windowOf(target, words.length, room);
    const alone = { ...window, target, maskedEnd: target + 1 };
    const maskedEnd = Math.min(ends[target]!, window.end);
    original.push(alone);
    withinWordL2r.push(maskedEnd === alone.maskedEnd ? alone : { ...alone, maskedEnd });
  }
  return { original, withinWordL2r };
}

/**
 * What of a text is seen when one of its tokens is judged: all of it where the model can read it at once, else the
 * `room` tokens with that one in their middle, moved inwards at the text's ends. Every token has a pass of its own, so
 * that the best context costs no more than shared windows would. The rule is figloom's own: neither of the two papers
 * speaks of texts beyond the model's limit.
 */
export function windowOf(target: number, tokens: number, room: number): { start: number; end: number } {
  const start = Math.max(0, Math.min(target - Math.floor(room / 2), tokens - room));
  return { start, end: Math.min(start + room, tokens) };
}

/** How many different windows a text of so many tokens is seen through. */
export const windowCount = (tokens: number, room: number): number =>
  tokens === 0 ? 0 : Math.max(1, tokens - room + 1);

/** For every token where its word ends; exclusive. */
function wordEnds(words: readonly number[]): number[] {
  const ends = new Array<number>(words.length);
  for (let i = words.length - 1; i >= 0; i--) ends[i] = words[i] === words[i + 1] ? ends[i + 1]! : i + 1;
  return ends;
}

/** Tokens of the longest beginning that consists of whole words and has at most `limit` tokens. */
export function wholeWords(words: readonly number[], limit: number): number {
  let length = Math.min(limit, words.length);
  while (length > 0 && words[length] === words[length - 1]) length--;
  return length;
}

/** Ids of the tokens that stand before and after a text, and of the one that hides another. */
export interface SpecialTokens {
  start: number;
  end: number;
  mask: number;
}

/** The copy's token ids, with the special tokens around it. */
export function copyOf(
  ids: readonly number[],
  { start, end, target, maskedEnd }: Pass,
  special: SpecialTokens,
): Int32Array {
  const copy = Int32Array.from([special.start, ...ids.slice(start, end), special.end]);
  return copy.fill(special.mask, 1 + target - start, 1 + maskedEnd - start);
}
