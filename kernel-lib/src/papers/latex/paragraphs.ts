import type { Argument, Braced } from "../markup/scan.js";
import type { Float } from "./floats.js";
import type { Part, Structure } from "./structure.js";

/** A block of the main text between empty lines or headings, and the heading it stands under. */
export interface Block extends Part {
  /** Range of the section's title. */
  section: Part | null;
}

const HEADINGS = new Set("part chapter section subsection subsubsection paragraph subparagraph".split(" "));
/** Environments and commands that are no main text. */
const ASIDE =
  /^(?:thebibliography|abstract|abstract\*|keywords|references|CCSXML|titlepage|keyword|keypoints|highlights|CSLReferences|IEEEkeywords|acronym|thenomenclature)$/;

/** Commands with an argument that belongs to the title page. */
const FRONT = new Set(
  (
    "title Title TITLE icmltitle author authors correspondingauthor preprint AUTHOR Author Authors abstract Abstract ABSTRACT abst keywords Keywords KEYWORDS keyword date affil " +
    "affiliation affiliations address institute institution icmlauthor icmlaffiliation email thanks shorttitle shortauthors subtitle " +
    "runningtitle runningauthor titlerunning authorrunning ead pacs PACS subjclass correspondence corres history received accepted"
  ).split(" "),
);

/** The last of the arguments that follow one another directly: a title behind its number, the parts of an abstract. */
function lastOf(source: Braced, first: Argument): Argument {
  let last = first;
  for (let i = 0; i < 4; i++) {
    const next = /^[ \t]*(?:%[^\n]*\n[ \t]*)?\{/.test(source.text.slice(last.next, last.next + 40))
      ? source.group(last.next)
      : null;
    if (!next) break;
    last = next;
  }
  return last;
}

/** Splits the main text into blocks; floats are passed over, and a block may go on behind one. */
export function blocksOf(source: Braced, structure: Structure, floats: readonly Float[]): Block[] {
  const { text } = source;
  const { bodyStart, bodyEnd, controls } = structure;
  const blocks: Block[] = [];
  let section: Part | null = null;
  let start = bodyStart;
  const skips = new Map(floats.map(({ block }) => [block.start, block.end]));
  const flush = (end: number) => {
    if (end > start && /\S/.test(text.slice(start, Math.min(end, start + 2_000))))
      blocks.push({ start, end, section });
  };
  const breaks = blankLines(text, bodyStart, bodyEnd);
  let nextBreak = 0;
  let done = bodyStart;
  const breakBefore = (at: number) => {
    for (; nextBreak < breaks.length && breaks[nextBreak]! < at; nextBreak++) {
      const blank = breaks[nextBreak]!;
      if (blank < done) continue;
      flush(blank);
      start = blank;
    }
  };
  for (const { name, at, next, begins: environment } of controls) {
    if (at < bodyStart || at < done) continue;
    if (at >= bodyEnd) break;
    breakBefore(at);
    const skip = skips.get(at) ?? (environment?.float ? environment.end : undefined);
    if (skip !== undefined) done = skip;
    else if (environment && ASIDE.test(environment.name)) {
      flush(at);
      start = done = environment.end;
    } else if (HEADINGS.has(name)) {
      const opened = text[next] === "*" ? next + 1 : next;
      const title = source.group(source.optional(opened)?.next ?? opened);
      if (!title) continue;
      flush(at);
      start = done = title.next;
      if (!name.endsWith("paragraph")) section = { start: title.start, end: title.end };
    } else if (name === "par" || name === "maketitle" || name === "appendix") {
      flush(at);
      start = next;
    } else if (FRONT.has(name)) {
      const opened = text[next] === "*" ? next + 1 : next;
      let argument = source.group(source.optional(opened)?.next ?? opened);
      if (!argument) continue;
      argument = lastOf(source, argument);
      flush(at);
      start = done = argument.next;
    }
  }
  breakBefore(bodyEnd);
  flush(bodyEnd);
  return blocks;
}

/** Positions of the empty lines. */
function blankLines(text: string, from: number, to: number): number[] {
  const found: number[] = [];
  const pattern = /\n[ \t\r]*\n/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match && match.index < to; match = pattern.exec(text)) {
    found.push(match.index);
    pattern.lastIndex = match.index + match[0].length - 1;
  }
  return found;
}
