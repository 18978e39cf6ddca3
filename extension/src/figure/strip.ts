import type { FigureCard, Verdict } from "figloom/views";

/** A figure with what a person said about it. */
export interface Look {
  card: FigureCard;
  verdict: Verdict | null;
  tags: readonly string[];
}

/** Figures in a row, to be looked at one after the other. */
export interface Strip {
  readonly total: number;
  /** The figure of a row where it is here, otherwise `null`. */
  peek(row: number): Look | null;
  /** Fetches the figure of a row; `null` where there is none. */
  look(row: number, signal?: AbortSignal): Promise<Look | null>;
}

/** A card with what it says itself. */
export function lookOf(card: FigureCard): Look {
  return { card, verdict: card.verdict ?? null, tags: card.tags ?? [] };
}

/** Cards that are all here. */
export function stripOf(cards: readonly FigureCard[]): Strip {
  const look = (row: number) => (cards[row] ? lookOf(cards[row]) : null);
  return { total: cards.length, peek: look, look: async (row) => look(row) };
}
