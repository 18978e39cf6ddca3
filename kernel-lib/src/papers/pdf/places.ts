/** Where a caption's figure could stand: above, below or beside it, up to what no figure reaches over. */
import { centre, height, sharedX, sharedY, union, width } from "./boxes.js";
import type { Caption } from "./captions.js";
import {
  inkArea,
  isGraphic,
  islandsOf,
  isTextOnly,
  textSize,
  type Atom,
  type Island,
  type PageContent,
} from "./content.js";
import { mainRun, type Column, type PageLayout } from "./layout.js";
import type { Box } from "./page.js";

export type Side = "above" | "below" | "left" | "right";

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
  layout: PageLayout,
  bodySize: number,
): Place[] {
  const lane = laneOf(caption, others, layout);
  const sides: readonly Side[] = ["above", "below", "left", "right"];
  return sides.flatMap((side) => {
    const region = regionOf(side, caption, lane, others, content, layout);
    if (!region) return [];
    const place = placeIn(region, side, caption, content, layout, bodySize);
    return place ? [place] : [];
  });
}

/** The column that a caption stands in: the narrowest that holds it. */
function laneOf({ box }: Caption, others: readonly Caption[], { columns, page, lines }: PageLayout): Column {
  const holding = columns
    .filter(({ x0, x1 }) => box[0] >= x0 - 6 && box[2] <= x1 + 6)
    .sort((a, b) => a.x1 - a.x0 - (b.x1 - b.x0));
  const all = lines.length > 0 ? union(lines.map((line) => line.box)) : box;
  let { x0, x1 } = holding[0] ?? { x0: Math.min(all[0], box[0]), x1: Math.max(all[2], box[2]) };
  [x0, x1] = [Math.min(x0, box[0]), Math.max(x1, box[2])];
  // Outwards a figure may be wider than its column, up to the middle of the gap to the next.
  const left = columns.filter((other) => other.x1 <= x0 + 6).map((other) => (other.x1 + x0) / 2);
  const right = columns.filter((other) => other.x0 >= x1 - 6).map((other) => (other.x0 + x1) / 2);
  x0 = left.length > 0 ? Math.max(...left) : 0;
  x1 = right.length > 0 ? Math.min(...right) : page.width;
  // Captions side by side share the space between them.
  for (const other of others) {
    if (sharedY(other.box, box) < Math.min(height(other.box), height(box)) * 0.5) continue;
    if (other.box[2] <= box[0] + TOUCH) x0 = Math.max(x0, (other.box[2] + box[0]) / 2);
    else if (other.box[0] >= box[2] - TOUCH) x1 = Math.min(x1, (other.box[0] + box[2]) / 2);
  }
  return { x0, x1 };
}

function regionOf(
  side: Side,
  { box }: Caption,
  lane: Column,
  others: readonly Caption[],
  { obstacles }: PageContent,
  { page }: PageLayout,
): Box | undefined {
  const inLane = obstacles.filter(
    (other) =>
      other !== box &&
      Math.min(other[2], lane.x1) - Math.max(other[0], lane.x0) > Math.min(10, width(other) / 2),
  );
  if (side === "above") {
    const top = Math.max(0, ...inLane.filter((other) => other[3] <= box[1] + TOUCH).map((other) => other[3]));
    return box[1] - top > 10 ? [lane.x0, top, lane.x1, box[1] + TOUCH] : undefined;
  }
  if (side === "below") {
    const below = inLane.filter((other) => other[1] >= box[3] - TOUCH).map((other) => other[1]);
    const bottom = Math.min(page.height, ...below);
    return bottom - box[3] > 10 ? [lane.x0, box[3] - TOUCH, lane.x1, bottom] : undefined;
  }
  const strip: Column = side === "left" ? { x0: 0, x1: box[0] } : { x0: box[2], x1: page.width };
  const beside = obstacles.filter(
    (other) => other !== box && Math.min(other[2], strip.x1) - Math.max(other[0], strip.x0) > 5,
  );
  for (const other of beside)
    if (sharedY(other, box) > 2) {
      if (side === "left") strip.x0 = Math.max(strip.x0, other[2]);
      else strip.x1 = Math.min(strip.x1, other[0]);
    }
  if (strip.x1 - strip.x0 < 40) return;
  const inStrip = beside.filter((other) => Math.min(other[2], strip.x1) - Math.max(other[0], strip.x0) > 5);
  const top = Math.max(0, ...inStrip.filter((other) => other[3] <= box[1] + TOUCH).map((other) => other[3]));
  const bottom = Math.min(
    page.height,
    ...inStrip.filter((other) => other[1] >= box[3] - TOUCH).map((other) => other[1]),
  );
  return [strip.x0, top, strip.x1, bottom];
}

function placeIn(
  region: Box,
  side: Side,
  caption: Caption,
  { atoms, obstacles }: PageContent,
  layout: PageLayout,
  bodySize: number,
): Place | undefined {
  const inside = atoms.filter(({ box }) => isMostlyIn(box, region));
  const islands = islandsOf(inside, REACH);
  const kept =
    caption.float === "table"
      ? tableParts(islands, side, caption)
      : figureParts(islands, side, caption, layout, bodySize);
  if (kept.length === 0) return;
  const box = union(kept.map((island) => island.box));
  const distance = gapTo(box, caption.box, side);
  const graphic = kept.some(isGraphic);
  const merit = meritOf(kept, box, graphic, distance, side, caption, region);
  const blocked = obstacles.some(
    (other) => other !== caption.box && sharedX(box, other) > 3 && sharedY(box, other) > 3,
  );
  return { side, box, graphic, distance, merit: blocked ? merit / 3 : merit };
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

/** Pictures and drawings, with the text in, between and right beside them. */
function figureParts(
  islands: readonly Island[],
  side: Side,
  caption: Caption,
  { columns }: PageLayout,
  bodySize: number,
): Island[] {
  let graphics = islands.filter(isGraphic);
  if (graphics.length === 0) return textFigure(islands, side, caption);
  if (side === "left" || side === "right")
    graphics = graphics.filter(({ box }) => sharedY(box, caption.box) > -30);
  if (graphics.length === 0) return [];
  const core = union(graphics.map(({ box }) => box));
  const toCaption = union([core, caption.box]);
  const kept = [...graphics];
  let grown = core;
  const rest = islands.filter((island) => !graphics.includes(island));
  for (let added = true; added;) {
    added = false;
    for (const island of rest) {
      if (kept.includes(island)) continue;
      const [x, y] = centre(island.box);
      const inCore = x > grown[0] - 4 && x < grown[2] + 4 && y > grown[1] && y < grown[3];
      const between =
        (side === "above" || side === "below") &&
        x > toCaption[0] &&
        x < toCaption[2] &&
        y > toCaption[1] &&
        y < toCaption[3];
      const beside = sharedX(island.box, grown) > -12 && sharedY(island.box, grown) > -12;
      if (!(
        inCore ||
        (between && !isHeading(island, columns, bodySize)) ||
        (beside && isLabel(island, columns, bodySize))
      ))
        continue;
      kept.push(island);
      grown = union([grown, island.box]);
      added = true;
    }
  }
  return kept;
}

/** Text of a drawing, and not a heading or formula of the paper that happens to stand next to it. */
function isLabel(island: Island, columns: readonly Column[], bodySize: number): boolean {
  if (!isTextOnly(island))
    return island.atoms.every(({ kind }) => kind !== "rule") || width(island.box) < 200;
  if (isHeading(island, columns, bodySize)) return false;
  return textSize(island) < bodySize * 0.97 || island.atoms.length > 1 || width(island.box) < 120;
}

function isHeading(island: Island, columns: readonly Column[], bodySize: number): boolean {
  if (!isTextOnly(island) || textSize(island) < bodySize * 0.97) return false;
  const flush = columns.some(({ x0 }) => Math.abs(island.box[0] - x0) < 3);
  const lines = island.atoms.flatMap(({ line }) => (line ? [line] : []));
  const strong = lines.some(
    (line) =>
      mainRun(line).bold ||
      mainRun(line).size > bodySize * 1.08 ||
      /^\d+(?:\.\d+)*\.?\s+\p{Lu}/u.test(line.text),
  );
  return flush && (strong || lines.length === 1);
}

/** A figure of nothing but text and rules: what stands near the caption without a wide gap. */
function textFigure(islands: readonly Island[], side: Side, caption: Caption): Island[] {
  if (side === "left" || side === "right") return [];
  return nearRun(islands, side, caption, 22);
}

function tableParts(islands: readonly Island[], side: Side, caption: Caption): Island[] {
  if (side === "left" || side === "right") return [];
  const run = nearRun(islands, side, caption, 20);
  // Where there are wide rules, the table ends with the last of them.
  const rules = run.flatMap(({ atoms }) =>
    atoms.filter(({ kind, box }) => kind === "rule" && width(box) > 40),
  );
  if (rules.length < 2) return run;
  const ruled = union(rules.map(({ box }) => box));
  return run
    .map(({ atoms }) => atoms.filter(({ box }) => sharedY(box, ruled) > -3 || height(ruled) < 15))
    .filter((atoms) => atoms.length > 0)
    .map((atoms: Atom[]) => ({ atoms, box: union(atoms.map(({ box }) => box)) }));
}

/** The islands from the caption on, up to a gap of more than `most` points. */
function nearRun(islands: readonly Island[], side: Side, caption: Caption, most: number): Island[] {
  const away = ({ box }: Island) => (side === "above" ? caption.box[1] - box[3] : box[1] - caption.box[3]);
  const sorted = [...islands].sort((a, b) => away(a) - away(b));
  const run: Island[] = [];
  let reached = 12;
  for (const island of sorted) {
    if (away(island) > reached + most) break;
    run.push(island);
    reached = Math.max(reached, away(island) + height(island.box));
  }
  return run;
}

function meritOf(
  kept: readonly Island[],
  box: Box,
  graphic: boolean,
  distance: number,
  side: Side,
  caption: Caption,
  region: Box,
): number {
  if (width(box) < 20 || height(box) < 10) return 0;
  const near = 1 - Math.min(1, distance / 90);
  const across =
    side === "above" || side === "below"
      ? Math.abs(centre(box)[0] - centre(caption.box)[0]) / Math.max(60, width(region))
      : Math.abs(centre(box)[1] - centre(caption.box)[1]) / Math.max(60, height(box));
  const aligned = 1 - Math.min(1, across * 2);
  const beside = side === "left" || side === "right" ? 0.5 : 0;
  if (caption.float === "table") {
    const rules = kept
      .flatMap(({ atoms }) => atoms)
      .filter((atom) => atom.kind === "rule" && width(atom.box) > 40);
    return (
      near * 1.5 +
      aligned +
      (rules.length >= 2 ? 1.5 : 0) +
      (kept.flatMap(({ atoms }) => atoms).length > 3 ? 0.5 : 0)
    );
  }
  const size = Math.min(1, inkArea(kept.filter(isGraphic)) / 6000);
  return Math.max(0, (graphic ? 1.5 + size : 0.2) + near * 1.5 + aligned - beside);
}
