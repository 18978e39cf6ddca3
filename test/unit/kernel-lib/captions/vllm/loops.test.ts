import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loopIn } from "../../../../../kernel-lib/src/captions/vllm/loops.js";

const SENTENCE = "The red curve shows the measured flux of the source over ten days.";

describe("answers that got stuck", () => {
  test.each([
    ["one word", `A plot of the ${"the ".repeat(20)}`],
    ["a few words, changing case", `${SENTENCE} ${"and the Blue curve ".repeat(6)}`],
    [
      "a phrase, and comes out of it again",
      `Shown is ${"a line, ".repeat(12)} and that is all there is to say.`,
    ],
    ["a number", `Values: ${"0, ".repeat(50)}`],
    ["zeros", `The value is 0.${"0".repeat(200)}1`],
    ["Chinese", `图中显示${"红色曲线".repeat(30)}`],
    ["a sentence, with others between", [SENTENCE, "A.", SENTENCE, "B.", SENTENCE].join(" ")],
    ["a list", Array.from({ length: 9 }, (_, i) => `${i}) ${SENTENCE}`).join("\n")],
  ])("repeat %s", (_, text) => {
    expect(loopIn(text)).not.toBeNull();
  });

  test("are told with what they repeat", () => {
    expect(loopIn(`Shown is ${"a dashed line, ".repeat(12)}`)).toBe("a dashed line,");
  });

  test("are found whatever stands before", () => {
    const word = fc.stringMatching(/^[a-z]{2,8}$/);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 60 }),
        fc.array(word, { minLength: 1, maxLength: 24 }),
        (before, loop) => {
          const text = [...before, ...Array.from({ length: 20 }, () => loop).flat()].join(" ");
          expect(loopIn(text)).not.toBeNull();
        },
      ),
    );
  });
});

describe("captions that list much alike are none of them", () => {
  test.each([
    "",
    SENTENCE,
    "(a) Flux at 10 nm. (b) Flux at 20 nm. (c) Flux at 30 nm. (d) Flux at 40 nm. (e) Flux at 50 nm. (f) Flux at 60 nm.",
    "Columns from left to right: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10. Rows: a, b, c, d, e, f, g, h.",
    "Scale bar, 10 µm. Scale bar, 10 µm. Scale bar, 20 µm.",
    "Sequence: AAAAAAAAAAAAAAAAAAAA–GCGCGCGCGC.",
    "Left, the model; right, the data. Left column, 2019; right column, 2020; left inset, 2021; right inset, 2022.",
    `${"-".repeat(60)} Axis`,
  ])("%s", (text) => {
    expect(loopIn(text)).toBeNull();
  });
});
