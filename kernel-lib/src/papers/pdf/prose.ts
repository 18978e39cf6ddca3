/** The body of a paper as its PDF prints it: paragraphs under their sections, and the abstract before them. */
import type { Paragraph } from "../../model.js";
import { CITATION, tidy } from "../markup/tidy.js";
import { readBlocks, type TextBlock } from "./blocks.js";
import { contains } from "./boxes.js";
import { columnsOf, type Column } from "./columns.js";
import { headingOf } from "./headings.js";
import { readFront } from "./front.js";
import { joinLines, vocabularyOf, type Vocabulary } from "./hyphens.js";
import type { Layout } from "./layout.js";
import { numberEdges, withoutLineNumbers, withoutPageNumber } from "./line-numbers.js";
import { withoutNotes } from "./notes.js";
import type { Box } from "./page.js";

/** What is no running text: pictures, tables, captions. */
export interface Taken {
  /** From 1. */
  page: number;
  box: Box;
}

export interface Prose {
  abstract: string | null;
  paragraphs: Paragraph[];
  /** Words that stand whole in the text, to join parted ones by. */
  vocabulary: Vocabulary;
}

const REFERENCES =
  /^(?:references?(?: and notes)?(?: cited)?|literature(?: cited)?|bibliography|works cited|notes and references|cited literature)$/i;
/** Sections that say nothing about figures, as JATS keeps them out of the body. */
const BACK_MATTER =
  /^(?:acknowledge?ments?|acknowledge?ments? and .*|funding(?: (?:information|sources?|statement))?|author(?:s|s'|’s|s’)? contributions?(?: statement)?|competing (?:financial )?interests?(?: statement)?|(?:declaration of )?conflicts? of interests?|declaration of competing interests?|orcid.*|publisher[’']s note|keywords?|index terms|contents|table of contents|list of (?:figures|tables)|disclosures?)$/i;
/** Reads the body; the text of `taken` stays out of it. */
export function readProse(layout: Layout, taken: readonly Taken[]): Prose {
  const edges = numberEdges(layout.pages.map(({ lines }) => lines));
  const columns = layout.pages.flatMap(({ page, lines }) => {
    const boxes = taken.flatMap((other) => (other.page === page.number ? [other.box] : []));
    const free = lines.filter(({ box }) => !boxes.some((other) => isInside(other, box)));
    return columnsOf(page.number, withoutPageNumber(withoutLineNumbers(free, edges)));
  });
  const bodySize = bodySizeOf(columns) ?? layout.bodySize;
  const blocks = readBlocks(withoutNotes(columns, bodySize), bodySize);
  const vocabulary = vocabularyOf(columns.flatMap(({ rows }) => rows.map(({ text }) => text)));
  return { ...assemble(blocks, vocabulary, bodySize), vocabulary };
}

/** Size of most rows that fill their column, the reference list aside. */
function bodySizeOf(columns: readonly Column[]): number | undefined {
  const counts = new Map<number, number>();
  for (const { rows, left, right } of columns) {
    const list = rows.findIndex(({ text }) => REFERENCES.test(headingOf(text).title));
    for (const { box, size, text } of list < 0 ? rows : rows.slice(0, list))
      if (box[2] - box[0] > 0.85 * (right - left) && (text.match(/\p{L}{3,}/gu)?.length ?? 0) > 4)
        counts.set(size, (counts.get(size) ?? 0) + 1);
    if (list >= 0) break;
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Whether most of a line stands in a box. */
function isInside(outer: Box, inner: Box): boolean {
  const middle: Box = [inner[0], (inner[1] + inner[3]) / 2, inner[2], (inner[1] + inner[3]) / 2];
  return contains(outer, middle, 2);
}

type Part = "body" | "back" | "references";

function assemble(
  blocks: readonly TextBlock[],
  vocabulary: Vocabulary,
  bodySize: number,
): Pick<Prose, "abstract" | "paragraphs"> {
  const joined = blocks.map(({ rows }) =>
    joinLines(
      rows.map(({ text }) => text),
      vocabulary,
    ),
  );
  const highest = citedNumbers(joined);
  const texts = joined.map((text) => tidy(withoutCitations(text, highest)));
  const { abstract, bodyStart } = readFront(blocks, texts);
  const paragraphs: Paragraph[] = [];
  let part: Part = "body";
  let section: string | null = null;
  for (let i = bodyStart; i < blocks.length; i++) {
    const [block, text] = [blocks[i]!, texts[i]!];
    if (block.kind === "heading") {
      const { title } = headingOf(text);
      part = partOf(block, text, part, bodySize);
      section = part === "body" ? title : null;
    } else if (part === "body" && /^\[1\]\s+\p{Lu}/u.test(joined[i]!)) part = "references";
    if (block.kind === "paragraph" && part === "body" && isProse(text, block, bodySize))
      paragraphs.push({ text, section });
  }
  return { abstract, paragraphs };
}

function partOf({ rows }: TextBlock, text: string, part: Part, bodySize: number): Part {
  const { title, number } = headingOf(text);
  if (REFERENCES.test(title)) return "references";
  if (BACK_MATTER.test(title)) return "back";
  // A line of a table of contents.
  if (part === "back" && /\s\d{1,3}$|(?:\.\s?){4,}/.test(text)) return part;
  if (part !== "references" || LEAVES_REFERENCES.test(text) || /^[A-Z](?:\.\d+)*$/.test(number))
    return "body";
  // After the list comes an appendix; after the one in a table of contents, the paper.
  return number !== "" && (rows[0]!.bold || rows[0]!.size > 1.06 * bodySize) ? "body" : part;
}

const LEAVES_REFERENCES =
  /^(?:[Aa]ppendix|APPENDIX|[Aa]ppendices|[Ss]upplement|SUPPLEMENT|[Ss]upporting [Ii]nformation|(?:[Oo]nline |STAR[★*]? ?)?[Mm]ethods|METHODS|[Ee]xtended [Dd]ata)/u;

/** Sentences rather than notes at a page's foot, lines of a table or letters of a drawing that nobody has claimed. */
function isProse(text: string, { rows }: TextBlock, bodySize: number): boolean {
  const words = text.match(/\p{L}{2,}/gu)?.length ?? 0;
  if (words < 3 || !/\p{Ll}{2}/u.test(text)) return false;
  if (/(?:\.\s?){5,}\s*\d*$/.test(text)) return false;
  if (
    /^(?:supplementary |extended data )?(?:fig(?:ure)?|table)s?\.?\s*[A-Z]?\.?\d+[a-z]?\s*[.:|—–]/i.test(text)
  )
    return false;
  const size = rows.map((row) => row.size).sort((a, b) => a - b)[rows.length >> 1]!;
  if (size < 0.93 * bodySize)
    return words >= 25 && rows.length >= 3 && !/^(?:\d{1,2}|[*†‡§¶a-h])\s?\p{Lu}/u.test(text);
  return words >= 5 || /[.!?:]$/.test(text);
}

/** The highest number of a reference list with numbers in brackets, or of such citations; 0 where there are none. */
function citedNumbers(texts: readonly string[]): number {
  let highest = 0;
  for (const text of texts)
    for (const [, number] of text.matchAll(/(?:^|\s)\[(\d{1,3})\]\s+\p{Lu}/gu))
      if (Number(number) <= highest + 3) highest = Math.max(highest, Number(number));
  if (highest > 0) return highest;
  const cited = new Set(
    texts.flatMap((text) =>
      Array.from(text.matchAll(BRACKETS), ([, numbers]) => numbers!.split(/\D+/)).flat(),
    ),
  );
  return cited.has("1") && cited.size >= MIN_CITED ? Math.max(...Array.from(cited, Number)) : 0;
}

/** Numbers that are cited in brackets, at least, where the reference list has none. */
const MIN_CITED = 6;
const BRACKETS = /(?<=[\p{L}\p{N}.,;:)”"’]\s?)\[(\d{1,3}(?:\s?[,;–—-]\s?\d{1,3})*)\]/gu;

/** Marks the citations of a paper that numbers its references in brackets. */
function withoutCitations(text: string, highest: number): string {
  if (highest < 3) return text;
  return text.replace(BRACKETS, (all, numbers: string) =>
    numbers.split(/\D+/).every((number) => Number(number) >= 1 && Number(number) <= highest) ? CITATION : all,
  );
}
