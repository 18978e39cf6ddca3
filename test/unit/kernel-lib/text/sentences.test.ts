import { describe, expect, it } from "vitest";
import { sentenceRanges } from "../../../../kernel-lib/src/text/sentences.js";

const split = (text: string) => sentenceRanges(text).map(([start, end]) => text.slice(start, end));

describe("splitting prose into sentences", () => {
  it.each([
    ["as Fig. 3 shows. Then it falls.", ["as Fig. 3 shows.", "Then it falls."]],
    ["See Figs. A1 and B2. We go on.", ["See Figs. A1 and B2.", "We go on."]],
    ["Found by Smith et al. (2010) first. Good.", ["Found by Smith et al. (2010) first.", "Good."]],
    ["Found by Smith et al. The rest is new.", ["Found by Smith et al.", "The rest is new."]],
    [
      "Some stars, e.g. Vega, are near. Others, i.e. Deneb, are not.",
      ["Some stars, e.g. Vega, are near.", "Others, i.e. Deneb, are not."],
    ],
    ["By J. R. Smith and others. It is 3.14 m long.", ["By J. R. Smith and others.", "It is 3.14 m long."]],
    ["As in panel B. The line is a fit.", ["As in panel B.", "The line is a fit."]],
    ["Is it so? Yes! (It is.) Done", ["Is it so?", "Yes!", "(It is.)", "Done"]],
    ["pH rises. pH falls.", ["pH rises.", "pH falls."]],
    ["  one.  Two  ", ["one.", "Two"]],
    ["", []],
  ])("%s", (text, sentences) => expect(split(text)).toEqual(sentences));

  it("covers all of the text but the white space between sentences", () => {
    const text = "First, e.g. this. Second vs. third. And 4.5 kg, cf. Eq. (3). Last";
    expect(split(text).join(" ")).toBe(text);
  });

  it("reads a megabyte of full stops", () => {
    expect(sentenceRanges(". ".repeat(500_000)).length).toBeGreaterThan(0);
  });
});
