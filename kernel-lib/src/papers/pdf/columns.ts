/** The order in which a page's lines are read: columns, and what runs over all of them. */
import { height, union, width } from "./boxes.js";
import type { Line } from "./page.js";
import { rowsOf, type Row } from "./rows.js";

/** Rows of one column between two things that run over all columns, or such rows themselves. */
export interface Column {
  page: number;
  /** Left and right edge of the place that its text has, in points. */
  left: number;
  right: number;
  rows: Row[];
}

const [LEFT, RIGHT, CROSSING] = [1, 2, 4];

/** Lines that start at one place, to be the edge of a column. */
const MIN_STARTS = 5;
/** Points over which text stands on both sides of a gutter. */
const MIN_HEIGHT = 28;
/** A column's least width in parts of the text's. */
const MIN_WIDTH = 0.15;
/** How much of the place beside a gutter its lines fill at least, on average. */
const MIN_FILL = 0.3;
/** Share of a column's height that columns in it fill at least. */
const INNER_SHARE = 0.4;
/** Lines of a page that are looked at for gutters, and the height in points of those that are not. */
const MAX_LINES = 4000;
const MAX_HEIGHT = 60;
/** Places that are tried for gutters. */
const MAX_PLACES = 16;
/** Points that the lines of a column are indented at most. */
const MAX_INDENT = 24;
/** How much of a line may hang over into the next column. */
const OVERHANG = 0.12;

/** A page's lines in the order of reading. */
export function columnsOf(page: number, lines: readonly Line[]): Column[] {
  const text = lines.filter((line) => line.angle === 0 && line.text.trim());
  if (!text.length) return [];
  const [left, , right] = union(text.map(({ box }) => box));
  const edges = [left, ...guttersOf(sample(text.filter(isOrdinary)), left, right), right + 1];
  const placed = text.map((line) => ({ line, column: columnOf(line, edges) }));
  const columns: Column[] = [];
  const add = (members: Line[], from: number, to: number) => {
    if (members.length) columns.push({ page, ...bounds(members, from, to), rows: rowsOf(members) });
  };
  for (const band of bandsOf(placed)) {
    for (let i = 0; i + 1 < edges.length; i++)
      add(
        band.flatMap(({ line, column }) => (column === i ? [line] : [])),
        edges[i]!,
        edges[i + 1]!,
      );
    add(
      band.flatMap(({ line, column }) => (column === undefined ? [line] : [])),
      left,
      right,
    );
  }
  return columns;
}

const isOrdinary = ({ text, box }: Line) =>
  text.length >= 8 && height(box) < MAX_HEIGHT && /\p{L}{2}/u.test(text);

/** Lines spread evenly over all of them where there are too many to look at each. */
function sample(lines: readonly Line[]): Line[] {
  const step = Math.ceil(lines.length / MAX_LINES);
  return lines.filter((_, i) => i % step === 0);
}

interface Placed {
  line: Line;
  /** `undefined` for a line that runs over several. */
  column: number | undefined;
}

/** Stretches of a page that are read column by column, each followed by the lines that run over all of them. */
function bandsOf(lines: readonly Placed[]): Placed[][] {
  const sorted = [...lines].sort((a, b) => middle(a.line) - middle(b.line));
  const bands: Placed[][] = [[]];
  let spanning = false;
  for (const placed of sorted) {
    if (spanning && placed.column !== undefined) bands.push([]);
    spanning = placed.column === undefined;
    bands.at(-1)!.push(placed);
  }
  return bands;
}

const middle = ({ box }: Line) => box[1] + box[3];

/** Where a column's lines begin and how far they reach. */
function bounds(lines: readonly Line[], from: number, to: number): { left: number; right: number } {
  const [x0, , x1] = union(lines.map(({ box }) => box));
  return { left: Math.max(from, x0), right: Math.min(to, x1) };
}

function columnOf({ box }: Line, edges: readonly number[]): number | undefined {
  const [x0, , x1] = box;
  for (let i = 0; i + 1 < edges.length; i++) {
    const inside = Math.min(x1, edges[i + 1]!) - Math.max(x0, edges[i]!);
    if (inside >= (1 - OVERHANG) * (x1 - x0)) return i;
  }
  return undefined;
}

/** Left edges of the columns behind the first, by parting the widest gutter first and then what it leaves. */
function guttersOf(lines: readonly Line[], left: number, right: number, outer?: number): number[] {
  const least = MIN_WIDTH * (outer ?? right - left);
  let best = { at: 0, score: 0 };
  for (const start of startsOf(lines)) {
    const at = start - 1;
    if (at - left < least || right - at < least) continue;
    const score = shared(lines, at, left, right);
    if (score > best.score) best = { at, score };
  }
  // A table in a column looks like columns, but never fills it.
  if (!best.score || (outer !== undefined && best.score < INNER_SHARE * inkOf(lines))) return [];
  const [whole, { at }] = [outer ?? right - left, best];
  const before = lines.filter(({ box }) => box[2] <= at);
  const behind = lines.filter(({ box }) => box[0] >= at);
  return [...guttersOf(before, left, at, whole), at, ...guttersOf(behind, at, right, whole)];
}

const inkOf = (lines: readonly Line[]) => lines.reduce((sum, { box }) => sum + height(box), 0);

/** Places where many lines start, the commonest. */
function startsOf(lines: readonly Line[]): number[] {
  const starts = lines.map(({ box }) => box[0]).sort((a, b) => a - b);
  const places: { start: number; count: number }[] = [];
  for (let i = 0; i < starts.length;) {
    let end = i;
    while (end < starts.length && starts[end]! - starts[i]! < 2) end++;
    if (end - i >= MIN_STARTS) places.push({ start: starts[i]!, count: end - i });
    i = end;
  }
  return places
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_PLACES)
    .map(({ start }) => start);
}

/** Points over which text to the left stands beside lines that begin at `at`; 0 where that is no gutter. */
function shared(lines: readonly Line[], at: number, left: number, right: number): number {
  const sides = new Map<number, number>();
  const filled = { left: 0, right: 0 };
  const whole = { left: 0, right: 0 };
  for (const { box } of lines) {
    const side = box[2] <= at ? LEFT : box[0] < at ? CROSSING : box[0] < at + MAX_INDENT ? RIGHT : 0;
    for (let y = Math.round(box[1]); y < Math.round(box[3]); y++) sides.set(y, (sides.get(y) ?? 0) | side);
    if (side === LEFT) {
      filled.left += width(box) * height(box);
      whole.left += (at - left) * height(box);
    } else if (side === RIGHT) {
      filled.right += width(box) * height(box);
      whole.right += (right - at) * height(box);
    }
  }
  if (filled.left < MIN_FILL * whole.left || filled.right < MIN_FILL * whole.right) return 0;
  let beside = 0;
  let crossed = 0;
  for (const side of sides.values()) {
    if (side & RIGHT && side & CROSSING) crossed++;
    else if ((side & (LEFT | RIGHT)) === (LEFT | RIGHT)) beside++;
  }
  return beside >= MIN_HEIGHT && crossed < 0.15 * beside ? beside : 0;
}
