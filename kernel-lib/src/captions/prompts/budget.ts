import type { Context } from "../../model.js";
import { sentenceRanges } from "../../text/sentences.js";
import { estimateTokens } from "../../text/tokens.js";
import type { CaptionInput } from "../captioner.js";
import { defused, fenced, oneLine, type Fence } from "./fence.js";
import type { FieldPath } from "./fields.js";

/** The paper's words that found room: defused, on one line each, not fenced yet. */
export interface Words {
  title: string;
  abstract: string;
  caption: string;
  number: string;
  figure_text: string;
  panels: { number: string; caption: string }[];
  /** In the paper's order; the sentences that mention the figure stand between `<refers>` tags. */
  contexts: { text: string; section: string }[];
}

export interface Spent {
  words: Words;
  /** Share of the caption's, the panel captions' and the paragraphs' characters, 0..1. */
  kept: number;
}

/** Short fields are cut to so many tokens: a title of a page is none. */
const TITLE_TOKENS = 64;
const LABEL_TOKENS = 12;
/** What text read off the figure may take of what the captions leave. */
const FIGURE_TEXT_SHARE = 1 / 4;
/** A piece of fewer tokens says nothing. */
const LEAST_TOKENS = 24;
/** Characters that are looked at of one text: what no budget could hold. */
const MAX_CHARACTERS = 60_000;
const MAX_CONTEXTS = 200;

/**
 * Chooses the words about a figure that fit into so many tokens, tags included, by the rule of docs/prompts.md: title
 * and number, the raw caption, the panels' captions, a quarter of the rest for text read off the figure, the
 * paragraphs, the abstract. Only fields that the template prints cost something.
 */
export function spend(
  { figure, paper, figure_text }: CaptionInput,
  prints: ReadonlyMap<FieldPath, number>,
  tokens: number,
): Spent {
  const purse = new Purse(tokens, prints);
  const clean = (path: FieldPath, text: string | null | undefined): string =>
    prints.has(path) ? defused(oneLine((text ?? "").slice(0, MAX_CHARACTERS))) : "";

  const title = purse.buy("title", "title", clean("title", paper.title), TITLE_TOKENS);
  const number = purse.buy("number", "number", clean("number", figure.number), LABEL_TOKENS);
  const wholeCaption = clean("caption", figure.caption);
  const caption = purse.buy("caption", "caption", wholeCaption);
  const panels = prints.has("panels") ? figure.panels : [];
  const wholePanels = panels.map((panel) => clean("panels.caption", panel.caption));
  const boughtPanels = panels.map((panel, i) => ({
    number: purse.buy("panels.number", "panel", clean("panels.number", panel.number), LABEL_TOKENS),
    caption: purse.buy("panels.caption", "panel_caption", wholePanels[i]!),
  }));
  const text = purse.buy(
    "figure_text",
    "figure_text",
    clean("figure_text", figure_text?.replace(/\s*\n\s*/g, " | ")),
    purse.left * FIGURE_TEXT_SHARE,
  );
  const contexts = buyContexts(prints.has("contexts") ? figure.contexts : [], purse);
  const abstract = purse.buy("abstract", "abstract", clean("abstract", paper.abstract));

  const [offered, bought] = [
    [wholeCaption, ...wholePanels, contexts.offered],
    [caption, ...boughtPanels.map((panel) => panel.caption), contexts.bought],
  ].map((pieces) =>
    pieces.reduce<number>((sum, piece) => sum + (typeof piece === "number" ? piece : said(piece)), 0),
  );
  return {
    words: {
      ...{ title, abstract, caption, number, figure_text: text },
      panels: boughtPanels.filter((panel) => panel.caption !== "" || panel.number !== ""),
      contexts: contexts.paragraphs,
    },
    kept: offered ? Math.min(1, bought! / offered) : 1,
  };
}

/** Characters without the mark of an omission. */
const said = (text: string): number => (text.endsWith(" …") ? text.length - 2 : text.length);

/** What is left of a budget. */
class Purse {
  constructor(
    public left: number,
    private readonly prints: ReadonlyMap<FieldPath, number>,
  ) {}

  /** Pays for a piece that stands in this field, if it can. */
  pay(path: FieldPath, tokens: number): boolean {
    const cost = tokens * Math.max(1, this.prints.get(path) ?? 0);
    if (cost > this.left) return false;
    this.left -= cost;
    return true;
  }

  /** As much of the words as fits, whole sentences where possible. */
  buy(path: FieldPath, fence: Fence, words: string, most = Infinity): string {
    if (words === "") return "";
    const each = Math.min(most, this.left / Math.max(1, this.prints.get(path) ?? 0));
    const part = cut(words, each - tagTokens(fence));
    return part !== "" && this.pay(path, estimateTokens(part) + tagTokens(fence)) ? part : "";
  }
}

/** Both tags of a fence; one more, since pieces are counted one by one. */
const tagTokens = (fence: Fence): number => estimateTokens(fenced(fence, " ")) + 1;

/** The text if it fits; else its first sentences, or where the first one is too long its first words, and `…`. */
function cut(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  if (tokens < 2) return "";
  let [end, left] = [0, tokens - 2];
  for (const [start, stop] of sentenceRanges(text)) {
    left -= estimateTokens(text.slice(start, stop)) + 1;
    if (left < 0) break;
    end = stop;
  }
  if (end > 0) return `${text.slice(0, end)} …`;
  return tokens < LEAST_TOKENS ? "" : cutWords(text, tokens - 2);
}

function cutWords(text: string, tokens: number): string {
  let part = text;
  for (let count = estimateTokens(part); count > tokens; count = estimateTokens(part)) {
    part = part.slice(0, Math.min(part.length - 1, Math.floor((part.length * tokens) / count)));
  }
  const blank = part.lastIndexOf(" ");
  const words = part.length - blank < 64 && blank > 0 ? part.slice(0, blank) : part;
  const whole = words.replace(/[\ud800-\udbff]$/, "").trimEnd();
  return whole === "" ? "" : `${whole} …`;
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
 */
function buyContexts(
  contexts: readonly Context[],
  purse: Purse,
): { paragraphs: Words["contexts"]; offered: number; bought: number } {
  const paragraphs = contexts.slice(0, MAX_CONTEXTS).map(paragraphOf);
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
  return { paragraphs: paragraphs.filter((one) => one.open).map(printed), offered, bought };
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

function paragraphOf({ text, section, sentences }: Context): Paragraph {
  // Of a text without end, what stands around the first mention.
  const from = Math.max(0, (sentences[0]?.[0] ?? 0) - MAX_CHARACTERS / 2);
  const part = text.slice(from, from + MAX_CHARACTERS);
  const ranges = sentenceRanges(part);
  const lines = ranges.map(([start, end]) => oneLine(part.slice(start, end)));
  // All at once, as a mark may reach over the end of a sentence.
  const safe = defused(lines.join(" "));
  let at = 0;
  return {
    section: cut(defused(oneLine((section ?? "").slice(0, 1000))), LABEL_TOKENS * 2),
    open: false,
    full: false,
    sentences: lines.map((line, i) => {
      const [start, end] = ranges[i]!;
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

function printed({ section, sentences }: Paragraph): Words["contexts"][number] {
  const pieces = sentences.flatMap(({ text, refers, bought }, i) => {
    if (bought) return [refers ? fenced("refers", text) : text];
    return i === 0 || sentences[i - 1]!.bought ? ["…"] : [];
  });
  return { section, text: pieces.join(" ") };
}
