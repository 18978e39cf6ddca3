import { fitting } from "./budget.js";
import { diffWords } from "./diff-words.js";
import type { DiffView, FigureCard } from "./protocol.js";

export interface DiffOptions {
  title: string;
  /** Names of the captions: `raw` or a variant. */
  from: string;
  to: string;
  cards: readonly FigureCard[];
  /** How many figures the query has with both captions, where `cards` are only the first of them. */
  total?: number;
}

/** Compares two captions of each card. Cards that lack one of them are left out; so is what exceeds 1 MB of JSON. */
export function buildDiff({ title, from, to, cards, total }: DiffOptions): DiffView {
  const items = cards.flatMap((card) => {
    const old = card.captions.find(({ name }) => name === from);
    const now = card.captions.find(({ name }) => name === to);
    return old && now ? [{ card, from: old, to: now, changes: diffWords(old.text, now.text) }] : [];
  });
  return { title, from, to, total: total ?? items.length, items: fitting(items) };
}
