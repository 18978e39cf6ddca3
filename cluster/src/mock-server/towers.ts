/**
 * What CLIP and SigLIP do with texts, as far as a client has to know it: a tokenizer with the marks of each family, the
 * most tokens, and vectors that are right only where marks and padding are as the family was trained.
 *
 * The vectors are no model's. A text is the sum of its words' directions, so that texts with the same words are alike;
 * a picture is the sum of the words of one true sentence about its pixels and of something of its own. So a caption that
 * says of a picture what is true is more like it than one of another picture.
 */
import { hash32 } from "./hash.js";

export interface Tower {
  /** As vLLM calls it in its errors. */
  family: "CLIP" | "SigLIP";
  /** Most tokens of a text. */
  limit: number;
  vocabulary: number;
  tokenize(text: string, marks: boolean): { tokens: number[]; strings: string[] };
  /** Fills a text up to the limit, as `padding: "max_length"` has it. */
  padded(tokens: readonly number[]): number[];
  /** Of length 1. */
  textVector(tokens: readonly number[]): Float32Array;
  /** @param remark a sentence about its pixels @param sha hash of its bytes */
  pictureVector(remark: string, sha: string): Float32Array;
}

interface Family {
  name: Tower["family"];
  limit: number;
  vocabulary: number;
  start: string | null;
  end: string;
  pad: string;
  /** Ids of these. */
  special: Readonly<Record<string, number>>;
}

const CLIP: Family = {
  name: "CLIP",
  limit: 77,
  vocabulary: 49_408,
  start: "<|startoftext|>",
  end: "<|endoftext|>",
  pad: "<|endoftext|>",
  special: { "<|startoftext|>": 49_406, "<|endoftext|>": 49_407 },
};
const SIGLIP: Family = {
  name: "SigLIP",
  limit: 64,
  vocabulary: 32_000,
  start: null,
  end: "</s>",
  pad: "</s>",
  special: { "</s>": 1 },
};
/** Its second version has Gemma's tokenizer. */
const SIGLIP2: Family = {
  ...SIGLIP,
  vocabulary: 256_000,
  end: "<eos>",
  pad: "<pad>",
  special: { "<pad>": 0, "<eos>": 1 },
};

/** Numbers of a vector. */
const WIDTH = 64;
/** First id of a word: those below are special in one family or the other. */
const FIRST_WORD = 4;
/** How much of a picture is its own, where the sentence about it is 1. */
const OWN = 0.3;

/** The tower that a model's name tells. */
export function towerOf(model: string): Tower {
  const family = /siglip2/i.test(model) ? SIGLIP2 : /siglip/i.test(model) ? SIGLIP : CLIP;
  const { limit, special, start, end, pad, vocabulary } = family;
  const words = vocabulary - 2 - FIRST_WORD;
  const idOf = (word: string): number =>
    Object.hasOwn(special, word) ? special[word]! : FIRST_WORD + (hash32(word) % words);
  const strings = (text: string): string[] =>
    text.toLowerCase().match(/<(?:pad|eos)>|[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
  const ofWords = (tokens: readonly number[]) => sum(tokens.map((token) => direction(String(token))));
  const marks = new Set(Object.values(special));
  return {
    ...{ family: family.name, limit, vocabulary },
    tokenize(text, withMarks) {
      const found = strings(text);
      const all = withMarks ? [...(start === null ? [] : [start]), ...found, end] : found;
      return { tokens: all.map(idOf), strings: all };
    },
    padded: (tokens) => [...tokens, ...Array<number>(Math.max(0, limit - tokens.length)).fill(special[pad]!)],
    textVector(tokens) {
      const isRight =
        family.name === "CLIP"
          ? tokens[0] === special[start!] && tokens.at(-1) === special[end]
          : tokens.length === limit;
      const said = ofWords(tokens.filter((token) => !marks.has(token)));
      // Read in another way than it was trained, a tower gives a vector all the same.
      return unit(isRight ? said : sum([direction("astray"), scaled(said, -0.1)]));
    },
    pictureVector(remark, sha) {
      const said = unit(ofWords(strings(remark).map(idOf)));
      return unit(sum([said, scaled(direction(sha), OWN)]));
    },
  };
}

/** A direction of length 1 that stands for a text. */
function direction(text: string): Float32Array {
  return unit(Float32Array.from({ length: WIDTH }, (_, i) => hash32(`${text}/${i}`) / 2 ** 31 - 1));
}

function sum(vectors: readonly Float32Array[]): Float32Array {
  const total = new Float32Array(WIDTH);
  for (const vector of vectors) vector.forEach((value, i) => (total[i]! += value));
  return total;
}

const scaled = (vector: Float32Array, by: number): Float32Array => vector.map((value) => value * by);

/** What has no direction, such as a text without words, gets one of its own. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? scaled(vector, 1 / length) : direction("nothing");
}
