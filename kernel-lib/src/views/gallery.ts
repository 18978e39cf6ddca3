import { fitting } from "./budget.js";
import type { FigureCard, GalleryView } from "./protocol.js";

export interface GalleryOptions {
  title: string;
  cards: readonly FigureCard[];
  /** How many figures the query has, where `cards` are only the first of them. */
  total?: number;
}

/** A gallery of as many cards, from the first on, as fit into 1 MB of JSON; `total` says how many there are. */
export function buildGallery({ title, cards, total = cards.length }: GalleryOptions): GalleryView {
  return { title, total, cards: fitting(cards) };
}
