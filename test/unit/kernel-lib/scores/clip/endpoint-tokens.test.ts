import { expect, test } from "vitest";
import { forTower, marksOf, tokensOf } from "../../../../../kernel-lib/src/scores/clip/endpoint-tokens.js";

const CLIP = { lowerCase: false, start: [90], end: [91], fill: null };
const SIGLIP = { lowerCase: true, start: [], end: [1], fill: 0 };

test("a text that fits CLIP goes with its marks, and nothing fills it", () => {
  expect(forTower([5, 6], CLIP, 6)).toEqual({ ids: [90, 5, 6, 91], tokens: 2, cut: 0 });
});

test("what is longer is cut before the mark of its end", () => {
  expect(forTower([5, 6, 7, 8, 9], CLIP, 6)).toEqual({ ids: [90, 5, 6, 7, 8, 91], tokens: 5, cut: 1 });
  expect(forTower([5, 6, 7, 8, 9], SIGLIP, 4)).toEqual({ ids: [5, 6, 7, 1], tokens: 5, cut: 2 });
});

test("SigLIP's texts are filled up to its length", () => {
  expect(forTower([5, 6], SIGLIP, 6)).toEqual({ ids: [5, 6, 1, 0, 0, 0], tokens: 2, cut: 0 });
  expect(forTower([], SIGLIP, 3)).toEqual({ ids: [1, 0, 0], tokens: 0, cut: 0 });
});

/** A tokenizer of one id a letter, with these marks. */
const tokenizer =
  (start: Record<string, number>, end: Record<string, number>, special: Record<string, number> = {}) =>
  async (_: string, body: object) => {
    const { prompt, add_special_tokens = true } = body as { prompt: string; add_special_tokens?: boolean };
    const words =
      prompt in special
        ? { [prompt]: special[prompt]! }
        : Object.fromEntries([...prompt].map((letter) => [letter, letter.charCodeAt(0)]));
    const all = add_special_tokens ? { ...start, ...words, ...end } : words;
    return { tokens: Object.values(all), token_strs: Object.keys(all) };
  };

test.each([
  ["CLIP", tokenizer({ "<|startoftext|>": 90 }, { "<|endoftext|>": 91 }), CLIP],
  ["SigLIP", tokenizer({}, { "</s>": 1 }), { ...SIGLIP, fill: 1 }],
  ["the second SigLIP", tokenizer({}, { "<eos>": 1 }, { "<pad>": 0 }), SIGLIP],
])("%s is known by its marks", async (_, post, marks) => {
  expect(await marksOf("m", post)).toEqual(marks);
  expect(await tokensOf("m", "aBc", marks, post)).toEqual(
    [...(marks.lowerCase ? "abc" : "aBc")].map((letter) => letter.charCodeAt(0)),
  );
});

test("another family is refused, since its texts would be read in a way of their own", async () => {
  await expect(marksOf("qwen3-vl-embedding", tokenizer({}, {}))).rejects.toThrow(
    /none of the CLIP or SigLIP family/,
  );
  await expect(marksOf("e5", tokenizer({ "<s>": 0 }, { "</s>": 2, "<x>": 3 }))).rejects.toThrow(
    /\(<s> <\/s> <x>\)/,
  );
});
