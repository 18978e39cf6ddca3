import type { Context } from "../../model.js";
import { sentenceRanges } from "../../text/sentences.js";
import { estimateTokens } from "../../text/tokens.js";
import { cut, said } from "./cut.js";
import { defused, fenced, MAX_CHARACTERS, oneLine } from "./fence.js";
import { tagTokens, type Purse } from "./purse.js";

const MAX_CONTEXTS = 200;
const SECTION_TOKENS = 24;

/** A paragraph with the words that found room, not fenced yet; mentions of the figure stand between `<refers>` tags. */
export interface Excerpt {
  text: string;
  section: string;
}

interface Sentence {
  text: string;
  /** It mentions the figure. */
  refers: boolean;
  bought: boolean;
}

interface Paragraph {
  section: string;
  sentences: Sentence[];
  /** A sentence of it was bought. */
  open: boolean;
  /** No further sentence of it fits. */
  full: boolean;
}

/**
 * Sentences of the paragraphs, in rounds: first those that mention the figure, then those next to them, then those two
 * away, and so on, until nothing more fits. In each round the paragraphs that mention it most often come first, then
 * the earlier ones. A paragraph has no holes except between its mentions.
 * @returns the excerpts in the paper's order, and how many characters there were and found room
 */
export function buyParagraphs(
  contexts: readonly Context[],
  purse: Purse,
): { excerpts: Excerpt[]; offered: number; bought: number } {
  const read = purse.wants("contexts") ? contexts.slice(0, MAX_CONTEXTS) : [];
  const paragraphs = read.map((context) => paragraphOf(context, purse.wants("contexts.section")));
  const offers = paragraphs.flatMap((paragraph, position) => {
    const mentions = paragraph.sentences.filter((sentence) => sentence.refers).length;
    return distances(paragraph).map((distance, i) => ({ paragraph, position, mentions, distance, i }));
  });
  offers.sort(
    (a, b) => a.distance - b.distance || b.mentions - a.mentions || a.position - b.position || a.i - b.i,
  );
  const offered = characters(paragraphs, () => true);
  for (const { paragraph, i } of offers) {
    if (paragraph.full) continue;
    const sentence = paragraph.sentences[i]!;
    const around = tagsAround(paragraph, sentence);
    // One sentence without end would otherwise leave no room for any.
    const text = paragraphs.some((one) => one.open)
      ? sentence.text
      : cut(sentence.text, purse.left - around - 1);
    if (text !== "" && purse.pay("contexts.text", estimateTokens(text) + 1 + around)) {
      sentence.text = text;
      sentence.bought = true;
      paragraph.open = true;
    } else paragraph.full = true;
  }
  const bought = characters(paragraphs, (sentence) => sentence.bought);
  return { excerpts: paragraphs.filter((one) => one.open).map(printed), offered, bought };
}

/** Tokens of tags and marks of omission that come with a sentence; the first one of a paragraph brings the most. */
function tagsAround(paragraph: Paragraph, { refers }: Sentence): number {
  const own = refers ? tagTokens("refers") : 0;
  if (paragraph.open) return own;
  return own + tagTokens("paragraph") + 4 + estimateTokens(fenced("section", paragraph.section)) + 1;
}

function characters(paragraphs: readonly Paragraph[], counts: (sentence: Sentence) => boolean): number {
  let total = 0;
  for (const { sentences } of paragraphs)
    for (const sentence of sentences) if (counts(sentence)) total += said(sentence.text);
  return total;
}

function paragraphOf({ text, section, sentences }: Context, withSection: boolean): Paragraph {
  // Of a text without end, what stands around the first mention.
  const from = Math.max(0, (sentences[0]?.[0] ?? 0) - MAX_CHARACTERS / 2);
  const part = text.slice(from, from + MAX_CHARACTERS);
  const found = sentenceRanges(part)
    .map((range) => ({ range, line: oneLine(part.slice(...range)) }))
    .filter(({ line }) => line !== "");
  // All at once, as a mark may reach over the end of a sentence.
  const safe = defused(found.map(({ line }) => line).join(" "));
  let at = 0;
  return {
    section: withSection ? cut(defused(oneLine((section ?? "").slice(0, 1000))), SECTION_TOKENS) : "",
    open: false,
    full: false,
    sentences: found.map(({ range: [start, end], line }) => {
      const begin = at;
      at += line.length + 1;
      return {
        text: safe.slice(begin, begin + line.length),
        refers: sentences.some(([first, last]) => first - from < end && start < last - from),
        bought: false,
      };
    }),
  };
}

/** How many sentences each is away from the next mention; from the beginning where there is none. */
function distances({ sentences }: Paragraph): number[] {
  const away = sentences.map(({ refers }, i) =>
    refers || (i === 0 && !sentences.some((s) => s.refers)) ? 0 : Infinity,
  );
  for (let i = 1; i < away.length; i++) away[i] = Math.min(away[i]!, away[i - 1]! + 1);
  for (let i = away.length - 2; i >= 0; i--) away[i] = Math.min(away[i]!, away[i + 1]! + 1);
  return away;
}

function printed({ section, sentences }: Paragraph): Excerpt {
  const pieces = sentences.flatMap(({ text, refers, bought }, i) => {
    if (bought) return [refers ? fenced("refers", text) : text];
    return i === 0 || sentences[i - 1]!.bought ? ["…"] : [];
  });
  return { section, text: pieces.join(" ") };
}
