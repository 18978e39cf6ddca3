import type { Range } from "../../model.js";
import { sentenceRanges } from "../../text/sentences.js";
import type { Embedder, TextVector } from "./embedder.js";

/** A part of a caption that a model reads whole. */
export interface Chunk {
  span: Range;
  vector: Float32Array;
}

export interface EmbeddedCaption {
  /** The caption as one text, cut off at the model's limit. */
  whole: TextVector;
  /** Its sentences; `null` where there are too many. */
  chunks: Chunk[] | null;
}

/** Sentences of the longest caption that is taken apart. */
const MOST_SENTENCES = 512;

/**
 * A caption as one vector and as those of its sentences. A sentence that is longer than the model reads is cut between
 * words into as few parts of like length as fit. Sentences without a token, such as lone signs for a model that passes
 * them over, are left out.
 */
export async function embedCaption(
  text: string,
  embedder: Embedder,
  options: { signal: AbortSignal },
): Promise<EmbeddedCaption> {
  const sentences = sentenceRanges(text);
  if (sentences.length > MOST_SENTENCES) {
    const [whole] = await embedder.texts([text], options);
    return { whole: whole!, chunks: null };
  }
  const alone = sentences.length === 1;
  const texts = alone ? [text] : [text, ...sentences.map(([start, end]) => text.slice(start, end))];
  const [whole, ...others] = await embedder.texts(texts, options);
  const made = alone ? [whole!] : others;
  const parts = sentences.map((span, i) => fitting(text, span, made[i]!, embedder, options));
  return { whole: whole!, chunks: (await Promise.all(parts)).flat() };
}

async function fitting(
  text: string,
  span: Range,
  { vector, tokens, cut }: TextVector,
  embedder: Embedder,
  options: { signal: AbortSignal },
): Promise<Chunk[]> {
  if (tokens === 0) return [];
  // One character that makes more tokens than the model reads is as small as it gets.
  if (cut === 0 || span[1] - span[0] <= 1) return [{ span, vector }];
  const spans = partsOf(text, span, Math.ceil(tokens / (tokens - cut)));
  const made = await embedder.texts(
    spans.map(([start, end]) => text.slice(start, end)),
    options,
  );
  const parts = spans.map((part, i) => fitting(text, part, made[i]!, embedder, options));
  return (await Promise.all(parts)).flat();
}

/** Cuts a range into so many parts, or one fewer where words are long: between words, else between characters. */
function partsOf(text: string, [start, end]: Range, count: number): Range[] {
  const spans: Range[] = [];
  let from = start;
  for (let part = 1; part <= count && from < end; part++) {
    const aim = part === count ? end : Math.max(from + 1, start + Math.round(((end - start) * part) / count));
    const to = part === count ? end : wordEnd(text, from, aim);
    const trimmed = text.slice(from, to).trimEnd();
    if (trimmed !== "") spans.push([from, from + trimmed.length]);
    from = to + (/^\s*/.exec(text.slice(to, end))?.[0].length ?? 0);
  }
  return spans;
}

/** The last end of a word up to there; the place itself, where the word is as long as the part. */
function wordEnd(text: string, from: number, aim: number): number {
  for (let at = aim; at > from; at--) if (/\s/.test(text[at]!)) return at;
  const inPair = /[\uDC00-\uDFFF]/.test(text[aim]!) && /[\uD800-\uDBFF]/.test(text[aim - 1]!);
  return inPair ? aim + 1 : aim;
}
