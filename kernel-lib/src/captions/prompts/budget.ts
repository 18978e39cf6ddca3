import type { CaptionInput } from "../captioner.js";
import { said } from "./cut.js";
import { defused, MAX_CHARACTERS, oneLine } from "./fence.js";
import type { FieldPath } from "./fields.js";
import { buyParagraphs, type Excerpt } from "./paragraphs.js";
import { LABEL_TOKENS, Purse } from "./purse.js";

/** The paper's words that found room: made harmless, on one line each, not fenced yet. */
export interface Words {
  title: string;
  abstract: string;
  caption: string;
  number: string;
  figure_text: string;
  panels: { number: string; caption: string }[];
  contexts: Excerpt[];
}

export interface Spent {
  words: Words;
  /** Share of the caption's, the panel captions' and the paragraphs' characters, 0..1. */
  kept: number;
}

/** A title of a page is none. */
const TITLE_TOKENS = 64;
/** What text read off the figure may take of what the captions leave. */
const FIGURE_TEXT_SHARE = 1 / 4;

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
  const raw = clean("caption", figure.caption);
  const caption = purse.buy("caption", "caption", raw);
  let [offered, bought] = [raw.length, said(caption)];
  const panels = figure.panels.map((panel) => {
    const letter = purse.buy("panels.number", "panel", clean("panels.number", panel.number), LABEL_TOKENS);
    const whole = clean("panels.caption", panel.caption);
    const part = purse.buy("panels.caption", "panel_caption", whole);
    offered += whole.length;
    bought += said(part);
    return { number: letter, caption: part };
  });
  const readOff = clean("figure_text", joinedLines(figure_text ?? ""));
  const text = purse.buy("figure_text", "figure_text", readOff, purse.left * FIGURE_TEXT_SHARE);
  const contexts = buyParagraphs(figure.contexts, purse);
  const abstract = purse.buy("abstract", "abstract", clean("abstract", paper.abstract));
  return {
    words: {
      ...{ title, abstract, caption, number, figure_text: text },
      panels: panels.filter((panel) => panel.caption !== "" || panel.number !== ""),
      contexts: contexts.excerpts,
    },
    kept:
      offered + contexts.offered > 0
        ? Math.min(1, (bought + contexts.bought) / (offered + contexts.offered))
        : 1,
  };
}

/** Lines of a picture belong together less than lines of a text do. */
function joinedLines(text: string): string {
  const lines = text.slice(0, MAX_CHARACTERS).split("\n");
  return lines.flatMap((line) => line.trim() || []).join(" | ");
}
