import { fitting } from "./budget.js";
import type { DiffView, FigureCard } from "./protocol.js";
import type { LiveQuery } from "./query.js";

export interface DiffOptions {
  title: string;
  /** Names of the captions, two or more: `raw` or variants. */
  captions: readonly string[];
  cards: readonly FigureCard[];
  /** How many figures the query has with all of them, where `cards` are only the first. */
  total?: number;
  live?: LiveQuery | null;
}

/** Captions side by side. Cards that lack one of them are left out; so is what exceeds 1 MB of JSON. */
export function buildDiff({ title, captions, cards, total, live = null }: DiffOptions): DiffView {
  const having = cards.filter((card) =>
    captions.every((name) => card.captions.some((caption) => caption.name === name)),
  );
  return { title, captions: [...captions], total: total ?? having.length, cards: fitting(having), live };
}
