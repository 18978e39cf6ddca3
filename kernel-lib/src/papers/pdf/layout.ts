/** What kind of text stands where, over the whole paper: the body's type, its columns, what repeats on every page. */
import { height, sharedX, sharedY, width } from "./boxes.js";
import { numberEdges, withoutLineNumbers } from "./line-numbers.js";
import type { Box, Line, Page, Run } from "./page.js";
import { readingAngle, turnedPage, type Angle } from "./turn.js";

export interface Layout {
  /** Points; of most of the paper's text. */
  bodySize: number;
  bodyFont: string;
  /** The fonts of running text. */
  proseFonts: Set<string>;
  /** Points between its lines: many in manuscripts. */
  bodyGap: number;
  /** A page each, in order. */
  pages: PageLayout[];
}

/** A page without its running heads, page numbers, margin line numbers and watermarks. */
export interface PageLayout {
  page: Page;
  /** Degrees clockwise that the page's text is turned as it is shown; `page` is turned back by them. */
  angle: Angle;
  /** Upright lines, from the top down. */
  lines: Line[];
  /** Lines of running text among them. */
  prose: Set<Line>;
  columns: Column[];
}

/** Where running text begins and ends on the lines. */
export interface Column {
  x0: number;
  x1: number;
}

export function readLayout(shown: readonly Page[]): Layout {
  const angles = shown.map(readingAngle);
  const pages = unnumbered(shown.map((page, i) => turnedPage(page, angles[i]!)));
  const { size: bodySize, font: bodyFont } = bodyType(pages);
  const repeated = findRepeated(pages);
  const columns = findColumns(pages.flatMap(({ lines }) => lines));
  const laidOut = pages.map((page, i) => layOut(cleaned(page, repeated), angles[i]!, columns, bodySize));
  return { bodySize, bodyFont, proseFonts: fontsOf(laidOut), bodyGap: gapOf(laidOut), pages: laidOut };
}

/** Pages without line numbers at their sides, those too that are drawn together with the lines. */
function unnumbered(pages: readonly Page[]): Page[] {
  const width = Math.max(0, ...pages.map((page) => page.width));
  const edges = numberEdges(pages.map(({ lines }) => lines)).filter(({ left, at }) =>
    left ? at < width * SIDE : at > width * (1 - SIDE),
  );
  if (edges.length === 0) return [...pages];
  return pages.map((page) => ({ ...page, lines: withoutLineNumbers(page.lines, edges) }));
}

/** Share of running text that a font has at least to be one of its fonts. */
const PROSE_FONT = 0.01;

function fontsOf(pages: readonly PageLayout[]): Set<string> {
  const letters = new Map<string, number>();
  let total = 0;
  for (const { prose } of pages)
    for (const { runs } of prose)
      for (const { font, text } of runs) {
        letters.set(font, (letters.get(font) ?? 0) + text.length);
        total += text.length;
      }
  return new Set([...letters].filter(([, count]) => count >= total * PROSE_FONT).map(([font]) => font));
}

function gapOf(pages: readonly PageLayout[]): number {
  const gaps: number[] = [];
  for (const { prose } of pages.slice(0, 20)) {
    const lines = [...prose].sort((a, b) => a.box[1] - b.box[1]);
    for (const [i, line] of lines.entries()) {
      const below = lines
        .slice(i + 1, i + 8)
        .find(
          (other) => sharedX(line.box, other.box) > width(line.box) * 0.5 && other.box[1] > line.box[1] + 2,
        );
      if (below) gaps.push(below.box[1] - line.box[3]);
    }
  }
  gaps.sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? 0;
}

/** The run that most of a line is set in. */
export function mainRun({ runs }: Pick<Line, "runs">): Run {
  const letters = new Map<string, number>();
  const key = ({ font, size }: Run) => `${font} ${size.toFixed(1)}`;
  for (const run of runs) letters.set(key(run), (letters.get(key(run)) ?? 0) + run.text.length);
  return runs.reduce((best, run) => (letters.get(key(run))! > letters.get(key(best))! ? run : best));
}

export const wordCount = (text: string) => text.match(/\p{L}{2,}/gu)?.length ?? 0;

function bodyType(pages: readonly Page[]): { size: number; font: string } {
  const weights = new Map<string, number>();
  for (const { lines } of pages)
    for (const line of lines) {
      if (wordCount(line.text) < 4) continue;
      for (const { font, size, text } of line.runs) {
        const key = `${size.toFixed(1)} ${font}`;
        weights.set(key, (weights.get(key) ?? 0) + text.length);
      }
    }
  const [most = "10 "] = [...weights].sort((a, b) => b[1] - a[1])[0] ?? [];
  const [size, ...font] = most.split(" ");
  return { size: Number(size), font: font.join(" ") };
}

/** Widths at which many lines begin and end alike, the most common first. */
function findColumns(lines: readonly Line[]): Column[] {
  const counts = new Map<string, { column: Column; count: number }>();
  let total = 0;
  for (const line of lines) {
    if (line.angle !== 0 || wordCount(line.text) < 3) continue;
    total++;
    const [x0, , x1] = line.box;
    const key = `${Math.round(x0 / 4)} ${Math.round(x1 / 4)}`;
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { column: { x0, x1 }, count: 1 });
  }
  const columns: Column[] = [];
  for (const { column, count } of [...counts.values()].sort((a, b) => b.count - a.count)) {
    if (count < Math.max(3, total * 0.02)) break;
    const twin = columns.some(({ x0, x1 }) => Math.abs(x0 - column.x0) < 6 && Math.abs(x1 - column.x1) < 6);
    if (!twin) columns.push(column);
  }
  return columns;
}

const EDGE = 3;

function layOut(page: Page, angle: Angle, known: readonly Column[], bodySize: number): PageLayout {
  const lines = page.lines.filter(({ angle }) => angle === 0).sort((a, b) => a.box[1] - b.box[1]);
  // Columns of the paper, and those of this page alone (one column among two, or other margins).
  const own = findColumns(lines).filter(({ x0, x1 }) => x1 - x0 > page.width * 0.2);
  const columns = angle === 0 ? [...own, ...known] : own;
  const prose = new Set<Line>();
  const inKnown = (line: Line) => angle === 0 && fillsColumn(line, known, bodySize);
  for (const line of lines) if (fillsColumn(line, columns, bodySize)) prose.add(line);
  // Titles of plots below each other begin and end alike too, but stand alone.
  for (const line of lines) if (prose.has(line) && !inKnown(line) && isAlone(line, prose)) prose.delete(line);
  for (const line of [...lines, ...lines.toReversed()])
    if (!prose.has(line) && continues(line, prose, columns)) prose.add(line);
  return { page, angle, lines, prose, columns };
}

function isAlone(line: Line, prose: ReadonlySet<Line>): boolean {
  const { size } = mainRun(line);
  for (const other of prose)
    if (other !== line && sharedX(line.box, other.box) > 0 && -sharedY(line.box, other.box) < size * 1.6)
      return false;
  return true;
}

function fillsColumn(line: Line, columns: readonly Column[], bodySize: number): boolean {
  const [x0, , x1] = line.box;
  const { size } = mainRun(line);
  if (wordCount(line.text) < 4 || size < bodySize * 0.7 || size > bodySize * 1.3) return false;
  return columns.some(
    (column) =>
      Math.abs(x0 - column.x0) < EDGE + size * 2 &&
      Math.abs(x1 - column.x1) < EDGE + size * (Math.abs(x0 - column.x0) < EDGE ? 2 : 0.5),
  );
}

/** Whether a line is the short first or last one of a paragraph: right above or below running text, flush with it. */
function continues(line: Line, prose: ReadonlySet<Line>, columns: readonly Column[]): boolean {
  const { size } = mainRun(line);
  for (const other of prose) {
    const gap = -sharedY(line.box, other.box);
    if (gap > size * 0.65 || gap < -size * 0.5 || sharedX(line.box, other.box) <= 0) continue;
    if (Math.abs(mainRun(other).size - size) > size * 0.12) continue;
    const column = columns.find(({ x0, x1 }) => other.box[0] >= x0 - EDGE && other.box[2] <= x1 + EDGE);
    if (!column) continue;
    if (line.box[2] > column.x1 + EDGE) continue;
    const indent = line.box[0] - column.x0;
    if (Math.abs(indent) < size * 0.4 || (line.box[1] < other.box[1] && indent > 0 && indent < size * 3))
      return true;
  }
  return false;
}

/** Share of the page's height, at its top and bottom, that running heads stand in, and their ornaments. */
const HEAD = 0.18;
const MARGIN = 0.12;

/** Share of the pages that a watermark is on. */
const USUAL = 0.6;

interface Repeated {
  lines: Set<string>;
  boxes: Set<string>;
  /** Those on most pages: watermarks. */
  usual: Set<string>;
}

const lineKey = ({ text, box }: Line) =>
  `${text.replace(/\d+|\b[ivxlc]+\b/g, "#")} ${Math.round(box[1] / 3)}`;
const boxKey = (box: Box) => box.map((edge) => Math.round(edge / 2)).join(" ");

/** What stands at the same place on many pages. */
function findRepeated(pages: readonly Page[]): Repeated {
  const often = Math.max(3, pages.length * 0.3);
  const count = (keysOf: (page: Page) => string[]) => {
    const counts = new Map<string, number>();
    for (const page of pages)
      for (const key of new Set(keysOf(page))) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  const above = (counts: Map<string, number>, least: number) =>
    new Set([...counts].filter(([, n]) => n >= least).map(([key]) => key));
  const boxes = count(({ images, paths }) => [...images, ...paths].map(boxKey));
  return {
    lines: above(
      count((page) => page.lines.map(lineKey)),
      Math.min(often, 4),
    ),
    boxes: above(boxes, often),
    usual: above(boxes, Math.max(4, pages.length * USUAL)),
  };
}

/** Share of the page that a rule between columns or under a running head is at least as long as. */
const LONG = 0.6;

function cleaned(page: Page, repeated: Repeated): Page {
  const inMargin = ([, y0, , y1]: Box) => y1 < page.height * MARGIN || y0 > page.height * (1 - MARGIN);
  const isRunning = (line: Line) => {
    if (line.angle !== 0) return repeated.lines.has(lineKey(line)) && isAtSide(line.box, page);
    const inHead = line.box[3] < page.height * HEAD || line.box[1] > page.height * (1 - HEAD);
    return (inHead && repeated.lines.has(lineKey(line))) || isPageNumber(line, page);
  };
  const numbered = marginNumbers(page);
  const lines = page.lines.filter((line) => !isRunning(line) && !numbered.has(line));
  const texts = lines.filter((line) => wordCount(line.text) >= 4);
  const isFigure = (box: Box) => {
    if (width(box) > page.width * 0.95 && height(box) > page.height * 0.9) return false;
    if (!repeated.boxes.has(boxKey(box))) return true;
    if (repeated.usual.has(boxKey(box))) return false;
    const overText = texts.filter(
      (line) => sharedX(line.box, box) > width(line.box) / 2 && sharedY(line.box, box) > 0,
    );
    const isSeparator =
      Math.min(width(box), height(box)) < 2 &&
      (width(box) > page.width * LONG || height(box) > page.height * LONG);
    return !(inMargin(box) || isSeparator || overText.length >= 3);
  };
  return { ...page, lines, images: page.images.filter(isFigure), paths: page.paths.filter(isFigure) };
}

const SIDE = 0.16;
const isAtSide = ([x0, , x1]: Box, { width: whole }: Page) => x1 < whole * SIDE || x0 > whole * (1 - SIDE);

const isPageNumber = ({ text, box }: Line, page: Page) =>
  /^[-–—\s]*(?:page\s*)?(?:\d{1,4}|[ivxlc]+)(?:\s*(?:of|\/)\s*\d+)?[-–—\s]*$/i.test(text) &&
  (box[3] < page.height * 0.09 || box[1] > page.height * 0.91);

/** The numbers that drafts carry beside each line. */
function marginNumbers(page: Page): Set<Line> {
  const numbers = page.lines.filter(
    ({ text, angle, box }) => angle === 0 && /^\d{1,4}$/.test(text) && isAtSide(box, page),
  );
  const found = new Set<Line>();
  for (const edge of [0, 2] as const) {
    const groups = new Map<number, Line[]>();
    for (const line of numbers) {
      const key = Math.round(line.box[edge] / 3);
      groups.set(key, [...(groups.get(key) ?? []), line]);
    }
    for (const group of groups.values())
      if (group.length >= 8 && areLineNumbers(group)) for (const line of group) found.add(line);
  }
  return found;
}

function areLineNumbers(lines: readonly Line[]): boolean {
  const values = [...lines].sort((a, b) => a.box[1] - b.box[1]).map(({ text }) => Number(text));
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  const step = steps[0]!;
  return step > 0 && step <= 5 && steps.filter((other) => other === step).length >= steps.length * 0.9;
}
