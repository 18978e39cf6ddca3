/** What stands before a paper's body: title, authors, abstract. */
import type { TextBlock } from "./blocks.js";
import { union } from "./boxes.js";
import { headingOf } from "./headings.js";

export interface Front {
  abstract: string | null;
  /** Position of the first block of the body. */
  bodyStart: number;
}

const ABSTRACT = /^(?:abstract|summary)$/i;
const ABSTRACT_OPENS = /^(?:abstract|ABSTRACT|Abstract|Summary|SUMMARY)\s*(?:[.:—–-]+\s*|(?=\p{Lu}))/u;
const BODY_TITLE =
  /^(?:introduction|background|motivation|main|significance|results?|(?:materials? and )?methods?|related work|discussion)\b/i;
/** What stands between title and body without being a part of either. */
const ASIDE =
  /^(?:keywords?|key words|index terms|subject headings|unified astronomy thesaurus|pacs|msc|jel|doi\b|received|accepted|published|\(?dated|submitted|draft|\W{0,3}correspond|e-?mail|copyright|©|this is an open access|citation:|edit(?:or|ed by)|disclaimer|preprint)/i;

/** Pages within which a body begins. */
const MAX_PAGES = 4;
/** Words of an abstract without a title, at least, and of a paragraph behind its title. */
const MIN_WORDS = 40;
const FEW_WORDS = 10;

/** The abstract, by its title or as the first real text; `texts` are those of the blocks. */
export function readFront(blocks: readonly TextBlock[], texts: readonly string[]): Front {
  const end = blocks.findIndex(({ page }) => page > MAX_PAGES);
  const front = blocks.slice(0, end < 0 ? undefined : end);
  const opens = front.findIndex(({ kind }, i) =>
    kind === "heading" ? ABSTRACT.test(headingOf(texts[i]!).title) : ABSTRACT_OPENS.test(texts[i]!),
  );
  if (opens >= 0) return titledAbstract(blocks, texts, opens);
  const titled = front.findIndex(({ kind }, i) => kind === "heading" && opensBody(texts[i]!));
  const candidates = front.flatMap((block, i) =>
    block.kind === "paragraph" && (titled < 0 || i < titled) && isRunningText(texts[i]!) ? [i] : [],
  );
  const [first, second] = candidates;
  if (first === undefined) return { abstract: null, bodyStart: Math.max(0, titled) };
  const bodyStart = second ?? (titled < 0 ? first + 1 : titled);
  return { abstract: texts[first]!, bodyStart };
}

/** Whether a title is one of the body's. */
function opensBody(text: string): boolean {
  const { title, number } = headingOf(text);
  return number === "1" || number === "I" || BODY_TITLE.test(title);
}

function titledAbstract(blocks: readonly TextBlock[], texts: readonly string[], opens: number): Front {
  const said: number[] = [];
  let i = opens;
  if (blocks[opens]!.kind === "heading") i++;
  for (; i < blocks.length; i++) {
    if (blocks[i]!.kind === "heading") {
      if (said.length) break;
      continue;
    }
    if (ASIDE.test(texts[i]!)) continue;
    if (said.length && isSetApart(blocks[said[0]!]!, blocks[i]!)) break;
    if (said.length || isRunningText(texts[i]!, FEW_WORDS) || i === opens) said.push(i);
  }
  const abstract = said.map((at) => texts[at]!.replace(ABSTRACT_OPENS, "")).join(" ");
  return { abstract: abstract.trim() || null, bodyStart: i };
}

/** Sentences, rather than names and addresses. */
function isRunningText(text: string, least = MIN_WORDS): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  const small = words.filter((word) => /^\p{Ll}/u.test(word)).length;
  return words.length >= least && small > 0.6 * words.length && /[.!?]/.test(text) && !ASIDE.test(text);
}

/** Whether a block is set in another size or width than the abstract, or stands on another page. */
function isSetApart(abstract: TextBlock, block: TextBlock): boolean {
  if (block.page !== abstract.page) return true;
  const { size } = block.rows[0]!;
  if (Math.abs(size - abstract.rows[0]!.size) > 0.05 * size) return true;
  if (block.rows.length < 3 || abstract.rows.length < 3) return false;
  const [a, b] = [spanOf(abstract), spanOf(block)];
  return Math.abs(a[0] - b[0]) > 1.5 * size || Math.abs(a[1] - b[1]) > 3 * size;
}

/** Where the rows behind a block's first one begin and end. */
function spanOf({ rows }: TextBlock): [left: number, right: number] {
  const [left, , right] = union(rows.slice(1).map(({ box }) => box));
  return [left, right];
}
