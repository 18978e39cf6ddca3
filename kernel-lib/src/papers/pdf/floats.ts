/** The figures and tables of a paper: each caption with the region of its page that belongs to it. */
import { area } from "./boxes.js";
import { assign, COMMON, habitOf, type Pair } from "./assign.js";
import { findCaptionStarts } from "./caption-start.js";
import { readCaptions, type Caption } from "./captions.js";
import { isGraphic, islandsOf, pageContent } from "./content.js";
import type { Layout } from "./layout.js";
import type { Box } from "./page.js";
import { placesOf } from "./places.js";

export interface PdfFloat {
  float: "figure" | "table";
  /** As printed: `3`, `A.2`, `S1`, `II`. */
  number: string;
  caption: Caption;
  /** Page of the picture, from 1. */
  page: number;
  /** Tight around the picture, the caption not in it; `undefined` where none was found. */
  box: Box | undefined;
  /** 0..1 */
  confidence: number;
}

/** Captions in the order of the paper, each with its picture's place. */
export function findFloats(layout: Layout): PdfFloat[] {
  const captions = readCaptions(findCaptionStarts(layout), layout);
  const first = pairUp(layout, captions, COMMON);
  return pairUp(layout, captions, habitOf(first)).map(toFloat);
}

/** Points that panels of one figure may stand apart. */
const PANEL_GAP = 20;

function pairUp(layout: Layout, captions: readonly Caption[], habit: typeof COMMON): Pair[] {
  return layout.pages.flatMap((page) => {
    const here = captions.filter((caption) => caption.page === page);
    if (here.length === 0) return [];
    const content = pageContent(page, here);
    const graphics = islandsOf(content.atoms, PANEL_GAP)
      .filter(isGraphic)
      .map(({ box }) => box)
      .filter((box) => area(box) > 2500);
    const places = (caption: Caption) =>
      placesOf(caption, here.filter((other) => other !== caption), content, layout);
    return assign(here, places, graphics, habit);
  });
}

function toFloat({ caption, place, clear }: Pair): PdfFloat {
  const { float, number, page, score } = caption;
  const sound = Math.min(1, score / 4);
  return {
    float,
    number,
    caption,
    page: page.page.number,
    box: place?.box,
    confidence: place
      ? Math.round(100 * sound * (0.5 + 0.3 * clear + (place.graphic || float === "table" ? 0.2 : 0))) / 100
      : 0,
  };
}
