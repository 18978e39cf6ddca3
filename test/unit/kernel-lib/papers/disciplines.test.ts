import { describe, expect, it } from "vitest";
import { disciplineFromPaper, disciplineOf } from "../../../../kernel-lib/src/papers/disciplines.js";
import { DISCIPLINES } from "../../../../kernel-lib/src/model.js";

describe("disciplines of arXiv categories", () => {
  it.each([
    [["math.AG"], "Mathematics"],
    [["hep-th", "math.AG"], "Physics"],
    [["physics.chem-ph"], "Chemistry"],
    [["q-bio.NC"], "Biology"],
    [["astro-ph.IM"], "Astronomy"],
    [["physics.ao-ph"], "Earth Science"],
    [["physics.med-ph"], "Medicine"],
    [["eess.SP"], "Engineering"],
    [["cs.CV"], "Computer Science"],
    [["stat.ML"], "Computer Science"],
    [["unheard.of", "cs.CV"], "Computer Science"],
    [["unheard.of"], null],
    [[], null],
  ])("%s", (categories, discipline) => expect(disciplineOf(categories)).toBe(discipline));

  it("reach all nine", () => {
    const reached = [
      "math",
      "physics",
      "physics.chem-ph",
      "q-bio",
      "astro-ph",
      "physics.geo-ph",
      "physics.med-ph",
      "eess",
      "cs",
    ];
    expect(new Set(reached.map((category) => disciplineOf([category])))).toEqual(new Set(DISCIPLINES));
  });
});

it("a category by a name that every object knows has none", () => {
  expect(disciplineOf(["constructor", "toString.x", "__proto__"])).toBeNull();
});

describe("disciplines told from the source", () => {
  const told = (documentClass: string | null, opening = "", keywords: string | null = null) =>
    disciplineFromPaper({ documentClass, opening, keywords });

  it.each([
    ["a class of one field", told("aastex63"), "Astronomy"],
    ["journal options", told("revtex4-2", "\\documentclass[aps,prl,twocolumn]{revtex4-2}"), "Physics"],
    ["a conference's package", told("article", "\\usepackage[final]{neurips_2023}"), "Computer Science"],
    ["a category among the keywords", told("article", "", "q-bio; cells"), "Biology"],
    ["a class that says nothing", told("article"), null],
    ["cues that disagree", told("mnras", "\\usepackage{neurips_2023}"), null],
    ["nothing at all", told(null), null],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});
