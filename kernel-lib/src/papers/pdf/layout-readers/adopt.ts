/** Another program's layout joined with our own captions: it says where figures are, and the PDF says all else. */
import { area, contains, height, intersection, overlaps, sharedX, sharedY, union, width } from "../boxes.js";
import { pageContent, type PageContent } from "../content.js";
import { shown, type PdfFloat } from "../floats.js";
import type { Layout, PageLayout } from "../layout.js";
import type { Box } from "../page.js";
import { turnedBox } from "../turn.js";
import type { ForeignLayout, LayoutRegion } from "./region.js";

/** A region on the page as it is laid out. */
interface Piece {
  kind: LayoutRegion["kind"];
  box: Box;
  captions: Box[];
}

/**
 * The floats with their pictures where the layout has them. A region goes to the caption that the layout gives it; one
 * without such a caption is a panel of the figure that it stands beside with nothing between, or what our own reader
 * takes for the caption's figure. A float that the layout has nothing for stays as it is.
 *
 * An adopted float's `confidence` is how much speaks for the caption, times 0.6, or up to 1 the more the layout's region
 * and our own are the same (intersection over union).
 */
export function adoptLayout(
  floats: readonly PdfFloat[],
  { reader, regions }: ForeignLayout,
  layout: Layout,
): PdfFloat[] {
  const adopted = new Map<PdfFloat, PdfFloat>();
  for (const page of layout.pages) {
    const number = page.page.number;
    const here = floats.filter(({ caption }) => caption.page === page);
    const said = regions.filter((region) => region.page === number).slice(0, MAX_PIECES);
    if (here.length === 0 || said.length === 0) continue;
    const content = pageContent(
      page,
      here.map(({ caption }) => caption),
    );
    const pieces = said.map((region) => laidOut(region, page)).filter((piece) => holds(piece.box, content));
    for (const [float, group] of grouped(here, pieces, content)) {
      const place = completed(outside(union(group.map(({ box }) => box)), float.caption.box), content);
      adopted.set(float, {
        ...float,
        page: number,
        place,
        box: shown(place, page),
        confidence: confidence(float, shown(place, page), number),
        layoutReader: reader,
      });
    }
  }
  return floats.map((float) => adopted.get(float) ?? float);
}

/** Regions of a page that are looked at; time grows with their product with the captions and lines of the page. */
const MAX_PIECES = 200;

function laidOut({ kind, box, captions }: LayoutRegion, { page, angle }: PageLayout): Piece {
  const sideways = angle === 90 || angle === 270;
  const size = {
    width: sideways ? page.height : page.width,
    height: sideways ? page.width : page.height,
  };
  const toPage = ([x0, y0, x1, y1]: Box) =>
    turnedBox([x0 * size.width, y0 * size.height, x1 * size.width, y1 * size.height], angle, size);
  return { kind, box: toPage(box), captions: captions.map(toPage) };
}

/** Points: no figure is smaller. */
const SPECK = 8;

/** Whether a box is around something that may be a figure, and not around nothing or only text. */
const holds = (box: Box, { atoms }: PageContent): boolean =>
  width(box) > SPECK && height(box) > SPECK && atoms.some((atom) => overlaps(atom.box, box));

/** Share of the smaller of two boxes that they have in common when they are the same thing. */
const SAME = 0.4;
/** Share of a region that lies in what our own reader takes for the figure. */
const WITHIN = 0.6;

/** The regions of each float that has any. */
function grouped(
  floats: readonly PdfFloat[],
  pieces: readonly Piece[],
  content: PageContent,
): Map<PdfFloat, Piece[]> {
  const groups = new Map<PdfFloat, Piece[]>();
  const free = new Set(pieces);
  const give = (piece: Piece, float: PdfFloat) => {
    groups.set(float, [...(groups.get(float) ?? []), piece]);
    free.delete(piece);
  };
  for (const piece of pieces) {
    const float = captioned(piece, floats);
    if (float) give(piece, float);
  }
  for (const piece of [...free]) {
    const float = floats.find(
      ({ place, page, caption, float }) =>
        place &&
        page === caption.page.page.number &&
        float === piece.kind &&
        shareWithin(piece.box, place) > WITHIN,
    );
    if (float && !isApart(piece.box, float, groups, content)) give(piece, float);
  }
  for (;;) {
    const next = nearestPanel([...free], groups, content);
    if (!next) return groups;
    give(next.piece, next.float);
  }
}

/** The float whose caption is the piece's by the layout's word. */
function captioned({ captions }: Piece, floats: readonly PdfFloat[]): PdfFloat | undefined {
  let best: { float: PdfFloat; share: number } | undefined;
  for (const float of floats)
    for (const box of captions) {
      const both = intersection(box, float.caption.box);
      const share = both ? area(both) / Math.min(area(box), area(float.caption.box)) : 0;
      if (share > SAME && share > (best?.share ?? 0)) best = { float, share };
    }
  return best?.float;
}

const shareWithin = (inner: Box, outer: Box): number => {
  const both = intersection(inner, outer);
  return both ? area(both) / area(inner) : 0;
};

/** Points that panels of one figure may stand apart. */
const PANEL_GAP = 40;

/** The free piece that stands nearest to the pieces of a float of its kind, with nothing between. */
function nearestPanel(
  free: readonly Piece[],
  groups: ReadonlyMap<PdfFloat, Piece[]>,
  content: PageContent,
): { piece: Piece; float: PdfFloat } | undefined {
  let best: { piece: Piece; float: PdfFloat; gap: number } | undefined;
  for (const piece of free)
    for (const [float, group] of groups) {
      if (float.float !== "figure" || piece.kind !== "figure") continue;
      const gap = Math.min(...group.map(({ box }) => gapBetween(box, piece.box)));
      if (gap > PANEL_GAP || gap >= (best?.gap ?? Infinity)) continue;
      if (!isApart(piece.box, float, groups, content)) best = { piece, float, gap };
    }
  return best;
}

const gapBetween = (a: Box, b: Box): number => Math.max(0, -sharedX(a, b), -sharedY(a, b));

/** Points by which a box may touch what it does not reach over. */
const TOUCH = 2;

/** Whether text, another caption or another float's picture stands between a box and the rest of the float. */
function isApart(
  box: Box,
  float: PdfFloat,
  groups: ReadonlyMap<PdfFloat, Piece[]>,
  { obstacles }: PageContent,
): boolean {
  const own = (groups.get(float) ?? []).map((piece) => piece.box);
  const whole = union([box, ...own]);
  const others = [...groups].flatMap(([other, group]) =>
    other === float ? [] : group.map((piece) => piece.box),
  );
  return [...obstacles, ...others].some(
    (other) =>
      other !== float.caption.box &&
      sharedX(whole, other) > TOUCH &&
      sharedY(whole, other) > TOUCH &&
      // Words in a picture look like running text at times.
      ![box, ...own].some((part) => contains(part, other, TOUCH)),
  );
}

/** What of a region lies on the side of its caption that most of it lies on: some are drawn around both. */
function outside(box: Box, caption: Box): Box {
  if (!overlaps(box, caption)) return box;
  const [x0, y0, x1, y1] = box;
  const sides: Box[] = [
    [x0, y0, x1, Math.min(y1, caption[1] - TOUCH)],
    [x0, Math.max(y0, caption[3] + TOUCH), x1, y1],
    [x0, y0, Math.min(x1, caption[0] - TOUCH), y1],
    [Math.max(x0, caption[2] + TOUCH), y0, x1, y1],
  ];
  return sides.reduce((best, side) => (area(side) > area(best) ? side : best));
}

/** Points by which a region may be too small. */
const SHORT = 12;

/** A region with the whole of the drawings, pictures and words that it cuts. */
function completed(box: Box, { atoms, obstacles }: PageContent): Box {
  const wide: Box = [box[0] - SHORT, box[1] - SHORT, box[2] + SHORT, box[3] + SHORT];
  const cut = atoms.map((atom) => atom.box).filter((atom) => overlaps(atom, box) && contains(wide, atom));
  const whole = union([box, ...cut]);
  const overText = obstacles.some(
    (other) => sharedX(whole, other) > TOUCH && sharedY(whole, other) > TOUCH && !overlaps(box, other),
  );
  return overText ? box : whole;
}

function confidence({ caption, box, page }: PdfFloat, adopted: Box, number: number): number {
  const both = box && page === number ? intersection(box, adopted) : undefined;
  const alike = both && box ? area(both) / (area(box) + area(adopted) - area(both)) : 0;
  return Math.round(100 * Math.min(1, caption.score / 4) * (0.6 + 0.4 * alike)) / 100;
}
