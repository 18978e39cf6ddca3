import { runs } from "./repetition.js";

/**
 * Share of the words of a text that stand in a run of `k` words, or a longer one, that a source has as well: the coverage
 * of Grusky et al., Newsroom (NAACL 2018), without fragments so short that any two texts of a field share them.
 * Linear in text and sources.
 * @returns 0 … 1; `null` for a text shorter than a run, or without a source
 */
export function copiedShare(
  words: readonly string[],
  sources: readonly (readonly string[])[],
  k: number,
): number | null {
  if (words.length < k || sources.length === 0) return null;
  const known = new Set(sources.flatMap((source) => runs(source, k)));
  let [copied, covered] = [0, 0];
  for (const [at, run] of runs(words, k).entries()) {
    if (!known.has(run)) continue;
    copied += at + k - Math.max(at, covered);
    covered = at + k;
  }
  return copied / words.length;
}
