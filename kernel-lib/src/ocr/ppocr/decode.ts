/** What a recogniser says of one line. */
export interface Recognised {
  text: string;
  /** Mean over its characters, 0..1; 0 where there are none. */
  confidence: number;
}

/**
 * The most probable character of each step, repeated ones once, blanks left out (best path decoding: Graves et al.,
 * _Connectionist temporal classification_, 2006, section 3.2).
 * @param probabilities `steps` × (1 + characters), the blank first
 * @param characters without the blank
 */
export function decoded(
  probabilities: Float32Array,
  steps: number,
  characters: readonly string[],
): Recognised {
  const classes = characters.length + 1;
  let [text, sum, kept, before] = ["", 0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const from = step * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (probabilities[from + c]! > probabilities[from + best]!) best = c;
    if (best !== 0 && best !== before) {
      text += characters[best - 1]!;
      sum += probabilities[from + best]!;
      kept++;
    }
    before = best;
  }
  return { text, confidence: kept === 0 ? 0 : sum / kept };
}
