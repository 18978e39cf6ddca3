/** What a paper's PDF says of itself: title, identifiers, licence. */
import { creativeCommons } from "../creative-commons.js";
import { tidy } from "../markup/tidy.js";
import { columnsOf } from "./columns.js";
import { joinLines } from "./hyphens.js";
import type { Layout } from "./layout.js";
import { numberEdges, withoutLineNumbers } from "./line-numbers.js";
import type { Page } from "./page.js";
import type { Row } from "./rows.js";

export interface PdfMetadata {
  title: string | null;
  doi: string | null;
  /** Of arXiv's stamp on the first page, without the version. */
  arxivId: string | null;
  /** The category that the stamp names; only the first is on it. */
  categories: string[];
  /** Address of a Creative Commons licence. */
  licence: string | null;
}

const STAMP =
  /arXiv:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})\s*(?:v\d+)?\s*(?:\[\s*([a-z-]+(?:\.[A-Za-z-]{2,})?)\s*\])?/;
const DOI = /\b10\.\d{4,9}\/[-._;()/:\p{L}\p{N}]*[\p{L}\p{N}]/u;
const PLACEHOLDER = /x{4,}|0{7,}|nnnn/i;
/** Archives of data and code, whose identifiers papers cite on their first page. */
const DATA_ARCHIVE = /^10\.(?:5281|6084|5061|7910|17605|5067|25452)\//;

/** Reads the first pages, and the last two for a licence; `given` is the title in the file's properties. */
export function readMetadata(pages: readonly Page[], layout: Layout, given: string): PdfMetadata {
  const first = layout.pages.find(({ lines }) => lines.length > 0);
  const edges = numberEdges(layout.pages.map(({ lines }) => lines));
  const rows = first
    ? columnsOf(first.page.number, withoutLineNumbers(first.lines, edges)).flatMap((column) => column.rows)
    : [];
  const stamp = STAMP.exec(pages[0] ? sideways(pages[0]) : "");
  return {
    title: titleOf(rows, layout.bodySize, given, first?.page.height ?? 0),
    doi: doiOf(pages[0]),
    arxivId: stamp?.[1] ?? null,
    categories: stamp?.[2] ? [stamp[2]] : [],
    licence: licenceOf(pages),
  };
}

/** The text that runs up the side of a page. */
const sideways = ({ lines }: Page) =>
  lines
    .filter(({ angle }) => angle === 270 || angle === 90)
    .sort((a, b) => (a.angle === 270 ? b.box[3] - a.box[3] : a.box[1] - b.box[1]))
    .map(({ text }) => text)
    .join(" ");

const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** Words of a journal, a draft or a series rather than of a title. */
const BANNER =
  /^(?:draft|preprint|typeset|manuscript|journal of|proceedings|published|accepted|submitted|received|research article|original article|review article|article|open access|arxiv|issn|doi\b|https?:|www\.|vol(?:ume)?\.?\s)|\bpreprint\b.*\bstyle\b|\b(?:in|to appear in) press\b/i;

/** What stands largest on the page, or the title in the file's properties where the page has it word for word. */
function titleOf(rows: readonly Row[], bodySize: number, given: string, height: number): string | null {
  const groups = groupsOf(rows.filter(({ box, text }) => box[1] < 0.7 * height && letters(text).length > 1));
  const printed = letters(groups.map(({ text }) => text).join(" "));
  if (given.trim().split(/\s+/).length > 2 && printed.includes(letters(given)))
    return given.trim().replace(/\s+/g, " ");
  const able = groups.filter(({ text }) => letters(text).length > 9 && /\s/.test(text) && !BANNER.test(text));
  const largest = able.reduce((most, { size }) => Math.max(most, size), 0);
  const title =
    largest > 1.08 * bodySize
      ? able.find(({ size }) => size > 0.97 * largest)
      : (able.find(({ row: { bold }, text }) => bold || text === text.toUpperCase()) ?? able[0]);
  return title?.text ?? null;
}

interface Group {
  text: string;
  size: number;
  row: Row;
}

/** Rows of one look that stand below each other. */
function groupsOf(rows: readonly Row[]): Group[] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.at(-1);
    const alike =
      last !== undefined &&
      Math.abs(last.size - row.size) < 0.04 * row.size &&
      last.bold === row.bold &&
      last.font === row.font &&
      row.base > last.base &&
      row.base - last.base < 2.2 * row.size;
    if (alike) groups.at(-1)!.push(row);
    else groups.push([row]);
  }
  return groups.map((group) => ({
    text: tidy(
      joinLines(
        group.map(({ text }) => text),
        NOTHING,
      ),
    ),
    size: group[0]!.size,
    row: group[0]!,
  }));
}

const NOTHING: ReadonlySet<string> = new Set();

/** The identifier that the first page gives as its own. */
function doiOf(page: Page | undefined): string | null {
  const stated = (page?.lines ?? []).map(({ text }) => text).filter((text) => /doi/i.test(text));
  for (const text of stated) {
    const found = DOI.exec(text.replace(/\s*\/\s*/g, "/"))?.[0];
    if (found && !PLACEHOLDER.test(found) && !DATA_ARCHIVE.test(found)) return found;
  }
  return null;
}

/** A licence is stated on the first pages or at the end. */
function licenceOf(pages: readonly Page[]): string | null {
  for (const page of new Set([...pages.slice(0, 2), ...pages.slice(-2)])) {
    const text = page.lines.map((line) => line.text).join(" ");
    for (const match of text.matchAll(/creative\s?commons|\bCC[\s-]?(?:BY|0|zero)\b|open access article/gi)) {
      const found = creativeCommons(text.slice(Math.max(0, match.index - 20), match.index + 220));
      if (found) return found;
    }
  }
  return null;
}
