/** Lines of one column that stand on one base line, as one row of text. */
import { sharedX, sharedY, height, union } from "./boxes.js";
import { baseOf, lineText, sizeOf } from "./line-text.js";
import type { Box, Line, Run } from "./page.js";

export interface Row {
  text: string;
  box: Box;
  /** Points, of most of its letters. */
  size: number;
  /** Points from the top of the page. */
  base: number;
  /** Whether nearly all of its letters are. */
  bold: boolean;
  italic: boolean;
  /** Font of most of its letters. */
  font: string;
  runs: readonly Run[];
}

/** Pieces of a row that a further one is held against. */
const MAX_PIECES = 30;

/** Lines put together to rows, from the top to the bottom. */
export function rowsOf(lines: readonly Line[]): Row[] {
  const groups: Line[][] = [];
  const sorted = [...lines].sort((a, b) => a.box[1] + a.box[3] - b.box[1] - b.box[3]);
  for (const line of sorted) {
    const group = groups
      .slice(-3)
      .findLast((known) => known.slice(-MAX_PIECES).every((other) => isBeside(other, line)));
    if (group) group.push(line);
    else groups.push([line]);
  }
  return groups.map(toRow);
}

const isBeside = (a: Line, b: Line) =>
  sharedY(a.box, b.box) > 0.5 * Math.min(height(a.box), height(b.box)) && sharedX(a.box, b.box) < 1;

function toRow(lines: Line[]): Row {
  lines.sort((a, b) => a.box[0] - b.box[0]);
  const runs = lines.flatMap((line) => line.runs);
  const size = sizeOf({ runs });
  const letters = (test: (run: Run) => boolean) =>
    runs.reduce((n, run) => n + (test(run) ? run.text.replace(/[^\p{L}\p{N}]+/gu, "").length : 0), 0);
  const all = Math.max(
    1,
    letters(() => true),
  );
  const fonts = new Map<string, number>();
  for (const { font, text } of runs) fonts.set(font, (fonts.get(font) ?? 0) + text.length);
  return {
    text: lines
      .reduce(
        (text, line, i) => text + (i > 0 && !isInitial(lines[i - 1]!, line) ? " " : "") + lineText(line),
        "",
      )
      .trim(),
    box: union(lines.map((line) => line.box)),
    size,
    base: baseOf({ runs }, size),
    bold: letters((run) => run.bold) > 0.85 * all,
    italic: letters((run) => run.italic) > 0.85 * all,
    font: [...fonts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "",
    runs,
  };
}

/** Whether a line is the large first letter of a paragraph. */
const isInitial = (line: Line, next: Line) =>
  /^\p{Lu}$/u.test(line.text.trim()) && sizeOf(line) > 1.6 * sizeOf(next) && /^\p{L}/u.test(next.text);
