/** Captions whole: the lines that go on from where they begin. */
import { height, sharedX, sharedY, union, width } from "./boxes.js";
import type { CaptionStart } from "./caption-start.js";
import { mainRun, wordCount, type Column, type Layout, type PageLayout } from "./layout.js";
import type { Box, Line } from "./page.js";

export interface Caption extends CaptionStart {
  /** From the label on, in reading order. */
  lines: Line[];
  box: Box;
}

/** Pieces of text on one height. */
interface Row {
  lines: Line[];
  box: Box;
}

export function readCaptions(starts: readonly CaptionStart[], layout: Layout): Caption[] {
  const first = new Set(starts.map(({ line }) => line));
  return starts.map((start) => {
    const rows = captionRows(start, first, layout);
    const lines = rows.flatMap((row) => row.lines);
    return { ...start, lines, box: union(rows.map((row) => row.box)) };
  });
}

/** Gaps and tolerances in parts of the font size. */
const PIECE_GAP = 2.5;
const TIGHT_GAP = 0.9;

function captionRows(start: CaptionStart, starts: ReadonlySet<Line>, layout: Layout): Row[] {
  const { page } = start;
  const { size } = captionType(start);
  const rows = [rowOf(start.line, page, size, starts)];
  const taken = new Set(rows[0]!.lines);
  let rightEdge = rows[0]!.box[2];
  for (;;) {
    const last = rows.at(-1)!;
    const next = nextRow(last, union(rows.map(({ box }) => box)), page, taken, size, starts);
    if (!next || next.lines.some((line) => starts.has(line))) break;
    if (!goesOn(rows, next, start, rightEdge, layout)) break;
    rows.push(next);
    for (const line of next.lines) taken.add(line);
    rightEdge = Math.max(rightEdge, next.box[2]);
  }
  return rows;
}

/** What the caption's words, its label aside, are set in. */
function captionType({ line, labelLength }: CaptionStart) {
  let passed = 0;
  const rest = line.runs.filter((run) => {
    passed += run.text.length;
    return passed > labelLength + 1;
  });
  return mainRun({ runs: rest.length > 0 ? rest : line.runs });
}

/** A line with the pieces beside it: wide spaces and formulas cut rows. */
function rowOf(line: Line, { lines, columns }: PageLayout, size: number, starts: ReadonlySet<Line>): Row {
  const row: Row = { lines: [line], box: line.box };
  for (let grown = true; grown;) {
    grown = false;
    for (const other of lines) {
      if (row.lines.includes(other) || starts.has(other)) continue;
      const level = sharedY(other.box, row.box) > Math.min(height(other.box), height(row.box)) * 0.5;
      const gap = -sharedX(other.box, row.box);
      if (!level || gap > size * PIECE_GAP || other.box[0] < line.box[0] - size) continue;
      if (mainRun(other).size > size * 1.15 || height(other.box) > size * 2.5) continue;
      const bare = row.lines.length === 1 && wordCount(line.text) <= 1;
      const apart = (gap > size * 1.5 && !bare) || areInColumns(row.box, other.box, columns);
      if (apart && !lines.some((wide) => bridges(wide, row.box, other.box, size))) continue;
      row.lines.push(other);
      row.box = union([row.box, other.box]);
      grown = true;
    }
  }
  row.lines.sort((a, b) => a.box[0] - b.box[0]);
  return row;
}

/** Whether one piece stands in a column and the other in one to the right of it, however narrow the gutter is. */
const areInColumns = (a: Box, b: Box, columns: readonly Column[]) =>
  columns.some(
    (left) =>
      isWithin(a, left) &&
      columns.some((right) => right.x0 > left.x1 && b[0] > left.x1 && isWithin(b, right)),
  );

/** Points that text hangs over the edges of its column. */
const HANGING = 3;

const isWithin = (box: Box, { x0, x1 }: Column) => box[0] >= x0 - HANGING && box[2] <= x1 + HANGING;

/** Whether text just above or below runs through the gap, so that it is no gutter. */
function bridges(line: Line, a: Box, b: Box, size: number): boolean {
  const [left, right] = a[0] < b[0] ? [a, b] : [b, a];
  const gap = -sharedY(line.box, union([a, b]));
  return gap > -size * 0.3 && gap < size && line.box[0] < left[2] - size && line.box[2] > right[0] + size;
}

function nextRow(
  last: Row,
  caption: Box,
  page: PageLayout,
  taken: ReadonlySet<Line>,
  size: number,
  starts: ReadonlySet<Line>,
): Row | undefined {
  let next: Line | undefined;
  for (const line of page.lines) {
    if (taken.has(line) || sharedX(line.box, caption) <= 0) continue;
    const top = line.box[1] - last.box[1];
    if (top < size * 0.4 || line.box[1] - last.box[3] > size * 3) continue;
    if (mainRun(line).size < size * 0.8 && line.text.length < 4) continue; // scripts on their own
    if (
      !next ||
      line.box[1] < next.box[1] - size * 0.3 ||
      (Math.abs(line.box[1] - next.box[1]) <= size * 0.3 && line.box[0] < next.box[0])
    )
      next = line;
  }
  return next && rowOf(next, page, size, starts);
}

function goesOn(
  rows: readonly Row[],
  next: Row,
  start: CaptionStart,
  rightEdge: number,
  layout: Layout,
): boolean {
  const type = captionType(start);
  const { size } = type;
  const last = rows.at(-1)!;
  const main = mainRun({ runs: next.lines.flatMap(({ runs }) => runs) });
  if (Math.abs(main.size - size) > size * 0.08) return false;
  const gap = next.box[1] - last.box[3];
  const usual = rows.length > 1 ? last.box[1] - rows.at(-2)!.box[3] : undefined;
  const limit = usual === undefined ? Math.max(size * TIGHT_GAP, layout.bodyGap * 1.15) : usual + size * 0.4;
  if (gap > limit) return false;
  const first = rows[0]!.box;
  const caption = union(rows.map(({ box }) => box));
  const centred = Math.abs(next.box[0] + next.box[2] - caption[0] - caption[2]) < size;
  if (next.box[0] < first[0] - size * 0.6 && !centred) return false;
  if (next.box[0] > first[0] + Math.max(size * 6, width(first) * 0.3) && !centred) return false;
  const asBody = Math.abs(size - layout.bodySize) < 0.3 && sameFamily(type.font, layout.bodyFont);
  const nextAsBody = Math.abs(main.size - layout.bodySize) < 0.3 && main.font === layout.bodyFont;
  if (!asBody && nextAsBody && !fontsOf(rows, start).has(main.font)) return false;
  // A paragraph has ended where the next word would have fitted on the line.
  const word = firstWordWidth(next);
  const edge = Math.max(rightEdge, next.box[2], columnEdge(start, size));
  const ended = last.box[2] + word + size * 0.3 < edge - size * 0.5;
  const tight = gap <= (usual ?? size * 0.5) + size * 0.2;
  return !ended || (tight && (!asBody || centred));
}

/** The fonts of a caption's words so far, its label aside. */
function fontsOf(rows: readonly Row[], { labelLength }: CaptionStart): Set<string> {
  const [first, ...rest] = rows.flatMap(({ lines }) => lines);
  let passed = 0;
  const opening = first!.runs.filter(({ text }) => (passed += text.length) > labelLength + 1);
  return new Set([...opening, ...rest.flatMap(({ runs }) => runs)].map(({ font }) => font));
}

function columnEdge({ line, page }: CaptionStart, size: number): number {
  const edges = page.columns
    .filter(({ x0, x1 }) => Math.abs(x0 - line.box[0]) < size * 2 && x1 >= line.box[2] - size)
    .map(({ x1 }) => x1);
  return edges.length > 0 ? Math.min(...edges) : 0;
}

function firstWordWidth({ lines }: Row): number {
  const { text, box } = lines[0]!;
  const length = text.search(/\s|$/);
  return (width(box) * length) / Math.max(1, text.length);
}

const sameFamily = (a: string, b: string) => a.slice(0, 4) === b.slice(0, 4);
