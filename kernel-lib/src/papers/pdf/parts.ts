/** Which of the things near a caption make up its figure or table. */
import { centre, contains, height, overlaps, sharedX, sharedY, union, width } from "./boxes.js";
import type { Caption } from "./captions.js";
import { isGraphic, isTextOnly, linesOf, textSize, type Island } from "./content.js";
import { mainRun, wordCount, type Layout, type PageLayout } from "./layout.js";
import type { Box } from "./page.js";

export type Side = "above" | "below" | "left" | "right";

/** Where a figure is looked for. */
export interface Spot {
  side: Side;
  caption: Caption;
  /** The page's other captions. */
  others: readonly Caption[];
  region: Box;
  /** Nothing stands between the region and the page's edge, so that a float fills it. */
  open: boolean;
  page: PageLayout;
  layout: Layout;
}

/** All lengths in points. */
const TOUCHING = 12;
const TITLE_GAP = 40;
const SUBCAPTION = /^\(?[a-zA-Z\d][).]\s|^\([a-z]\)/;

/** Pictures and drawings, with the text in, between and right beside them. */
export function figureParts(islands: readonly Island[], spot: Spot): Island[] {
  const graphics = islands.filter((island) => isGraphic(island) && isOwn(island, spot));
  if (graphics.length === 0) return textFigure(islands, spot);
  const kept = new Set(graphics);
  let whole = union(graphics.map(({ box }) => box));
  const rest = islands.filter((island) => !isGraphic(island));
  for (let grown = true; grown;) {
    grown = false;
    for (const island of rest) {
      if (kept.has(island) || !belongs(island, whole, spot)) continue;
      kept.add(island);
      whole = union([whole, island.box]);
      grown = true;
    }
  }
  return [...kept];
}

/** A drawing that stands over another caption and not over this one is the other's. */
function isOwn({ box }: Island, { side, caption, others }: Spot): boolean {
  if (side === "left" || side === "right") return sharedY(box, caption.box) > -30;
  if (sharedX(box, caption.box) > 0) return true;
  return !others.some(
    (other) =>
      sharedX(box, other.box) > width(box) * 0.4 &&
      (side === "above" ? other.box[1] >= box[3] - 2 : other.box[3] <= box[1] + 2),
  );
}

/** Whether an island of text, or of text and rules, is a part of the figure around `whole`. */
function belongs(island: Island, whole: Box, spot: Spot): boolean {
  const { box } = island;
  const [x, y] = centre(box);
  if (x > whole[0] - 4 && x < whole[2] + 4 && y > whole[1] && y < whole[3]) return true;
  if (isRuleOnly(island)) return isOwnRule(box, whole);
  if (isHeading(island, spot) || isCode(island, spot)) return false;
  const touching = sharedX(box, whole) > -TOUCHING && sharedY(box, whole) > -TOUCHING;
  if (linesOf(island).some(({ text }) => SUBCAPTION.test(text)) && touching) return true;
  const foreign = isForeign(island, spot);
  if (isBetween(box, whole, spot)) return true;
  if (sharedY(box, whole) > height(box) * 0.7)
    return touching || foreign || !isTextOnly(island) || textSize(island) < spot.layout.bodySize * 0.97;
  if (sharedX(box, whole) < -TOUCHING) return false;
  const gap = -sharedY(box, whole);
  if (touching) return foreign || isSmall(island, spot) || island.atoms.length > 1 || width(box) < 120;
  return gap < TITLE_GAP && (foreign || (spot.open && gap < TITLE_GAP / 2));
}

function isBetween(box: Box, whole: Box, { side, caption }: Spot): boolean {
  if (side === "left" || side === "right") return false;
  const [x, y] = centre(box);
  const both = union([whole, caption.box]);
  const [top, bottom] = side === "above" ? [whole[3], caption.box[1]] : [caption.box[3], whole[1]];
  return x > both[0] && x < both[2] && y > top - 1 && y < bottom + 1;
}

/** Rules in and right around a drawing, and the strokes of a legend beside it. */
function isOwnRule(box: Box, whole: Box): boolean {
  if (contains(whole, box, TOUCHING)) return width(box) < width(whole) * 1.2;
  const beside = box[1] > whole[1] && box[3] < whole[3] && sharedX(box, whole) > -TOUCHING;
  return beside && width(box) < width(whole) / 4;
}

const isRuleOnly = ({ atoms }: Island) => atoms.every(({ kind }) => kind === "rule");

const isSmall = (island: Island, { layout }: Spot) => textSize(island) < layout.bodySize * 0.97;

/** Set in a type that running text does not have. */
function isForeign(island: Island, { layout }: Spot): boolean {
  const lines = linesOf(island);
  return (
    lines.length > 0 &&
    lines.every((line) => !layout.proseFonts.has(mainRun(line).font)) &&
    lines.some(({ text }) => wordCount(text) > 0)
  );
}

/** Points. */
const FLUSH = 3;

const TYPEWRITER =
  /mono|courier|typewriter|consol|menlo|code|^(?:cm|ec|sf|tx)[a-z]{0,2}tt|^(?:ec|sf)[is]t\d/i;

/** Code between the paper's paragraphs: in typewriter letters of about their size, flush with a column. */
function isCode(island: Island, { page, layout }: Spot): boolean {
  if (!isTextOnly(island) || textSize(island) < layout.bodySize * 0.8) return false;
  if (TYPEWRITER.test(layout.bodyFont)) return false;
  if (!page.columns.some(({ x0 }) => Math.abs(x0 - island.box[0]) < FLUSH)) return false;
  return linesOf(island).every((line) => TYPEWRITER.test(mainRun(line).font));
}

/** A heading of the paper, or the short line of a paragraph. */
function isHeading(island: Island, spot: Spot): boolean {
  const { page, layout } = spot;
  if (!isTextOnly(island) || isSmall(island, spot)) return false;
  const lines = linesOf(island);
  const centred = page.columns.some(
    ({ x0, x1 }) => Math.abs(island.box[0] + island.box[2] - x0 - x1) < 6 && island.box[0] >= x0,
  );
  const flush = page.columns.some(({ x0 }) => Math.abs(island.box[0] - x0) < 3);
  const strong = lines.some((line) => {
    const { bold, size } = mainRun(line);
    return bold || size > layout.bodySize * 1.08;
  });
  const numbered = lines.some(({ text }) => /^(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])\.?\s+\p{Lu}/u.test(text));
  const lone = lines.length === 1 && !isForeign(island, spot);
  return (flush && (strong || numbered || lone)) || (centred && numbered && lines.length <= 2);
}

/** A figure of text, such as a listing: what stands near the caption without a wide gap. */
function textFigure(islands: readonly Island[], spot: Spot): Island[] {
  if (spot.side === "left" || spot.side === "right") return [];
  const run = nearRun(
    islands.filter((island) => !isHeading(island, spot) && isOwn(island, spot)),
    spot,
    30,
  );
  return run.some((island) => !isRuleOnly(island)) ? run : [];
}

/** Whether text stands for a figure by itself: as a listing, or within rules. */
export function isListing(islands: readonly Island[], spot: Spot): boolean {
  const lines = islands.flatMap(linesOf);
  const foreign = lines.filter((line) => !spot.layout.proseFonts.has(mainRun(line).font));
  const ruled = islands
    .flatMap(({ atoms }) => atoms)
    .filter(({ kind, box }) => kind === "rule" && width(box) > 60);
  return foreign.length > lines.length / 2 || ruled.length >= 2;
}

/** Rows of a table, to its last rule where it has rules. */
export function tableParts(islands: readonly Island[], spot: Spot): Island[] {
  if (spot.side === "left" || spot.side === "right") return [];
  const run = nearRun(
    islands.filter((island) => isOwn(island, spot)),
    spot,
    20,
  );
  const rules = run.flatMap(({ atoms }) =>
    atoms.filter(({ kind, box }) => kind === "rule" && width(box) > 40),
  );
  if (rules.length < 2) return run.filter((island) => !isHeading(island, spot));
  const ruled = union(rules.map(({ box }) => box));
  if (height(ruled) < 15) return run;
  return run
    .map(({ atoms }) => atoms.filter(({ box }) => sharedY(box, ruled) > -0.5 || overlaps(box, ruled)))
    .filter((atoms) => atoms.length > 0)
    .map((atoms) => ({ atoms, box: union(atoms.map(({ box }) => box)) }));
}

/** Rows with several pieces of text: what tells a table from lines of text. */
export function rowsWithCells(islands: readonly Island[]): number {
  const lines = islands.flatMap(linesOf);
  return lines.filter((line) =>
    lines.some(
      (other) =>
        other.box[0] > line.box[2] + 4 &&
        sharedY(line.box, other.box) > Math.min(height(line.box), height(other.box)) * 0.5,
    ),
  ).length;
}

/** The islands from the caption on, up to a gap of more than `most` points. */
function nearRun(islands: readonly Island[], { side, caption }: Spot, most: number): Island[] {
  const away = ({ box }: Island) => (side === "above" ? caption.box[1] - box[3] : box[1] - caption.box[3]);
  const run: Island[] = [];
  let reached = TOUCHING;
  for (const island of [...islands].sort((a, b) => away(a) - away(b))) {
    if (away(island) > reached + most) break;
    run.push(island);
    reached = Math.max(reached, away(island) + height(island.box));
  }
  return run;
}
