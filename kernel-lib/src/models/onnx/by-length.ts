/**
 * Which texts go into a model together: those of like length, so that little is filled up.
 * @param lengths of the texts, in tokens
 * @param most tokens of a batch, what is filled up counted; a text that is longer goes alone
 * @returns positions in `lengths`
 */
export function batchesByLength(lengths: readonly number[], most: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[a]! - lengths[b]!);
  const made: number[][] = [];
  let batch: number[] = [];
  for (const i of order) {
    // In this order the new one is the longest.
    if ((batch.length + 1) * lengths[i]! > most && batch.length > 0) {
      made.push(batch);
      batch = [];
    }
    batch.push(i);
  }
  return batch.length > 0 ? [...made, batch] : made;
}
