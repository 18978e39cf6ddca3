import type { FigureCard } from "figloom/views";
import { figureName, flagText } from "figloom/views";

/**
 * A test for cards: every word typed must stand somewhere in a card's texts, in any case. A number must stand there as
 * a number of its own, so that `figure 1` does not find figure 12.
 */
export function cardFilter(typed: string): (card: FigureCard) => boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return (card) => {
    const texts = searchable(card);
    return words.every((word) => texts.some((text) => holds(text, word)));
  };
}

function holds(text: string, word: string): boolean {
  return /^\d+$/.test(word) ? new RegExp(`(?<!\\d)${word}(?!\\d)`).test(text) : text.includes(word);
}

function searchable(card: FigureCard): string[] {
  const captions = card.captions.map(({ text }) => text);
  const about = [figureName(card), card.figure_id, card.label, card.paper_title, card.discipline];
  const read = card.figure_text?.text ?? null;
  return [...about, read, ...captions, ...card.flags.map(flagText)].flatMap((text) =>
    text ? [text.toLowerCase()] : [],
  );
}
