import { expect, test } from "vitest";
import { stem, terms, words } from "../../../../kernel-lib/src/text/words.js";

test("keeps scripts, apostrophes and hyphenated names together", () => {
  const text = "The star's T_{eff}, x² of IL-6 by X-ray and Lomb–Scargle";
  expect(words(text).map((word) => word.text)).toEqual(
    ["The", "star's", "T_{eff}", "x²", "of", "IL-6", "by", "X-ray", "and", "Lomb", "Scargle"], // prettier-ignore
  );
  for (const word of words(text)) expect(text.slice(...word.range)).toBe(word.text);
});

test.each([
  ["measures", "measured", "measuring"],
  ["study", "studies", "studied"],
  ["plot", "plotted", "plotting"],
  ["curve", "curves", "curve's"],
  ["normalise", "normalized", "normalising"],
  ["significantly", "significant", "significant"],
])("joins %s, %s and %s", (a, b, c) => {
  expect(stem(b)).toBe(stem(a));
  expect(stem(c)).toBe(stem(a));
});

test.each([
  ["gas", "gases"],
  ["mass", "masses"],
  ["species", "species"],
])("keeps %s apart from nothing but its plural %s", (a, b) => {
  expect(stem(a).slice(0, 3)).toBe(stem(b).slice(0, 3));
});

test("terms are the stems of content words only", () => {
  expect([...terms("The curves of the star are above it")]).toEqual(["curv", "star"]);
});
