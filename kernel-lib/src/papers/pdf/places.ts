/** Where a caption's figure could stand: above, below or beside it, up to what no figure reaches over. */
import { centre, height, sharedX, sharedY, union, width } from "./boxes.js";
import type { Caption } from "./captions.js";
import { inkArea, isGraphic, islandsOf, type Island, type PageContent } from "./content.js";
import type { Column, Layout, PageLayout } from "./layout.js";
import type { Box } from "./page.js";
import { figureParts, isListing, rowsWithCells, tableParts, type Side, type Spot } from "./parts.js";

export type { Side };

/** One way to give a caption its picture. */
export interface Place {
  side: Side;
  /** Tight around what would be the figure. */
  box: Box;
  /** Pictures and drawings are in it, not only text. */
  graphic: boolean;
  /** Points between the caption and what is nearest to it. */
  distance: number;
  /** How well it looks by itself; 0 and more. */
  merit: number;
}

/** Points. Words and marks of one drawing stand nearer to each other than this. */
const REACH = 7;
const TOUCH = 2;

export function placesOf(
  caption: Caption,
  others: readonly Caption[],
  content: PageContent,
  layout: Layout,
): Place[] {
  const { page } = caption;
  const lane = laneOf(caption, others, content, page);
  const sides: readonly Side[] = ["above", "below", "left", "right"];
  return sides.flatMap((side) => {
    const found = regionOf(side, caption, lane, others, content, page);
    const place = found && placeIn({ side, caption, others, page, layout, ...found }, content);
    return place ? [place] : [];
  });
}

/** Points. Captions of figures that stand side by side end no farther apart in height. */
const LEVEL = 150;

/** A caption beside this one and not over or under it: its figure stands beside this one's. */
const isNeighbour = (box: Box, other: Box) => sharedX(box, other) <= TOUCH && -sharedY(box, other) < LEVEL;

/** The column that a caption stands in: the narrowest that holds it, out to the middle of the gaps beside it. */
function laneOf(
  { box }: Caption,
  others: readonly Caption[],
  { obstacles }: PageContent,
  { columns, page, lines }: PageLayout,
): Column {
  const holding = columns
    .filter(({ x0, x1 }) => box[0] >= x0 - 6 && box[2] <= x1 + 6)
    .sort((a, b) => a.x1 - a.x0 - (b.x1 - b.x0));
  const all = lines.length > 0 ? union(lines.map((line) => line.box)) : box;
  let { x0, x1 } = holding[0] ?? { x0: Math.min(all[0], box[0]), x1: Math.max(all[2], box[2]) };
  [x0, x1] = [Math.min(x0, box[0]), Math.max(x1, box[2])];
  const left = columns.filter((other) => other.x1 <= x0 + 6).map((other) => (other.x1 + x0) / 2);
  const right = columns.filter((other) => other.x0 >= x1 - 6).map((other) => (other.x0 + x1) / 2);
  x0 = left.length > 0 ? Math.max(...left) : 0;
  x1 = right.length > 0 ? Math.min(...right) : page.width;
  // Figures side by side share the space between their captions; text that runs around a figure ends beside it.
  const captions = others.map((other) => other.box);
  for (const other of obstacles) {
    const isCaption = captions.includes(other);
    const beside = isCaption ? isNeighbour(box, other) : sharedY(box, other) > 2 && sharedX(box, other) <= 0;
    if (!beside) continue;
    if (other[2] <= box[0] + TOUCH) x0 = Math.max(x0, isCaption ? (other[2] + box[0]) / 2 : other[2]);
    else if (other[0] >= box[2] - TOUCH) x1 = Math.min(x1, isCaption ? (other[0] + box[2]) / 2 : other[0]);
  }
  return { x0, x1 };
}

const reaches = (box: Box, { x0, x1 }: Column) => Math.min(box[2], x1) - Math.max(box[0], x0);

function regionOf(
  side: Side,
  { box }: Caption,
  lane: Column,
  captions: readonly Caption[],
  { obstacles }: PageContent,
  { page }: PageLayout,
): Pick<Spot, "region" | "open"> | undefined {
  const neighbours = captions.map((other) => other.box).filter((other) => isNeighbour(box, other));
  const others = obstacles.filter((other) => other !== box && !neighbours.includes(other));
  const aboveOf = (list: readonly Box[]) =>
    Math.max(0, ...list.filter((other) => other[3] <= box[1] + TOUCH).map((other) => other[3]));
  const belowOf = (list: readonly Box[]) =>
    Math.min(page.height, ...list.filter((other) => other[1] >= box[3] - TOUCH).map((other) => other[1]));
  if (side === "above" || side === "below") {
    const inLane = others.filter((other) => reaches(other, lane) > Math.min(10, width(other) / 2));
    const [top, bottom] =
      side === "above" ? [aboveOf(inLane), box[1] + TOUCH] : [box[3] - TOUCH, belowOf(inLane)];
    const open = side === "above" ? top === 0 : bottom === page.height;
    return bottom - top > 12 ? { region: [lane.x0, top, lane.x1, bottom], open } : undefined;
  }
  const strip: Column = side === "left" ? { x0: 0, x1: box[0] } : { x0: box[2], x1: page.width };
  for (const other of others.filter((other) => reaches(other, strip) > 5 && sharedY(other, box) > 2)) {
    if (side === "left") strip.x0 = Math.max(strip.x0, other[2]);
    else strip.x1 = Math.min(strip.x1, other[0]);
  }
  if (strip.x1 - strip.x0 < 40) return;
  const inStrip = others.filter((other) => reaches(other, strip) > 5);
  return { region: [strip.x0, aboveOf(inStrip), strip.x1, belowOf(inStrip)], open: false };
}

function placeIn(spot: Spot, { atoms, obstacles }: PageContent): Place | undefined {
  const { side, caption, region } = spot;
  const islands = islandsOf(
    atoms.filter(({ box }) => isMostlyIn(box, region)),
    REACH,
  );
  const kept = caption.float === "table" ? tableParts(islands, spot) : figureParts(islands, spot);
  if (kept.length === 0) return;
  const box = union(kept.map((island) => island.box));
  if (width(box) < 20 || height(box) < 10) return;
  const distance = gapTo(box, caption.box, side);
  const graphic = kept.some(isGraphic);
  const blocked = obstacles.some(
    (other) => other !== caption.box && sharedX(box, other) > 3 && sharedY(box, other) > 3,
  );
  const merit = meritOf(kept, box, graphic, distance, spot) / (blocked ? 3 : 1);
  return { side, box, graphic, distance, merit };
}

function isMostlyIn(box: Box, region: Box): boolean {
  const [x, y] = centre(box);
  if (x < region[0] || x > region[2] || y < region[1] || y > region[3]) return false;
  return sharedY(box, region) >= height(box) * 0.7;
}

/** Points between a figure and its caption on the caption's side; 0 where they meet. */
function gapTo(box: Box, caption: Box, side: Side): number {
  const gap = {
    above: caption[1] - box[3],
    below: box[1] - caption[3],
    left: caption[0] - box[2],
    right: box[0] - caption[2],
  };
  return Math.max(0, gap[side]);
}

function meritOf(kept: readonly Island[], box: Box, graphic: boolean, distance: number, spot: Spot): number {
  const { side, caption, region } = spot;
  const near = 1 - Math.min(1, distance / 90);
  const across =
    side === "above" || side === "below"
      ? Math.abs(centre(box)[0] - centre(caption.box)[0]) / Math.max(60, width(region))
      : Math.abs(centre(box)[1] - centre(caption.box)[1]) / Math.max(60, height(box));
  const aligned = 1 - Math.min(1, across * 2);
  if (caption.float === "table") {
    const rules = kept
      .flatMap(({ atoms }) => atoms)
      .filter((atom) => atom.kind === "rule" && width(atom.box) > 40);
    return near * 1.5 + aligned + (rules.length >= 2 ? 1 : 0) + (rowsWithCells(kept) >= 2 ? 1.2 : 0);
  }
  const size = Math.min(1, inkArea(kept.filter(isGraphic)) / 6000);
  const substance = graphic ? 1.5 + size : isListing(kept, spot) ? 1.3 : 0.2;
  const beside = side === "left" || side === "right" ? 0.5 : 0;
  return Math.max(0, substance + near * 1.5 + aligned - beside);
}
