/** The numbers that pages carry, and those that drafts print beside their lines. */
import { union } from "./boxes.js";
import type { Line } from "./page.js";

/** Line numbers on a page, at least; fewer may be the items of a list. */
const MIN_NUMBERS = 5;
/** How far apart the edges of numbers in one row may be, in points. */
const EDGE = 2.5;
/** Share of the steps from one number to the next that are alike. */
const MIN_ALIKE = 0.8;

interface Numbered {
  line: Line;
  /** Position of the run that is the number, in its line. */
  run: number;
  value: number;
  edge: number;
}

/** Where line numbers end (in the left margin) or begin (in the right one), in points. */
export interface NumberEdge {
  left: boolean;
  at: number;
}

/** Pages that must have line numbers at one place for a few on another page to be some too. */
const MIN_PAGES = 2;

/** Where a draft has its line numbers; nothing for most papers. */
export function numberEdges(pages: Iterable<readonly Line[]>): NumberEdge[] {
  const edges: (NumberEdge & { pages: number })[] = [];
  for (const lines of pages)
    for (const left of [true, false])
      for (const [{ edge }] of groupsOf(lines, left).filter(areLineNumbers) as [Numbered][]) {
        const known = edges.find((other) => isAt(other, left, edge));
        if (known) known.pages++;
        else edges.push({ left, at: edge, pages: 1 });
      }
  return edges.filter(({ pages: count }) => count >= MIN_PAGES);
}

const isAt = (known: NumberEdge, left: boolean, edge: number) =>
  known.left === left && Math.abs(known.at - edge) <= 2 * EDGE;

/**
 * A page's lines without the line numbers in the margin, be they lines of their own or drawn together with the text.
 * @param edges where the paper has them, so that a page with a few lines loses its few numbers too
 */
export function withoutLineNumbers(lines: readonly Line[], edges: readonly NumberEdge[]): Line[] {
  const numbers = [true, false].flatMap((left) =>
    groupsOf(lines, left)
      .filter(
        (group) =>
          areLineNumbers(group) ||
          (edges.some((known) => isAt(known, left, group[0]!.edge)) && areRising(group)),
      )
      .flat(),
  );
  const found = new Map(numbers.map(({ line, run }) => [line, run]));
  return lines.flatMap((line) => {
    const run = found.get(line);
    if (run === undefined) return [line];
    const runs = line.runs.filter((_, i) => i !== run);
    if (!runs.some(({ text }) => text.trim())) return [];
    const text = runs.map((rest) => rest.text).join("");
    return [{ ...line, runs, text, box: union(runs.map(({ box }) => box)) }];
  });
}

/** Numbers at the margin's side of lines, by where they end or begin. */
function groupsOf(lines: readonly Line[], left: boolean): Numbered[][] {
  const candidates = lines.flatMap((line) => {
    const run = left ? 0 : line.runs.length - 1;
    const { text, box } = line.runs[run]!;
    if (line.angle !== 0 || !/^\s*\d{1,5}\s*$/.test(text)) return [];
    // Numbers in the left margin are flush right, those in the right one flush left or right.
    return [{ line, run, value: Number(text), edge: left ? box[2] : box[0] }];
  });
  candidates.sort((a, b) => a.edge - b.edge);
  const groups: Numbered[][] = [];
  for (const candidate of candidates) {
    const group = groups.at(-1);
    if (group && candidate.edge - group[0]!.edge <= EDGE) group.push(candidate);
    else groups.push([candidate]);
  }
  return groups;
}

const downwards = (group: readonly Numbered[]) =>
  [...group].sort((a, b) => a.line.box[3] - b.line.box[3]).map(({ value }) => value);

function areRising(group: readonly Numbered[]): boolean {
  const values = downwards(group);
  return values.every((value, i) => i === 0 || value > values[i - 1]!);
}

function areLineNumbers(group: readonly Numbered[]): boolean {
  if (group.length < MIN_NUMBERS) return false;
  const values = downwards(group);
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  const [step] = [...steps].sort((a, b) => a - b).slice(steps.length >> 1);
  return (
    step! >= 1 && step! <= 10 && steps.filter((other) => other === step).length >= MIN_ALIKE * steps.length
  );
}

/** A page's lines without a number that stands alone above or below all the rest. */
export function withoutPageNumber(lines: readonly Line[]): Line[] {
  let [top, bottom] = [Infinity, -Infinity];
  for (const { angle, box } of lines) {
    if (angle !== 0) continue;
    top = Math.min(top, box[3]);
    bottom = Math.max(bottom, box[1]);
  }
  const isPageNumber = ({ text, box }: Line) =>
    /^[-–—\s]*(?:\d{1,4}|[ivxl]{1,6})[-–—\s]*$/.test(text) && (box[3] <= top || box[1] >= bottom);
  return lines.filter((line) => !isPageNumber(line));
}
