import { expect, test } from "vitest";
import { lineText } from "../../../../../kernel-lib/src/papers/pdf/line-text.js";
import { tidy } from "../../../../../kernel-lib/src/papers/markup/tidy.js";
import { line, lineOf, run } from "./set-page.js";

const small = { size: 7, font: "Small" };
const raised = (text: string) => run(text, 200, 100, { ...small, shift: -4 });
const lowered = (text: string) => run(text, 200, 100, { ...small, shift: 1.5 });
const plain = (text: string) => run(text, 100, 100);

test("exponents and indices are written in Unicode", () => {
  expect(
    lineText(
      lineOf([plain("below 10"), raised("−3"), plain(" of H"), lowered("2"), plain("O per cm"), raised("2")]),
    ),
  ).toBe("below 10⁻³ of H₂O per cm²");
});

test("raised text that Unicode lacks keeps its place by a sign", () => {
  expect(lineText(lineOf([plain("r"), lowered("max"), plain(" and e"), raised("iQt")]))).toBe(
    "r_max and e^iQt",
  );
});

test("a script in two fonts is one script", () => {
  const minus = run("−", 200, 100, { size: 7, font: "Signs", shift: -4 });
  expect(lineText(lineOf([plain("at 10"), minus, raised("12 "), plain("m")]))).toBe("at 10⁻¹² m");
});

test("raised numbers behind words are citations and go", () => {
  const text = lineText(
    lineOf([plain("as shown before"), raised("12,13"), plain(", and by others."), raised("4–6")]),
  );
  expect(tidy(text)).toBe("as shown before, and by others.");
});

test("small letters on the base line are no script", () => {
  expect(lineText(lineOf([plain("I"), run("NTRODUCTION", 105, 100, { size: 8 })]))).toBe("INTRODUCTION");
});

test.each([
  ["Erd˝os and R´enyi", "Erdős and Rényi"],
  ["M¨uller, Garcı´a, Franc¸ois", "Müller, García, François"],
  ["na¨ıve", "naïve"],
  ["the `quoted' word", "the `quoted' word"],
])("accents come onto their letters in %s", (drawn, read) => {
  expect(lineText(line(drawn, 100, 100))).toBe(read);
});
