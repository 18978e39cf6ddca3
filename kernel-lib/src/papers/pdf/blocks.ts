/** Rows of text put together to paragraphs and headings, over columns and pages. */
import type { Column } from "./columns.js";
import { isHeading } from "./headings.js";
import type { Row } from "./rows.js";

export interface TextBlock {
  kind: "heading" | "paragraph";
  /** Page of its first row. */
  page: number;
  /** The column that it begins in. */
  column: Column;
  rows: Row[];
}

/** In parts of the font size. */
const INDENT = 0.7;
const MAX_INDENT = 4.5;
/** In parts of the usual distance between rows. */
const WIDE_GAP = 1.28;
const FAR_GAP = 2.2;
const MAX_TITLE_ROWS = 4;
/** Rows of a paragraph that tell where its next one begins. */
const LAST_ROWS = 8;
/** Blocks that may stand between the parts of a paragraph, and words that make one of text. */
const MAX_BETWEEN = 8;
const FEW_WORDS = 4;
const SENTENCE_END = /[.!?:…][)\]”"’'\uf8f0]*$/u;

/** Paragraphs and headings in the order of reading. */
export function readBlocks(columns: readonly Column[], bodySize: number): TextBlock[] {
  const blocks: TextBlock[] = [];
  const usual = usualStep(columns);
  const indenting = indentsParagraphs(columns, usual);
  for (const column of columns) {
    const own = ownStep(column, usual);
    let above: Row | undefined;
    for (const row of column.rows) {
      const open = blocks.at(-1);
      const place: Place = { column, step: own, indenting, gap: above ? stepOf(above, row) / own : Infinity };
      const width = column.right - column.left;
      const title = isHeading(row, { bodySize, gap: place.gap, width });
      if (open?.kind === "heading" && above && goesOnTitle(open, row, place)) {
        open.rows.push(row);
        // Nobody writes titles as long as that.
        if (open.rows.length > MAX_TITLE_ROWS) open.kind = "paragraph";
      } else {
        const paragraph = title ? undefined : paragraphOf(blocks, row, above, place);
        if (paragraph) paragraph.rows.push(row);
        else blocks.push({ kind: title ? "heading" : "paragraph", page: column.page, column, rows: [row] });
      }
      above = row;
    }
  }
  return blocks;
}

/** The paragraph that a row goes on with, if any. */
function paragraphOf(
  blocks: readonly TextBlock[],
  row: Row,
  above: Row | undefined,
  place: Place,
): TextBlock | undefined {
  const last = blocks.at(-1);
  if (last?.kind === "paragraph" && continues(last, row, above, place)) return last;
  const parted = partedBlock(blocks, row);
  if (parted && /^\p{Ll}/u.test(row.text) && continues(parted, row, above, place)) return parted;
  return besideNotes(blocks, row, place);
}

/** The last paragraph before notes and letters of drawings that stand between its parts. */
function partedBlock(blocks: readonly TextBlock[], row: Row): TextBlock | undefined {
  for (let i = blocks.length - 1; i >= Math.max(0, blocks.length - MAX_BETWEEN); i--) {
    const block = blocks[i]!;
    if (block.kind === "heading") return undefined;
    const known = block.rows.at(-1)!;
    if (Math.abs(known.size - row.size) < 0.03 * row.size && countWords(block) >= FEW_WORDS)
      return i < blocks.length - 1 ? block : undefined;
  }
  return undefined;
}

const countWords = ({ rows }: TextBlock) =>
  rows.slice(0, 3).reduce((n, { text }) => n + (text.match(/\p{L}{2,}/gu)?.length ?? 0), 0);

interface Place {
  column: Column;
  /** Points from one row to the next. */
  step: number;
  /** Whether paragraphs begin with an indent rather than behind a gap. */
  indenting: boolean;
  /** Distance to the row above in the column, in steps. */
  gap: number;
}

/** Distance of two rows, corrected for what a change of size brings. */
const stepOf = (above: Row, row: Row) => row.base - above.base;

function continues(block: TextBlock, row: Row, above: Row | undefined, place: Place): boolean {
  const last = block.rows.at(-1)!;
  const formula = isFormula(row) || isFormula(last);
  if (!formula && Math.abs(row.size - last.size) > 0.12 * Math.max(row.size, last.size)) return false;
  return above === last
    ? continuesBelow(block, last, row, place)
    : continuesElsewhere(block, last, row, above, place);
}

/** A paragraph right above the row that notes in the margin beside it have parted from it. */
function besideNotes(blocks: readonly TextBlock[], row: Row, { column, step }: Place): TextBlock | undefined {
  return blocks.slice(-4, -1).findLast(({ kind, page, rows }) => {
    const last = rows.at(-1)!;
    const gap = (row.base - last.base) / step;
    return (
      kind === "paragraph" &&
      page === column.page &&
      Math.abs(last.size - row.size) < 0.03 * row.size &&
      Math.abs(last.box[0] - row.box[0]) < 0.3 * row.size &&
      gap > 0.5 &&
      gap < WIDE_GAP
    );
  });
}

/** Whether a paragraph goes on in the next row of its column. */
function continuesBelow(
  { rows }: TextBlock,
  last: Row,
  row: Row,
  { column, gap, indenting }: Place,
): boolean {
  const ended = SENTENCE_END.test(last.text);
  const lower = startsLower(row);
  if (isFormula(row)) return gap < 3;
  const known = rows.length > 1 ? rows.slice(Math.max(1, rows.length - LAST_ROWS)) : rows;
  const left = Math.min(...known.map(({ box }) => box[0]));
  if (isFormula(last)) return lower || (row.box[0] - column.left) / row.size < INDENT;
  if (isItem(row) && (ended || gap > WIDE_GAP)) return false;
  if (gap > FAR_GAP) return !ended && lower;
  if (gap > WIDE_GAP) return !ended && (lower || !indenting);
  const shift = (row.box[0] - left) / row.size;
  const finished = ended || wouldFit(row, last, column);
  if (shift > INDENT && Math.abs(row.box[0] - last.box[0]) > 0.3 * row.size) return !finished;
  if (shift < -INDENT) return rows.length === 1 || !ended;
  return lower || !ended || !wouldFit(row, last, column);
}

/** Whether a paragraph goes on in another column or below a float. */
function continuesElsewhere(
  block: TextBlock,
  last: Row,
  row: Row,
  above: Row | undefined,
  { column, indenting }: Place,
): boolean {
  const ended = SENTENCE_END.test(last.text);
  const lower = startsLower(row);
  const indent = (row.box[0] - column.left) / row.size;
  if (isItem(row) || row.italic !== last.italic || row.bold !== last.bold) return false;
  if (indent > INDENT && indent < MAX_INDENT) return !ended && lower;
  if (!ended) return true;
  // Where every paragraph is indented, one that is not has begun before.
  return indenting && !lower && !above && last.box[2] > block.column.right - 1.2 * row.size;
}

const startsLower = ({ text }: Row) => /^[\p{Ll}(,;]/u.test(text);

/** Whether a row's first word had room on the row before it, so that the paragraph must have ended there. */
function wouldFit(row: Row, last: Row, { right }: Column): boolean {
  const length = row.text.search(/\s|$/);
  const word = ((row.box[2] - row.box[0]) * length) / Math.max(1, row.text.length);
  return last.box[2] + word + 0.8 * row.size < right;
}

/** Whether a row is a title's second or third. */
function goesOnTitle({ rows }: TextBlock, row: Row, { gap }: Place): boolean {
  const last = rows.at(-1)!;
  return (
    gap < 1.6 &&
    row.bold === last.bold &&
    row.font === last.font &&
    Math.abs(row.size - last.size) < 0.05 * last.size &&
    !/[.:]$/.test(last.text) &&
    last.box[2] - last.box[0] > 0.5 * (row.box[2] - row.box[0])
  );
}

const isItem = ({ text }: Row) =>
  /^(?:[•◦‣▪●○■–—*]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\[\d{1,3}\]\s)/u.test(text);

/** Rows with few words: displayed mathematics. */
function isFormula({ text, runs }: Row): boolean {
  const words = text.match(/\p{L}{3,}/gu)?.join("").length ?? 0;
  const signs = text.replace(/\s/g, "").length;
  if (/\(\d{1,3}(?:\.\d+)?[a-z]?\)$/.test(text) && words < 0.5 * signs) return true;
  const symbols = runs.some(({ font }) => /^(?:CMMI|CMSY|CMEX|MSBM|.*Math)/i.test(font));
  return words < 0.35 * signs && (symbols || /[=≤≥<>∑∫≈∈±×]/u.test(text));
}

/** The most common distance of rows in parts of the font size. */
function usualStep(columns: readonly Column[]): number {
  return median(columns.flatMap((column) => stepsOf(column).map(({ step, size }) => step / size))) ?? 1.2;
}

/** Points from row to row in a column: its own where it has rows enough. */
function ownStep(column: Column, usual: number): number {
  const steps = stepsOf(column);
  const size = median(column.rows.map((row) => row.size)) ?? 10;
  return steps.length >= 4 ? median(steps.map(({ step }) => step))! : usual * size;
}

function stepsOf({ rows }: Column): { step: number; size: number }[] {
  return rows.flatMap((row, i) => {
    const step = i > 0 ? stepOf(rows[i - 1]!, row) : 0;
    return step > 0.9 * row.size && step < 3 * row.size ? [{ step, size: row.size }] : [];
  });
}

/** Whether rows that begin behind a sentence's end are mostly told by an indent. */
function indentsParagraphs(columns: readonly Column[], usual: number): boolean {
  let [indented, apart] = [0, 0];
  for (const column of columns) {
    const step = ownStep(column, usual);
    for (const [i, row] of column.rows.entries()) {
      const last = column.rows[i - 1];
      if (!last || !SENTENCE_END.test(last.text) || isItem(row) || isFormula(last)) continue;
      const indent = (row.box[0] - column.left) / row.size;
      if (stepOf(last, row) > WIDE_GAP * step) {
        if (indent < INDENT) apart++;
      } else if (indent > INDENT && indent < MAX_INDENT && last.box[0] - column.left < INDENT * row.size)
        indented++;
    }
  }
  return indented > apart;
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
