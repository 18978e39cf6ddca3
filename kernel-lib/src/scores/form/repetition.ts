/** How much the words of a text repeat each other. Words are compared in lower case. */

/**
 * Moving-average type–token ratio: the mean over all windows of `window` consecutive words of the share of different
 * words in the window, so that a longer text is not poorer for its length (Covington and McFall, Journal of
 * Quantitative Linguistics 17 (2010) 94). Linear in the number of words.
 * @returns 1 / window … 1; `null` for a text shorter than the window
 */
export function movingTypeTokenRatio(words: readonly string[], window: number): number | null {
  if (words.length < window) return null;
  const counts = new Map<string, number>();
  let sum = 0;
  for (const [at, word] of words.entries()) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (at >= window) {
      const left = words[at - window]!;
      const remaining = counts.get(left)! - 1;
      if (remaining > 0) counts.set(left, remaining);
      else counts.delete(left);
    }
    if (at >= window - 1) sum += counts.size / window;
  }
  return sum / (words.length - window + 1);
}

/**
 * Share of the runs of `n` words that stood before in the text: 1 − different runs / runs (seq-rep-n of Welleck et al.,
 * Neural Text Generation with Unlikelihood Training, ICLR 2020).
 * @returns 0 … 1; `null` for a text shorter than a run
 */
export function repeatedShare(words: readonly string[], n: number): number | null {
  const all = runs(words, n);
  return all.length === 0 ? null : 1 - new Set(all).size / all.length;
}

/** All runs of `n` consecutive words, in order. */
export function runs(words: readonly string[], n: number): string[] {
  return words.slice(0, Math.max(0, words.length - n + 1)).map((_, at) => words.slice(at, at + n).join(" "));
}
