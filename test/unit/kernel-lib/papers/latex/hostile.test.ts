import { describe, expect, it } from "vitest";
import { figure, read } from "./reading.js";

const MEGABYTE = 1_000_000;
const fill = (piece: string) => piece.repeat(Math.floor(MEGABYTE / piece.length));

describe("hostile sources are read to their end", () => {
  it.each([
    ["open braces", "{"],
    ["closing braces", "}"],
    ["commands", "\\a"],
    ["open options", "\\a["],
    ["environments never closed", "\\begin{a}"],
    ["floats never closed", "\\begin{figure}"],
    ["conditions never closed", "\\iffalse "],
    ["code never closed", "\\verb|"],
    ["formulas never closed", "\\(x "],
    ["scripts on scripts", "$x^{"],
    ["fractions", "$\\frac{a}{b}+"],
    ["comments", "%\n"],
    ["paragraphs", "a\n\n"],
    ["addresses never closed", "\\url{"],
    ["captions outside floats", "\\captionof{figure}{a}"],
    ["captions typed by a setting", "\\captionsetup{type=figure}\\caption{a}"],
    ["cases never closed", "\\ifcase 5 "],
    ["inserts never closed", "\\midinsert "],
    ["drawings in a line never closed", "\\tikz "],
    ["loops", "\\foreach \\n in {1,...,9}{\\includegraphics{\\n}}"],
    ["citations", "of \\cite{a} "],
    ["notes in notes", "\\footnote{"],
    ["lengths of blanks", `\\kern${" ".repeat(50_000)}`],
    ["formulas in boxes", "$\\hbox{"],
    ["fractions on fractions", "${a\\over "],
    ["the paper reading itself in", "\\input{main}"],
  ])("%s", (_, piece) => {
    const { figures } = read(figure("Before.") + fill(piece));
    expect(figures[0]?.caption).toBe("Before.");
  });

  it("macros that call themselves", () => {
    const { figures, warnings } = read(figure("Before.") + fill("\\a "), {
      preamble: "\\def\\a{\\b\\b}\\def\\b{\\a\\a}",
    });
    expect(figures[0]?.caption).toBe("Before.");
    expect(warnings.join()).toContain("unfold without end");
  });

  it("macros that grow tenfold at each of sixteen steps", () => {
    const names = Array.from("abcdefghijklmnop");
    const preamble = names
      .map((name, i) => `\\def\\${name}{${(i ? `\\${names[i - 1]!}` : "lol").repeat(10)}}`)
      .join("");
    const { figures, warnings } = read(`${figure("Before.")}\\p`, { preamble });
    expect(figures[0]?.caption).toBe("Before.");
    expect(warnings.join()).toContain("unfold without end");
  });

  it("many captions in one float are as many figures", () => {
    expect(read(`\\begin{figure}${"\\caption{x}".repeat(50_000)}\\end{figure}`).figures).toHaveLength(50_000);
  });
});
