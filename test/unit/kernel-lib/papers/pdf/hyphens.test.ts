import { expect, test } from "vitest";
import { joinLines, vocabularyOf } from "../../../../../kernel-lib/src/papers/pdf/hyphens.js";

const known = vocabularyOf([
  "The simulation uses a state-of-the-art solver and a well-known method",
  "with data that were driven and known well before.",
]);

test.each([
  [["a simu-", "lation of"], "a simulation of"],
  [["a well-", "known case"], "a well-known case"],
  [["a data-", "driven model"], "a data-driven model"],
  [["an unpre-", "cedented case"], "an unprecedented case"],
  [["an X-", "ray source"], "an X-ray source"],
  [["the Monte-", "Carlo runs"], "the Monte-Carlo runs"],
  [["a state-", "of-the-art code"], "a state-of-the-art code"],
  [["soft hy\u00ad", "phen"], "soft hyphen"],
  [["from 3 –", "5 of them"], "from 3 – 5 of them"],
  [["one line", "", " another "], "one line another"],
])("joins %j", (lines, text) => {
  expect(joinLines(lines, known)).toBe(text);
});

test("the halves of a parted word are no words of the vocabulary", () => {
  expect([...vocabularyOf(["first a parted simu-", "lation goes on"])]).toEqual([
    "a",
    "parted",
    "goes",
    "on",
  ]);
});
