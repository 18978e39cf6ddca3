/** Words that a reader found, against lines that are known: what a search, or the support score, looks for. */
import type { TextLine } from "../../../kernel-lib/src/model.js";

export interface Words {
  known: number;
  /** Of the known ones, those that were read letter by letter, with a boundary on either side. */
  found: number;
}

const WORD = /\p{L}{3,}/gu;

/** Compares a picture's words of three letters and more, in upper or lower case, wherever they stand. */
export function wordsFound(known: readonly TextLine[], read: readonly TextLine[]): Words {
  const rest = new Map<string, number>();
  for (const word of wordsOf(read)) rest.set(word, (rest.get(word) ?? 0) + 1);
  const counts = { known: 0, found: 0 };
  for (const word of wordsOf(known)) {
    const left = rest.get(word) ?? 0;
    rest.set(word, left - 1);
    counts.known++;
    if (left > 0) counts.found++;
  }
  return counts;
}

const wordsOf = (lines: readonly TextLine[]): string[] =>
  lines.flatMap(({ text }) => text.normalize("NFKC").match(WORD) ?? []);
