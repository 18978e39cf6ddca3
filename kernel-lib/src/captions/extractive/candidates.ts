import type { Context, Figure } from "../../model.js";
import { numbers } from "../../text/numbers.js";
import { sentenceRanges } from "../../text/sentences.js";
import { shared, terms, words } from "../../text/words.js";
import { VISUAL } from "./lexicon.js";
import { rewrite } from "./rewrite.js";
import { content } from "./said.js";

/** A sentence that may join the caption. */
export interface Candidate {
  text: string;
  /** What it says, see {@link content}. */
  content: Set<string>;
  /** Position in reading order over all paragraphs. */
  order: number;
  /** The sentence that must come right before it, where it points back. */
  needs: Candidate | null;
  /** Higher is better; see docs/baselines.md. */
  rank: number;
}

/** How many sentences after a reference still go on about the figure, unless another figure takes over. */
const REACH = 3;
const MAX_PARAGRAPH_CHARACTERS = 20_000;

/**
 * The sentences of the paragraphs that mention the figure: those that refer to it; those that follow, where they name
 * a number or something to be seen, or share words with the caption; and the one before, where it shares words with the
 * caption. `topic` are the terms of raw and panel captions.
 */
export function candidates(figure: Figure, topic: ReadonlySet<string>): Candidate[] {
  return figure.contexts.flatMap((context, index) => ofParagraph(figure, context, index, topic));
}

function ofParagraph(
  figure: Figure,
  context: Context,
  paragraph: number,
  topic: ReadonlySet<string>,
): Candidate[] {
  const text = context.text.slice(0, MAX_PARAGRAPH_CHARACTERS);
  const ranges = sentenceRanges(text);
  const refers = ranges.map(([start, end]) =>
    context.sentences.some(([from, to]) => from < end && start < to),
  );
  const found: Candidate[] = [];
  let previous: Candidate | null = null;
  let subject: ReadonlySet<string> = topic;
  let distance = Infinity;
  ranges.forEach(([start, end], i) => {
    const source = text.slice(start, end);
    distance = refers[i] ? 0 : distance + 1;
    if (refers[i]) subject = new Set([...topic, ...terms(source)]);
    const rewritten = rewrite(source, figure);
    if (!rewritten || (rewritten.dangling && !previous)) {
      previous = null;
      return;
    }
    const own = terms(rewritten.text);
    const candidate: Candidate = {
      text: rewritten.text,
      content: content(rewritten.text),
      order: paragraph * 1000 + i,
      needs: rewritten.dangling ? previous : null,
      rank: rankOf(rewritten.text, own, topic, { refers: refers[i]!, distance, paragraph, sentence: i }),
    };
    previous = candidate;
    const goesOn =
      distance <= REACH && (visualWords(candidate.text) > 0 || numbers(candidate.text).length > 0);
    const near = refers[i] || distance <= REACH || refers[i + 1] === true;
    const related = refers[i] || goesOn || candidate.needs !== null || shared(own, subject) >= 2;
    if (near && related) found.push(candidate);
  });
  return found;
}

function visualWords(text: string): number {
  return words(text).filter((word) => VISUAL.has(word.text.toLowerCase())).length;
}

interface Standing {
  refers: boolean;
  distance: number;
  paragraph: number;
  sentence: number;
}

function rankOf(text: string, own: Set<string>, topic: ReadonlySet<string>, standing: Standing): number {
  return (
    (standing.refers ? 3 : 1 - 0.25 * Math.min(standing.distance, REACH)) +
    3 * (shared(own, topic) / Math.max(4, own.size)) +
    Math.min(1.5, 0.5 * visualWords(text)) +
    (numbers(text).length > 0 ? 0.5 : 0) -
    0.1 * Math.min(10, standing.sentence) -
    0.2 * Math.min(10, standing.paragraph) -
    (text.length > 250 ? 0.5 : 0)
  );
}
