/** The figures and tables of a paper: each caption with the region of its page that belongs to it. */
import { assign, COMMON, habitOf, type Habit, type Pair } from "./assign.js";
import { area, union } from "./boxes.js";
import { findCaptionStarts } from "./caption-start.js";
import { readCaptions, type Caption } from "./captions.js";
import { isGraphic, islandsOf, pageContent } from "./content.js";
import type { Layout, PageLayout } from "./layout.js";
import { inPrintedOrder } from "./order.js";
import type { Box } from "./page.js";
import { placesOf } from "./places.js";
import { turnedBox } from "./turn.js";

export interface PdfFloat {
  float: "figure" | "table";
  /** As printed: `3`, `A.2`, `S1`, `II`. */
  number: string;
  caption: Caption;
  /** Around the caption on its page as that is shown. */
  captionBox: Box;
  /** Page of the picture, from 1. */
  page: number;
  /** Tight around the picture, the caption not in it, on the page as it is shown; `undefined` where none was found. */
  box: Box | undefined;
  /** The same on the page as it is laid out: turned so that its text is upright. */
  place: Box | undefined;
  /** 0..1 */
  confidence: number;
  /** Name of the layout reader that says where the picture is; `null` where that is ours. */
  layoutReader: string | null;
}

/** Captions in the order of the paper, each with its picture's place; those of parts that go on included. */
export function findFloats(layout: Layout): PdfFloat[] {
  const captions = readCaptions(findCaptionStarts(layout), layout);
  const first = pairUp(layout, captions, COMMON);
  const pairs = pairUp(layout, captions, habitOf(first));
  return inPrintedOrder(
    pairs.map((pair) => toFloat(pair, pair.place ? undefined : wholePage(pair.caption, captions, layout))),
  );
}

/** Points that panels of one figure may stand apart. */
const PANEL_GAP = 20;
/** Square points. */
const SMALL = 2500;

function pairUp(layout: Layout, captions: readonly Caption[], habit: Habit): Pair[] {
  return layout.pages.flatMap((page) => {
    const here = captions.filter((caption) => caption.page === page);
    if (here.length === 0) return [];
    const content = pageContent(page, here);
    const graphics = islandsOf(content.atoms, PANEL_GAP)
      .filter((island) => isGraphic(island) && area(island.box) > SMALL)
      .map(({ box }) => box);
    const others = (caption: Caption) => here.filter((other) => other !== caption);
    return assign(here, (caption) => placesOf(caption, others(caption), content, layout), graphics, habit);
  });
}

/** Lines of running text on a page that is all figure. */
const STRAY_LINES = 3;

/** A figure that fills the page before or after that of its caption. */
function wholePage(
  caption: Caption,
  captions: readonly Caption[],
  { pages }: Layout,
): { page: PageLayout; box: Box } | undefined {
  if (caption.float === "table") return;
  const at = pages.indexOf(caption.page);
  for (const page of [pages[at - 1], pages[at + 1]]) {
    if (!page || page.prose.size > STRAY_LINES || captions.some((other) => other.page === page)) continue;
    const { atoms } = pageContent(page, []);
    const graphics = islandsOf(atoms, PANEL_GAP).filter(isGraphic);
    if (graphics.length === 0) continue;
    const box = union(graphics.map((island) => island.box));
    if (area(box) > page.page.width * page.page.height * 0.15) return { page, box };
  }
}

function toFloat(
  { caption, place, clear }: Pair,
  elsewhere: { page: PageLayout; box: Box } | undefined,
): PdfFloat {
  const { float, number, page, score } = caption;
  const on = elsewhere?.page ?? page;
  const box = place?.box ?? elsewhere?.box;
  return {
    float,
    number,
    caption,
    captionBox: shown(caption.box, page),
    page: on.page.number,
    box: box && shown(box, on),
    place: box,
    confidence: confidence(Math.min(1, score / 4), place, clear, float),
    layoutReader: null,
  };
}

/**
 * How sure caption and region belong together: how much speaks for the caption, times how clear the choice of the region
 * is against the next best one and whether a drawing or picture is in it. A figure on the page before or after its
 * caption's is a guess.
 */
function confidence(caption: number, place: Pair["place"], clear: number, float: PdfFloat["float"]): number {
  if (!place) return 0.3;
  const substance = place.graphic || float === "table" ? 0.2 : 0;
  return Math.round(100 * caption * (0.5 + 0.3 * clear + substance)) / 100;
}

/** A box of a page as it is laid out, on the page as it is shown. */
export const shown = (box: Box, { page, angle }: PageLayout): Box =>
  turnedBox(box, ((360 - angle) % 360) as typeof angle, page);
