/** Where each row of a query stands in a grid. Rows of a query are figures; lines are what stands beside each other. */
import type { Group } from "figloom/views";

export const GAP = 10;
/** Height of a group's heading. */
export const HEADING = 36;

export interface LayoutOptions {
  /** Of the grid, in pixels. */
  width: number;
  /** Smallest width of a tile. */
  size: number;
  /** Height of the text below a picture. */
  text: number;
  total: number;
  groups: readonly Group[] | null;
  /** First rows of the groups that are folded. */
  folded: ReadonlySet<number>;
}

/** Rows under one heading, or all of them. */
export interface Section {
  group: Group | null;
  from: number;
  count: number;
  folded: boolean;
  top: number;
  /** Where its tiles begin. */
  body: number;
  bottom: number;
}

export interface Layout {
  columns: number;
  tile: { width: number; height: number };
  /** From one tile's corner to the next one's. */
  stride: { x: number; y: number };
  height: number;
  /** In order; together they hold all rows. */
  sections: Section[];
}

export function layOut({ width, size, text, total, groups, folded }: LayoutOptions): Layout {
  const columns = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  const tileWidth = Math.max(1, Math.floor((width - (columns - 1) * GAP) / columns));
  const tile = { width: tileWidth, height: Math.round((tileWidth * 3) / 4) + text };
  const stride = { x: tile.width + GAP, y: tile.height + GAP };
  let top = 0;
  const sections = stretches(total, groups).map(({ group, from, count }): Section => {
    const isFolded = group !== null && folded.has(from);
    const body = top + (group === null ? 0 : HEADING);
    const bottom = body + (isFolded ? 0 : Math.ceil(count / columns) * stride.y);
    const section = { group, from, count, folded: isFolded, top, body, bottom };
    top = bottom;
    return section;
  });
  return { columns, tile, stride, height: top, sections };
}

/** The groups, and the rows that belong to none of them. */
function stretches(
  total: number,
  groups: readonly Group[] | null,
): Pick<Section, "group" | "from" | "count">[] {
  const named = (groups ?? [])
    .filter(({ from, count }) => count > 0 && from < total)
    .map((group) => ({ group, from: group.from, count: Math.min(group.count, total - group.from) }));
  const last = named.at(-1);
  const end = last ? last.from + last.count : 0;
  return end < total ? [...named, { group: null, from: end, count: total - end }] : named;
}

/** The last section for which `before` holds; it holds for a beginning of them. */
function lastSection({ sections }: Layout, before: (section: Section) => boolean): number {
  let [low, high] = [0, sections.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (before(sections[middle]!)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const indexOfRow = (layout: Layout, row: number): number => lastSection(layout, ({ from }) => from <= row);
const indexAt = (layout: Layout, y: number): number => lastSection(layout, ({ top }) => top <= y);

/** The section that is at height `y`; `null` where there are no rows. */
export function sectionAt(layout: Layout, y: number): Section | null {
  return layout.sections[indexAt(layout, y)] ?? null;
}

/** Upper left corner of a row's tile; where its group is folded, that of the heading. */
export function placeOf(layout: Layout, row: number): { x: number; y: number } {
  const section = layout.sections[indexOfRow(layout, row)];
  if (!section) return { x: 0, y: 0 };
  if (section.folded) return { x: 0, y: section.top };
  const index = row - section.from;
  const line = Math.floor(index / layout.columns);
  return { x: (index % layout.columns) * layout.stride.x, y: section.body + line * layout.stride.y };
}

/** The row whose tile is at height `y` in a column, or next to it; `null` where all is folded. */
export function rowAt(layout: Layout, y: number, column = 0): number | null {
  const at = indexAt(layout, y);
  const open = ({ folded }: Section) => !folded;
  const section = layout.sections.slice(at).find(open) ?? layout.sections.slice(0, at).findLast(open);
  if (!section) return null;
  const lines = Math.ceil(section.count / layout.columns);
  const line = Math.max(0, Math.min(Math.floor((y - section.body) / layout.stride.y), lines - 1));
  return section.from + Math.min(line * layout.columns + column, section.count - 1);
}

/** A half-open range of rows. */
export type Range = readonly [from: number, to: number];

/** What stands between two heights: ranges of rows, and the sections whose headings do. */
export function between(layout: Layout, from: number, to: number): { rows: Range[]; headings: Section[] } {
  const rows: Range[] = [];
  const headings: Section[] = [];
  for (let i = indexAt(layout, from); i < layout.sections.length; i++) {
    const section = layout.sections[i]!;
    if (section.top >= to) break;
    if (section.group && section.body > from) headings.push(section);
    if (section.folded) continue;
    const first = Math.max(0, Math.floor((from - section.body) / layout.stride.y)) * layout.columns;
    const last = Math.ceil((to - section.body) / layout.stride.y) * layout.columns;
    if (first < section.count && last > first)
      rows.push([section.from + first, section.from + Math.min(last, section.count)]);
  }
  return { rows, headings };
}

/**
 * Where a key leads from a row; `null` for a key that does not move. Folded groups are passed over.
 * @param page height of what is seen at once, in pixels
 */
export function stepFrom(layout: Layout, row: number, key: string, page: number): number | null {
  const at = indexOfRow(layout, row);
  const { columns, stride, sections } = layout;
  const section = sections[at];
  if (!section) return null;
  const index = row - section.from;
  const column = index % columns;
  const next = sections.slice(at + 1).find(({ folded }) => !folded);
  const previous = sections.slice(0, at).findLast(({ folded }) => !folded);
  const lastLine = (count: number) => Math.floor((count - 1) / columns);
  const { y } = placeOf(layout, row);
  // Whole lines, so that going back leads to the same row.
  const screen = Math.max(1, Math.floor(page / stride.y)) * stride.y;
  switch (key) {
    case "ArrowRight":
      return !section.folded && index + 1 < section.count ? row + 1 : (next?.from ?? row);
    case "ArrowLeft":
      if (!section.folded && index > 0) return row - 1;
      return previous ? previous.from + previous.count - 1 : row;
    case "ArrowDown":
      if (!section.folded && index < lastLine(section.count) * columns)
        return section.from + Math.min(index + columns, section.count - 1);
      return next ? next.from + Math.min(column, next.count - 1) : row;
    case "ArrowUp":
      if (!section.folded && index >= columns) return row - columns;
      if (!previous) return row;
      return previous.from + Math.min(lastLine(previous.count) * columns + column, previous.count - 1);
    case "PageDown":
      return Math.max(row, rowAt(layout, y + screen, column) ?? row);
    case "PageUp":
      return Math.min(row, rowAt(layout, y - screen, column) ?? row);
    case "Home":
      return sections.find(({ folded }) => !folded)?.from ?? row;
    case "End": {
      const last = sections.findLast(({ folded }) => !folded);
      return last ? last.from + last.count - 1 : row;
    }
    default:
      return null;
  }
}
