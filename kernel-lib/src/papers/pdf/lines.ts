/** Glyphs put together to lines of text. */
import type { Glyphs } from "../../pdfium/messages.js";
import type { Box, Line, Run } from "./page.js";
import { union } from "./boxes.js";

/** All of these in parts of the font size. */
const WORD_GAP = 0.13;
/** A gap as narrow as this is a word's end only where the file says that there is a space. */
const SPACED_WORD_GAP = 0.03;
/** Gaps that a line goes on over: justified spaces, the one behind a section's number. Gutters are wider. */
const LINE_GAP = 1.15;
/** The same between pieces that the file draws apart from each other. */
const PIECE_GAP = 0.6;
/** How far back the pen goes within a line: for an accent, or a second script over the first. */
const STEP_BACK = 2;
/** How far scripts stand off the base line. */
const SCRIPT_SHIFT = 0.55;
const SAME_BASE = 0.3;

/** Degrees that text may be off the upright, or off a quarter turn. */
const SKEW = 4;

/** A glyph with the line's direction turned to the right. */
interface Placed {
  index: number;
  /** Along the line: the cell from `start` to `end`. */
  start: number;
  end: number;
  /** Across it, downwards. */
  base: number;
  size: number;
}

interface Piece {
  angle: Line["angle"];
  glyphs: Placed[];
  start: number;
  end: number;
  /** Of its largest glyph. */
  base: number;
  size: number;
}

export interface PageText {
  lines: Line[];
  /** Text that is neither upright nor turned by a quarter, such as slanted tick labels and watermarks: glyph boxes. */
  slanted: Box[];
}

/** Lines of a page in the order in which the file draws their beginnings. */
export function readLines(glyphs: Glyphs, sheet: Box): PageText {
  const slanted: Box[] = [];
  const pieces: Piece[] = [];
  for (let i = 0; i < glyphs.codes.length; i++) {
    const ink = inkOf(glyphs, i);
    if (!isOn(ink, sheet)) continue;
    const angle = quarterOf(glyphs.angles[i]!);
    if (angle === undefined) slanted.push(ink);
    else addGlyph(pieces, place(glyphs, i, angle), angle);
  }
  return { lines: joinPieces(pieces).map((piece) => toLine(piece, glyphs)), slanted };
}

function quarterOf(degrees: number): Line["angle"] | undefined {
  const quarter = Math.round(degrees / 90) * 90;
  return Math.abs(degrees - quarter) <= SKEW ? ((quarter % 360) as Line["angle"]) : undefined;
}

const isOn = ([x0, y0, x1, y1]: Box, sheet: Box) =>
  x1 > sheet[0] && x0 < sheet[2] && y1 > sheet[1] && y0 < sheet[3];

const inkOf = ({ ink }: Glyphs, i: number): Box => [
  ink[4 * i]!,
  ink[4 * i + 1]!,
  ink[4 * i + 2]!,
  ink[4 * i + 3]!,
];

function place({ cells, origins, sizes }: Glyphs, index: number, angle: Line["angle"]): Placed {
  const [x, y] = [origins[2 * index]!, origins[2 * index + 1]!];
  const [x0, y0, x1, y1] = cells.subarray(4 * index, 4 * index + 4) as unknown as Box;
  const size = Math.max(sizes[index]!, 0.1);
  switch (angle) {
    case 0:
      return { index, size, start: Math.min(x, x1), end: x1, base: y };
    case 90:
      return { index, size, start: Math.min(y, y1), end: y1, base: -x };
    case 180:
      return { index, size, start: Math.min(-x, -x0), end: -x0, base: -y };
    case 270:
      return { index, size, start: Math.min(-y, -y0), end: -y0, base: x };
  }
}

function addGlyph(pieces: Piece[], glyph: Placed, angle: Line["angle"]): void {
  const last = pieces.at(-1);
  if (last && last.angle === angle && follows(last, glyph)) {
    last.glyphs.push(glyph);
    last.start = Math.min(last.start, glyph.start);
    last.end = Math.max(last.end, glyph.end);
    if (glyph.size > last.size) Object.assign(last, { size: glyph.size, base: glyph.base });
    return;
  }
  const { start, end, base, size } = glyph;
  pieces.push({ angle, glyphs: [glyph], start, end, base, size });
}

function follows(piece: Piece, glyph: Placed): boolean {
  const em = Math.max(piece.size, glyph.size);
  const gap = glyph.start - piece.glyphs.at(-1)!.end;
  if (gap > LINE_GAP * em || gap < -STEP_BACK * em || glyph.start < piece.start - em / 2) return false;
  const shift = Math.abs(glyph.base - piece.base);
  return shift <= SAME_BASE * em || (shift <= SCRIPT_SHIFT * em && glyph.size !== piece.size);
}

/** A page of more pieces is a drawing made of letters; they stay apart. */
const MANY_PIECES = 20_000;

/** Puts pieces together that stand on one base line with no more than a word's space between them. */
function joinPieces(pieces: readonly Piece[]): readonly Piece[] {
  if (pieces.length > MANY_PIECES) return pieces;
  const order = new Map(pieces.map((piece, i) => [piece, i]));
  const sorted = [...pieces].sort((a, b) => a.angle - b.angle || a.base - b.base || a.start - b.start);
  const gone = new Set<Piece>();
  for (const [i, piece] of sorted.entries()) {
    if (gone.has(piece)) continue;
    for (let grown = true; grown;) {
      grown = false;
      for (const other of nearby(sorted, i, piece)) {
        if (other === piece || gone.has(other) || !isBeside(piece, other)) continue;
        absorb(piece, other);
        order.set(piece, Math.min(order.get(piece)!, order.get(other)!));
        gone.add(other);
        grown = true;
      }
    }
  }
  return sorted.filter((piece) => !gone.has(piece)).sort((a, b) => order.get(a)! - order.get(b)!);
}

function* nearby(sorted: readonly Piece[], from: number, piece: Piece): Generator<Piece> {
  for (let k = from + 1; k < sorted.length; k++) {
    const other = sorted[k]!;
    if (other.angle !== piece.angle || other.base - piece.base > piece.size + 2) return;
    yield other;
  }
}

function isBeside(a: Piece, b: Piece): boolean {
  const em = Math.max(a.size, b.size);
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  const alike = small.size > 0.8 * large.size;
  if (Math.abs(a.base - b.base) > (alike ? SAME_BASE / 2 : SCRIPT_SHIFT) * em) return false;
  const gap = Math.max(a.start, b.start) - Math.min(a.end, b.end);
  return gap <= PIECE_GAP * Math.min(a.size, b.size) && gap > -0.5 * em;
}

function absorb(piece: Piece, other: Piece): void {
  const [first, second] = piece.start <= other.start ? [piece, other] : [other, piece];
  piece.glyphs = [...first.glyphs, ...second.glyphs];
  piece.start = Math.min(piece.start, other.start);
  piece.end = Math.max(piece.end, other.end);
  if (other.size > piece.size) Object.assign(piece, { size: other.size, base: other.base });
}

function toLine({ angle, glyphs: placed }: Piece, glyphs: Glyphs): Line {
  const runs: Run[] = [];
  let boxes: Box[] = [];
  let text = "";
  const style = (i: number) => `${glyphs.fonts[i]} ${glyphs.sizes[i]!.toFixed(1)}`;
  const close = (index: number) => {
    const { name: font, bold, italic } = glyphs.fontTable[glyphs.fonts[index]!]!;
    const size = Math.round(glyphs.sizes[index]! * 100) / 100;
    runs.push({ text, box: union(boxes), font, size, bold, italic });
    [text, boxes] = ["", []];
  };
  for (const [k, { index }] of placed.entries()) {
    const before = placed[k - 1];
    if (before) {
      if (isWordEnd(before, placed[k]!, glyphs.spaced[index] === 1)) text += " ";
      if (style(index) !== style(before.index)) close(before.index);
    }
    text += characterOf(glyphs.codes[index]!);
    boxes.push(inkOf(glyphs, index));
  }
  close(placed.at(-1)!.index);
  return { text: runs.map((run) => run.text).join(""), box: union(runs.map((run) => run.box)), angle, runs };
}

function isWordEnd(before: Placed, after: Placed, spaced: boolean): boolean {
  const gap = (after.start - before.end) / Math.max(before.size, after.size);
  return gap > WORD_GAP || (spaced && gap > SPACED_WORD_GAP);
}

/** Ligatures come apart; everything else stays as the font names it. */
function characterOf(code: number): string {
  const character = String.fromCodePoint(code <= 0x10ffff ? code : 0xfffd);
  return code >= 0xfb00 && code <= 0xfb06 ? character.normalize("NFKC") : character;
}
