import { describe, expect, test } from "vitest";
import { form } from "../../../../kernel-lib/src/scores/form.js";
import { copiedShare } from "../../../../kernel-lib/src/scores/form/copying.js";
import { readableShare } from "../../../../kernel-lib/src/scores/form/readability.js";
import { movingTypeTokenRatio, repeatedShare } from "../../../../kernel-lib/src/scores/form/repetition.js";
import { scorerOf } from "../../../../kernel-lib/src/scores/named.js";
import { sampleFigure } from "../dataset/samples.js";

const words = (text: string) => text.split(" ");

describe("distinct words", () => {
  test("are the mean over windows, as counted window by window", () => {
    const text = words("a b a c a b d d d e f a");
    const windows = Array.from(
      { length: text.length - 4 },
      (_, at) => new Set(text.slice(at, at + 5)).size / 5,
    );
    const expected = windows.reduce((sum, one) => sum + one, 0) / windows.length;
    expect(movingTypeTokenRatio(text, 5)).toBeCloseTo(expected, 12);
  });

  test("do not fall with length alone, as the plain ratio does", () => {
    const cycle = Array.from({ length: 30 }, (_, i) => `w${i}`);
    const long = [...cycle, ...cycle, ...cycle];
    expect(movingTypeTokenRatio(long, 20)).toBe(movingTypeTokenRatio(cycle, 20));
    expect(new Set(long).size / long.length).toBeLessThan(0.5);
  });

  test("say nothing of a text shorter than the window", () => {
    expect(movingTypeTokenRatio(words("a b"), 3)).toBeNull();
  });
});

test("repeated runs are the share that stood before", () => {
  // Runs of two: ab bc ca ab bc — two of five stood before.
  expect(repeatedShare(words("a b c a b c"), 2)).toBeCloseTo(2 / 5, 12);
  expect(repeatedShare(words("a b c d"), 2)).toBe(0);
  expect(repeatedShare(words("a"), 2)).toBeNull();
});

describe("copied words", () => {
  test("are those in runs long enough, each counted once", () => {
    const text = words("x the red curve falls off quickly y off quickly z");
    const source = words("here the red curve falls off quickly indeed");
    expect(copiedShare(text, [source], 3)).toBeCloseTo(6 / 11, 12);
    expect(copiedShare(text, [source], 7)).toBe(0);
  });

  test("need a source, and a run never joins two", () => {
    expect(copiedShare(words("a b c"), [], 2)).toBeNull();
    expect(copiedShare(words("a b c d"), [words("a b"), words("c d")], 3)).toBe(0);
  });
});

describe("readability of symbols", () => {
  test.each([
    ["The mass M⊙ is 3×10⁵ ± 2 µm, naïve café, 星 ∇²φ", 1],
    ["ab\ufffd\ue000", 0.5],
    [String.raw`x \alpha`, 1 / 7],
    ["5 &deg; C", 2 / 7],
    ["AT&T; R&D", 1],
    ["ab (cid:12)", 2 / 10],
    ["GÃ¶", 1 / 3],
    ["\ud800a", 0.5],
    ["a\u0007", 0.5],
  ])("%j", (text, share) => {
    expect(readableShare(text)).toBeCloseTo(share, 12);
  });

  test("says nothing of an empty caption", () => {
    expect(readableShare(" \n")).toBeNull();
  });
});

describe("the form of a caption", () => {
  const figure = sampleFigure("p1", 0, {
    caption: "Light curve of the star.",
    contexts: [
      { text: "We see that the flux falls by half each day.", section: null, paragraph: 0, sentences: [] },
    ],
  });
  const paper = { paper_id: "p1", title: null, abstract: null };
  const measured = async (caption: string, text: string) => {
    const input = { figure, paper, image: null, figure_text: null, caption, text };
    const { scores } = await form().score(input, { signal: new AbortController().signal });
    return Object.fromEntries(scores.map((score) => [score.metric, score]));
  };

  test("gives all of its metrics, counting characters and not their halves", async () => {
    const {
      characters,
      sentences,
      words: count,
      copied,
      ...rest
    } = await measured("new", "𝔸. In Fig. 2 the flux falls by half each day.");
    expect(characters).toMatchObject({ value: 45, scorer: "form", scorer_version: 1, truncated: 0 });
    expect([sentences!.value, count!.value]).toEqual([2, 11]);
    expect(copied!.value).toBeCloseTo(7 / 11, 12);
    expect(Object.keys(rest)).toEqual(["distinct-words", "repeated", "symbols"]);
  });

  test("tells what is copied from the raw caption apart, which is no source for itself", async () => {
    const detail = async (caption: string) =>
      JSON.parse((await measured(caption, "Light curve of the star."))["copied"]!.detail!) as unknown;
    expect(await detail("new")).toEqual({ from_raw_caption: 1 });
    expect(await detail("raw")).toEqual({ from_raw_caption: null });
  });

  test("says nothing where there is nothing to count by", async () => {
    const found = await measured("raw", "");
    const values = Object.entries(found).map(([metric, { value }]) => [metric, value]);
    expect(Object.fromEntries(values)).toEqual({
      ...{ characters: 0, words: 0, sentences: 0 },
      ...{ "distinct-words": null, repeated: null, copied: null, symbols: null },
    });
  });

  test("of very long captions the first part is read, and that is told", async () => {
    const found = await measured("new", "word ".repeat(100_000));
    expect(found["characters"]).toMatchObject({ value: 500_000 });
    expect(found["words"]!.truncated).toBeCloseTo(1 - 262_144 / 500_000, 12);
  });

  test("can be asked for by name", () => {
    expect(scorerOf("form")).toMatchObject({ metric: "characters", spec: { kind: "form", options: {} } });
  });
});
