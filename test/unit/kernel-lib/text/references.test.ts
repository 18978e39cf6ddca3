import { expect, test } from "vitest";
import { references } from "../../../../kernel-lib/src/text/references.js";

const read = (text: string) =>
  references(text).map(({ kind, numbers, panels, range }) => [kind, numbers, panels, text.slice(...range)]);

test.each([
  ["As Fig. 3 shows", ["figure", ["3"], [], "Fig. 3"]],
  ["in Figure 3a we", ["figure", ["3"], ["a"], "Figure 3a"]],
  ["rises (Figure 3 a), as", ["figure", ["3"], ["a"], "Figure 3 a"]],
  ["in Figure 3(a), we", ["figure", ["3"], ["a"], "Figure 3(a)"]],
  ["in Figs. 3(a) and (b) are", ["figure", ["3"], ["a", "b"], "Figs. 3(a) and (b)"]],
  ["Figures 3 and 4 show", ["figure", ["3", "4"], [], "Figures 3 and 4"]],
  ["Figs. 3–5", ["figure", ["3", "4", "5"], [], "Figs. 3–5"]],
  ["Fig. 3 (left) has", ["figure", ["3"], ["left"], "Fig. 3 (left)"]],
  ["Figure 3 (top panel) has", ["figure", ["3"], ["top"], "Figure 3 (top panel)"]],
  ["Table II lists", ["table", ["II"], [], "Table II"]],
  ["Eq. (4.2) gives", ["equation", ["4.2"], [], "Eq. (4.2)"]],
  ["see Appendix B.", ["section", ["B"], [], "Appendix B"]],
  ["Supplementary Fig. S1.", ["figure", ["S1"], [], "Supplementary Fig. S1"]],
  ["§ 4.1", ["section", ["4.1"], [], "§ 4.1"]],
  ["Fig. 6 and 7 show", ["figure", ["6", "7"], [], "Fig. 6 and 7"]],
  ["Figs. S1–S3", ["figure", ["S1", "S2", "S3"], [], "Figs. S1–S3"]],
  ["Extended Data Fig. 2", ["figure", ["2"], [], "Extended Data Fig. 2"]],
])("reads the reference in %s", (text, expected) => {
  expect(read(text)).toEqual([expected]);
});

test("a count after a singular reference is no second figure", () => {
  expect(read("In Fig. 3 and 20 stars of Table 2")).toEqual([
    ["figure", ["3"], [], "Fig. 3"],
    ["table", ["2"], [], "Table 2"],
  ]);
});

test("words that only look like references are none", () => {
  expect(read("the figure shows a section of the tab and a table with sec")).toEqual([]);
  expect(read("Figure 3 a few stars")).toEqual([["figure", ["3"], [], "Figure 3"]]);
});

test.each([
  ["Figure 2", null],
  ["Supplementary Figure 2", "supplementary"],
  ["SI Fig. 2", "supplementary"],
  ["Extended Data Fig. 2", "extended data"],
] as const)("%s is counted with its own kind", (text, series) => {
  expect(references(text)[0]!.series).toBe(series);
});
