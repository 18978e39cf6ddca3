import type { Context, Paragraph } from "../../model.js";
import { sentenceRanges, sentencesAt } from "../../text/sentences.js";
import type { Bibliography } from "./citations.js";
import type { Float } from "./floats.js";
import type { Block } from "./paragraphs.js";
import { PlainText } from "./plain.js";
import type { References } from "./references.js";
import type { Braced } from "../markup/scan.js";
import { covering, type Structure } from "./structure.js";
import { MENTION, takeMentions } from "../markup/tidy.js";

export interface Prose {
  paragraphs: Paragraph[];
  /** The paragraphs that refer to each float, in the order of the floats. */
  contexts: Context[][];
}

/** Renders the blocks of the main text and finds those that refer to each float. */
export function readProse(
  source: Braced,
  structure: Structure,
  floats: readonly Float[],
  blocks: readonly Block[],
  references: References,
  bibliography: Bibliography,
): Prose {
  const marked: number[] = [];
  const ends = new Map(floats.map(({ block }) => [block.start, block.end]));
  const plain = new PlainText(
    source,
    (command, labels, at) => {
      const text = references.print(command, labels);
      if (text.includes(MENTION)) marked.push(at);
      return text;
    },
    (at) => ends.get(at),
    bibliography.print,
  );
  const insideFloat = covering(floats.map(({ block }) => block));
  const titles = new Map<number, string>();
  const sectionTitle = ({ section }: Block): string | null => {
    if (!section) return null;
    const known = titles.get(section.start) ?? takeMentions(plain.of(section.start, section.end)).text;
    titles.set(section.start, known);
    return known || null;
  };

  const paragraphs: Paragraph[] = [];
  const contexts: Context[][] = floats.map(() => []);
  for (const block of blocks) {
    const section = sectionTitle(block);
    marked.length = 0;
    const { text, mentions: marks } = takeMentions(plain.of(block.start, block.end));
    if (!/[\p{L}\p{N}]/u.test(text)) continue;
    const order = new Map(marked.map((at, i) => [at, i]));
    const places = new Map<number, number[]>();
    const add = (float: number, position: number | undefined) => {
      const known = places.get(float) ?? [];
      places.set(float, known);
      if (position !== undefined) known.push(position);
    };
    for (const mention of references.mentions(source, structure, block.start, block.end)) {
      if (insideFloat(mention.at)) continue;
      const mark = order.get(mention.at);
      for (const float of mention.floats) add(float, mark === undefined ? undefined : marks[mark]);
    }
    for (const { float, at } of references.typed(text)) add(float, at);
    if (places.size) {
      const sentences = sentenceRanges(text);
      for (const [float, positions] of places)
        contexts[float]!.push({
          text,
          section,
          paragraph: paragraphs.length,
          sentences: sentencesAt(sentences, positions),
        });
    }
    paragraphs.push({ text, section });
  }
  return { paragraphs, contexts };
}
