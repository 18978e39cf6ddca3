import type { Context, Paragraph } from "../../model.js";
import { sentenceRanges } from "../../text/sentences.js";
import { ancestor, childAt, childrenOf, descendants } from "./elements.js";
import type { Float } from "./floats.js";
import { plainText, type PlainOptions, type PlainText } from "./plain.js";
import type { FloatReferences } from "./references.js";
import type { Element } from "./xml.js";

export interface Prose {
  paragraphs: Paragraph[];
  /** The paragraphs that refer to each float, in the order of the floats. */
  contexts: Context[][];
}

/** Text inside these belongs to no paragraph of the body. */
const CLOSED = new Set(
  "p fig fig-group table-wrap supplementary-material ref-list fn-group glossary ack disp-formula media".split(
    " ",
  ),
);
const SECTIONS = new Set(["sec", "app", "boxed-text", "sub-article", "response"]);

/**
 * The paragraphs of the body, of appendices, and of responses that bring figures of their own; and which of them
 * refer to each float.
 */
export function readProse(
  root: Element,
  floats: readonly Float[],
  references: FloatReferences,
  options: PlainOptions,
): Prose {
  const prose: Prose = { paragraphs: [], contexts: floats.map(() => []) };
  const texts: (PlainText & { section: string | null; mentioned: Map<number, number[]> })[] = [];
  const titles = new Map<Element, string | null>();
  for (const paragraph of bodiesOf(root, floats).flatMap(paragraphsOf)) {
    const plain = plainText(paragraph, options);
    if (!/[\p{L}\p{N}]/u.test(plain.text)) continue;
    const section = sectionOf(paragraph, titles, options);
    texts.push({ ...plain, section, mentioned: references.mentioned(plain) });
  }
  const linked = new Set(texts.flatMap(({ mentioned }) => [...mentioned.keys()]));
  for (const { text, section, mentioned } of texts) {
    for (const { float, at } of references.typed(text))
      if (!linked.has(float)) mentioned.set(float, [...(mentioned.get(float) ?? []), at]);
    const sentences = mentioned.size ? sentenceRanges(text) : [];
    for (const [float, positions] of mentioned)
      prose.contexts[float]!.push({
        text,
        section,
        paragraph: prose.paragraphs.length,
        sentences: sentences.filter(([start, end]) => positions.some((at) => at >= start && at < end)),
      });
    prose.paragraphs.push({ text, section });
  }
  return prose;
}

function bodiesOf(root: Element, floats: readonly Float[]): Element[] {
  const ownFigures = new Set(
    floats.map(({ element }) => ancestor(element, new Set(["sub-article", "response"]))),
  );
  const answers = [...childrenOf(root, "sub-article"), ...childrenOf(root, "response")];
  return [
    childAt(root, "body"),
    childAt(root, "back", "app-group"),
    ...childrenOf(childAt(root, "back") ?? root, "app"),
    ...answers.filter((answer) => ownFigures.has(answer)).map((answer) => childAt(answer, "body")),
  ].filter((body) => body !== null);
}

function paragraphsOf(body: Element): Element[] {
  return [...descendants(body, ({ name }) => CLOSED.has(name))].filter(({ name }) => name === "p");
}

function sectionOf(
  paragraph: Element,
  titles: Map<Element, string | null>,
  options: PlainOptions,
): string | null {
  const section = ancestor(paragraph, SECTIONS);
  if (!section) return null;
  const known = titles.get(section);
  if (known !== undefined) return known;
  const title =
    childAt(section, "title") ??
    childAt(section, "caption", "title") ??
    childAt(section, "front-stub", "title-group", "article-title");
  const text = (title && plainText(title, options).text) || sectionOf(section, titles, options);
  titles.set(section, text);
  return text;
}
