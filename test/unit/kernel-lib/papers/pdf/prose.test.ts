import { expect, test } from "vitest";
import { readLayout } from "../../../../../kernel-lib/src/papers/pdf/layout.js";
import type { Line } from "../../../../../kernel-lib/src/papers/pdf/page.js";
import { readProse } from "../../../../../kernel-lib/src/papers/pdf/prose.js";
import { column, line, lineOf, page, run } from "./set-page.js";

const heading = (text: string, x: number, base: number) =>
  line(text, x, base, { size: 12, bold: true, font: "Bold" });

function read(pages: Line[][], taken: Parameters<typeof readProse>[1] = []) {
  const set = pages.map((lines, i) => page(lines, i + 1));
  return readProse(readLayout(set), taken);
}

const filler = (word: string) => `${word} goes on with many plain words over the whole line`;

test("two columns under a title are read one after the other, and paragraphs go on over them", () => {
  const { paragraphs } = read([
    [
      line("A title that runs over both of the columns of this page", 100, 60, { size: 16 }),
      heading("1 Introduction", 50, 100),
      ...column(
        [
          "The left column goes on",
          ...Array.from({ length: 8 }, () => filler("left")),
          "and its last line ends with a parted simu-",
        ],
        50,
        120,
        240,
      ),
      ...column(
        [
          "lation that the right one finishes.",
          "  A second paragraph starts with an indent",
          ...Array.from({ length: 8 }, () => filler("right")),
          "and ends here.",
        ],
        320,
        100,
        240,
      ),
    ],
  ]);
  expect(paragraphs.map(({ section }) => section)).toEqual(["Introduction", "Introduction"]);
  expect(paragraphs[0]!.text).toMatch(
    /^The left column .* with a parted simulation that the right one finishes\.$/,
  );
  expect(paragraphs[1]!.text).toMatch(/^A second paragraph .* and ends here\.$/);
});

test("a paragraph goes on over a page and around a taken figure", () => {
  const { paragraphs } = read(
    [
      [
        heading("1 Methods", 70, 80),
        ...column([filler("It"), filler("first"), filler("still")], 70, 110, 470),
        line("axis label", 200, 300),
        line("Figure 1: A thing.", 200, 340),
      ],
      column([filler("then"), filler("more"), "until it ends."], 70, 80, 470),
    ],
    [{ page: 1, box: [100, 280, 500, 345] }],
  );
  expect(paragraphs).toEqual([
    {
      section: "Methods",
      text: expect.stringMatching(/^It goes .* whole line then goes .* until it ends\.$/) as string,
    },
  ]);
});

test("abstract, references, acknowledgements and notes are no paragraphs of the body", () => {
  const { abstract, paragraphs } = read([
    [
      heading("Abstract", 280, 80),
      ...column([filler("We study"), filler("how it"), "and find that it does."], 100, 100, 400),
      heading("1 Introduction", 70, 160),
      ...column([filler("The body"), filler("of it"), "ends at this place."], 70, 180, 470),
      ...column(["¹ A note that stands below the text of the page and says little."], 70, 700, 470, {
        size: 8,
      }),
    ],
    [
      ...column([filler("The next page"), filler("of it"), "is body again."], 70, 80, 470),
      heading("Acknowledgements", 70, 140),
      ...column(["We thank everybody who has helped with this."], 70, 160, 470),
      heading("References", 70, 200),
      ...column(
        [
          "[1] A. Author, A paper on Figure 3, Journal 1 (2020).",
          "[2] B. Author, Another paper, Journal 2 (2021).",
        ],
        70,
        220,
        470,
      ),
      heading("A Appendix", 70, 300),
      ...column([filler("The appendix"), "is read."], 70, 320, 470),
    ],
  ]);
  expect(abstract).toMatch(/^We study .* find that it does\.$/);
  expect(paragraphs.map(({ section, text }) => [section, text.slice(0, 13)])).toEqual([
    ["Introduction", "The body goes"],
    ["Introduction", "The next page"],
    ["Appendix", "The appendix "],
  ]);
});

test("line numbers go, on lines of their own or drawn with the text", () => {
  const numbered = (text: string, i: number) =>
    lineOf([
      run(`${i + 7} `, 50, 100 + 24 * i, { size: 6, font: "Sans", width: 8 }),
      run(text, 70, 100 + 24 * i, { width: 470 }),
    ]);
  const { paragraphs } = read([
    [
      heading("1 Data", 70, 76),
      ...Array.from({ length: 8 }, (_, i) => numbered(filler(i === 0 ? "First" : "then"), i)),
      line("15", 50, 292, { size: 6, font: "Sans", width: 8 }),
      line("and the end.", 70, 292),
    ],
  ]);
  expect(paragraphs).toHaveLength(1);
  expect(paragraphs[0]!.text).not.toMatch(/\d/);
});

test("a displayed formula does not end its paragraph", () => {
  const { paragraphs } = read([
    [
      heading("1 Theory", 70, 80),
      ...column([filler("We write"), filler("it as")], 70, 100, 470),
      lineOf([run("x = a + b", 280, 140, { font: "CMMI10" }), run(" (1)", 530, 140, { width: 10 })]),
      ...column(
        [
          filler("where a is"),
          "the first of both.",
          "  A new paragraph has an indent and",
          filler("goes on"),
          "to here.",
        ],
        70,
        170,
        470,
      ),
    ],
  ]);
  expect(paragraphs.map(({ text }) => text.slice(0, 8))).toEqual(["We write", "A new pa"]);
});

test("a letter without titles has the abstract first, then its body", () => {
  const abstract = Array.from({ length: 6 }, () => filler("we show in this that it"));
  const { paragraphs, ...found } = read([
    [
      line("A letter on things", 200, 60, { size: 16 }),
      ...column([...abstract, "and that is all."], 120, 110, 380),
      ...column([...Array.from({ length: 6 }, () => filler("the body of it")), "ends here."], 70, 230, 470),
    ],
  ]);
  expect(found.abstract).toMatch(/and that is all\.$/);
  expect(paragraphs).toEqual([
    { section: null, text: expect.stringMatching(/^the body .* ends here\.$/) as string },
  ]);
});

test("a table of contents is no text, and its references end nothing", () => {
  const { paragraphs } = read([
    [
      heading("Contents", 70, 80),
      line("1 Scope 2", 70, 110, { bold: true, font: "Bold" }),
      line("2 Methods 3", 70, 140, { bold: true, font: "Bold" }),
      line("References", 70, 170, { bold: true, font: "Bold" }),
      line("1", 300, 760),
    ],
    [heading("1 Scope", 70, 80), ...column([filler("This"), filler("goes"), "and ends."], 70, 110, 470)],
  ]);
  expect(paragraphs).toEqual([
    { section: "Scope", text: expect.stringMatching(/^This goes on .* and ends\.$/) as string },
  ]);
});

test("a large first letter belongs to its word", () => {
  const { paragraphs } = read([
    [
      heading("1 Scope", 70, 60),
      line("T", 70, 104, { size: 28, width: 20 }),
      line("his paragraph begins with a letter that is", 92, 92, { width: 448 }),
      line("as high as two of the lines beside it and", 92, 104, { width: 448 }),
      ...column([filler("then"), "ends."], 70, 116, 470),
    ],
  ]);
  expect(paragraphs[0]!.text).toMatch(/^This paragraph begins with a letter that is as high/);
});

test("a page number below wide margins does not come between the halves of a sentence", () => {
  const { paragraphs } = read([
    [
      heading("1 Scope", 70, 80),
      ...column([filler("This"), filler("goes")], 70, 110, 470),
      line("12", 300, 670),
    ],
    column([filler("over"), "the page."], 70, 80, 470),
  ]);
  expect(paragraphs).toHaveLength(1);
  expect(paragraphs[0]!.text).not.toMatch(/\d/);
});

test("citations in brackets go, intervals stay", () => {
  const { paragraphs } = read([
    [
      heading("1 Scope", 70, 80),
      ...column([filler("As before [1, 3], it"), "on the interval x ∈ [0, 1] for most [2]."], 70, 110, 470),
      heading("References", 70, 200),
      ...column(["[1] A. Author, One.", "[2] B. Author, Two.", "[3] C. Author, Three."], 70, 220, 470),
    ],
  ]);
  expect(paragraphs[0]!.text).toMatch(/^As before, it goes .* x ∈ \[0, 1\] for most\.$/);
});

test("a page of a draft with few lines loses its few numbers too", () => {
  const numbered = (text: string, number: number, base: number) =>
    lineOf([
      run(`${number} `, 50, base, { size: 6, font: "Sans", width: 8 }),
      run(text, 70, base, { width: 470 }),
    ]);
  const whole = (from: number) =>
    Array.from({ length: 8 }, (_, i) => numbered(filler("then"), from + i, 80 + 24 * i));
  const { paragraphs } = read([
    [heading("1 Data", 70, 56), ...whole(3)],
    whole(11),
    [numbered(filler("over"), 19, 80), numbered("and this is the end.", 20, 104)],
  ]);
  expect(paragraphs.map(({ text }) => text).join(" ")).not.toMatch(/\d/);
});
