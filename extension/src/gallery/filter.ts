import type { FigureCard } from "figloom/views";
import { figureName } from "figloom/views";

/** A test for cards: every word typed must stand somewhere in a card's texts, in any case. */
export function cardFilter(typed: string): (card: FigureCard) => boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return (card) => {
    const text = searchable(card);
    return words.every((word) => text.includes(word));
  };
}

function searchable(card: FigureCard): string {
  const captions = card.captions.map(({ text }) => text);
  const about = [figureName(card), card.figure_id, card.label, card.paper_title, card.discipline];
  return [...about, ...captions].filter(Boolean).join("\n").toLowerCase();
}
