import { terms } from "../../text/words.js";

/** Labels that are given at most. */
const MOST = 6;
/** Lengths of a label, in characters; share of letters among those that are printed. Less is misread, or a number. */
const [SHORTEST, LONGEST] = [4, 80];
const MIN_LETTERS = 0.6;

/**
 * One sentence with the titles and legend entries on the picture: `Labels: Flux density (mJy); Time (days).` Only lines with
 * a term that neither the caption nor a label before has; `null` where there is none, or they do not fit.
 */
export function labelSentence(
  figure_text: string | null,
  { caption, room }: { caption: string; room: number },
): string | null {
  const known = terms(caption);
  const labels: string[] = [];
  for (const line of (figure_text ?? "").split("\n")) {
    const label = line
      .replace(/[;\s]+/g, " ")
      .replace(/[\s.:,]+$/, "")
      .trim();
    const own = terms(label);
    if (!isLabel(label) || own.size === 0 || [...own].every((term) => known.has(term))) continue;
    if (sentenceOf([...labels, label]).length > room) continue;
    labels.push(label);
    for (const term of own) known.add(term);
    if (labels.length === MOST) break;
  }
  return labels.length > 0 ? sentenceOf(labels) : null;
}

const sentenceOf = (labels: readonly string[]): string => `Labels: ${labels.join("; ")}.`;

function isLabel(text: string): boolean {
  if (text.length < SHORTEST || text.length > LONGEST || !/\p{L}{4}/u.test(text)) return false;
  const letters = text.match(/\p{L}/gu)!.length;
  return letters >= MIN_LETTERS * text.replace(/[\s()[\]]/g, "").length;
}
