import { diffSentences } from "./diff-sentences.js";
import { tryWords } from "./diff-words.js";
import type { CaptionDiff, FigureCard } from "./protocol.js";

/** What is taken for one thing where captions are compared. */
export type DiffUnit = "word" | "sentence";

/**
 * Compares the captions of these names with the first of them; one that the figure lacks is left out. Captions too long,
 * or too different, to be compared by word are compared by sentence; a pair takes 0.6 s at most.
 */
export function captionDiffs(
  card: Pick<FigureCard, "captions">,
  captions: readonly string[],
  unit: DiffUnit = "word",
): CaptionDiff[] {
  const [base, ...others] = captions.map((name) => card.captions.find((caption) => caption.name === name));
  if (!base) return [];
  return others.flatMap((to) =>
    to ? [{ from: base, to, changes: changesOf(base.text, to.text, unit) }] : [],
  );
}

function changesOf(from: string, to: string, unit: DiffUnit): CaptionDiff["changes"] {
  return (unit === "word" ? tryWords(from, to) : null) ?? diffSentences(from, to);
}
