import { describe, expect, it } from "vitest";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import { readLatex } from "../../../../../kernel-lib/src/papers/latex/index.js";
import { archiveOf, figure, figuresOf, read } from "./reading.js";

const r = String.raw;
const graphicsWith = (name: string, files: Record<string, string>, preamble = "") =>
  figuresOf(figure("x", "f", name), { files, preamble })[0]!;

describe("finding picture files", () => {
  it.each([
    ["without an ending, as pdf before png", "p", { "p.png": "", "p.pdf": "" }, "p.pdf"],
    ["in another case", "Fig_One.PDF", { "fig_one.pdf": "" }, "fig_one.pdf"],
    ["converted from eps", "p.eps", { "p-eps-converted-to.pdf": "" }, "p-eps-converted-to.pdf"],
    ["with dots in the name", "{{{p.1.2}}}", { "p.1.2.eps": "" }, "p.1.2.eps"],
    ["with another ending than the one asked for", "p.eps", { "p.pdf": "" }, "p.pdf"],
    ["as a picture although a .tex has the same stem", "p", { "p.tex": "x", "p.jpg": "" }, "p.jpg"],
    ["with blanks and underscores", r`"my fig\_1"`, { "my fig_1.png": "" }, "my fig_1.png"],
  ])("%s", (_, name, files, path) => expect(graphicsWith(name, files).graphics).toEqual([path]));

  it("in the folders of graphicspath", () => {
    expect(
      graphicsWith("p", { "img/two/p.png": "" }, r`\graphicspath{{img/one/}{./img/two/}}`).graphics,
    ).toEqual(["img/two/p.png"]);
  });

  it("beside and above a main file in a subfolder, never outside the archive", () => {
    const main = `\\documentclass{article}\\begin{document}${figure("x", "f", "../img/p")}${figure("y", "g", "../../../etc/p")}\\end{document}`;
    const { figures } = readLatex(archiveOf({ "tex/main.tex": main, "img/p.pdf": "", "etc/p.pdf": "" }));
    expect(figures.map(({ graphics }) => graphics)).toEqual([["img/p.pdf"], []]);
    expect(figures[1]!.image_missing).toContain("../../../etc/p");
  });

  it("a missing file keeps its figure and says what is missing", () => {
    const found = graphicsWith("nowhere", {});
    expect(found).toMatchObject({
      graphics: [],
      caption: "x",
      image_missing: "Not in the archive: nowhere.",
    });
  });
});

describe("finding and joining the document's files", () => {
  const document = (body: string) =>
    `\\documentclass{article}\\title{T}\\begin{document}${body}\\end{document}`;

  it.each([
    ["input", r`\input{parts/one}`],
    ["input with its ending", r`\input{parts/one.tex}`],
    ["input without braces", "\\input parts/one \n"],
    ["include", r`\include{parts/one}`],
    ["subfile", r`\subfile{parts/one}`],
    ["import", r`\import{parts/}{one}`],
    ["subimport", r`\subimport{./parts}{one}`],
    ["InputIfFileExists", r`\InputIfFileExists{parts/one}{}{}`],
    ["a path held by a macro", r`\newcommand{\dir}{parts}\input{\dir/one}`],
  ])("%s", (_, command) =>
    expect(read(command, { files: { "parts/one.tex": figure() } }).figures).toHaveLength(1),
  );

  it("a part with a preamble of its own gives its body only", () => {
    const part = `\\documentclass[../main]{subfiles}\\begin{document}${figure()}\\end{document} ignored`;
    const { figures, paper } = read("\\subfile{part}\n\nAfter.", { files: { "part.tex": part } });
    expect(figures).toHaveLength(1);
    expect(paper.paragraphs.map(({ text }) => text)).toEqual(["After."]);
  });

  it("labels of a supplement in the same archive are printed, its figures are not the paper's", () => {
    const supplement = String.raw`\documentclass{article}\renewcommand{\thefigure}{S\arabic{figure}}\begin{document}${figure("S.", "fig:s")}\end{document}`;
    const { paper, figures } = read(r`See Fig.~\ref{S-fig:s} and Fig.~\ref{fig:a}.` + "\n\n" + figure(), {
      preamble: r`\externaldocument[S-]{supplement}`,
      files: { "supplement.tex": supplement },
    });
    expect(paper.paragraphs[0]!.text).toBe("See Fig. S1 and Fig. 1.");
    expect(figures).toHaveLength(1);
  });

  it("files that read each other in end with a warning", () => {
    const { figures, warnings } = read(r`\input{one}`, {
      files: { "one.tex": `${figure()}\\input{two}`, "two.tex": r`\input{one}` },
    });
    expect(figures).toHaveLength(1);
    expect(warnings.join()).toContain("one.tex");
  });

  it("a missing part is a warning", () => expect(read(r`\input{gone}`).warnings.join()).toContain("gone"));

  it("endinput ends its file only", () => {
    const { paper } = read("\\input{one}\n\nMore.", { files: { "one.tex": "Before.\n\\endinput\nBehind." } });
    expect(paper.paragraphs.map(({ text }) => text)).toEqual(["Before.", "More."]);
  });

  it("the paper is chosen over its supplement, and the supplement is named", () => {
    const { paper, warnings } = readLatex(
      archiveOf({
        "supplement.tex": document("Supplement."),
        "ms.tex": document("\\begin{abstract}A\\end{abstract}Paper."),
      }),
    );
    expect(paper.paragraphs[0]!.text).toBe("Paper.");
    expect(warnings.join()).toContain("supplement.tex");
  });

  it("a document that another reads in is not the paper", () => {
    const drawing = `\\documentclass{standalone}\\begin{document}${"x ".repeat(5_000)}\\end{document}`;
    const { paper } = readLatex(
      archiveOf({ "drawing.tex": drawing, "z.tex": document("Paper.\\input{drawing}") }),
    );
    expect(paper.title).toBe("T");
  });

  it("arXiv's own note names the paper", () => {
    const files = {
      "main.tex": document("One."),
      "other.tex": document("Two."),
      "00README.XXX": "other.tex toplevelfile\n",
    };
    expect(readLatex(archiveOf(files)).paper.paragraphs[0]!.text).toBe("Two.");
  });

  it("old papers: documentstyle, Latin-1, carriage returns", () => {
    const main =
      "\\documentstyle[epsf]{article}\r\\begin{document}\rFirst na\xefve % note\rline.\r\rSecond.\r\\begin{figure}\r\\epsffile{a.ps}\r\\caption{Caf\xe9.}\r\\end{figure}\r\\end{document}\r";
    const { paper, figures } = readLatex(archiveOf({ "main.tex": Buffer.from(main, "latin1"), "a.ps": "" }));
    expect(paper.paragraphs.map(({ text }) => text)).toEqual(["First naïve line.", "Second."]);
    expect(figures[0]).toMatchObject({ caption: "Café.", caption_source: "Café.", graphics: ["a.ps"] });
    expect(figures[0]!.provenance.line).toBe(7);
  });

  it.each([
    ["little-endian", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["big-endian", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ])("UTF-16 with a byte order mark, %s", (_, encode) => {
    const main =
      "\\documentclass{article}\\begin{document}\\begin{figure}\\includegraphics{a}\\caption{Café.}\\end{figure}\\end{document}";
    const { figures } = readLatex(archiveOf({ "main.tex": encode(main), "a.png": "" }));
    expect(figures.map(({ caption }) => caption)).toEqual(["Café."]);
  });

  it.each([
    [
      "UTF-16 without a mark",
      Buffer.from(
        "\\documentclass{article}\\begin{document}\\begin{figure}\\caption{Café.}\\end{figure}\\end{document}",
        "utf16le",
      ),
      "Café.",
    ],
    [
      "Cyrillic by inputenc",
      Buffer.concat([
        Buffer.from(
          "\\documentclass{article}\\usepackage[cp1251]{inputenc}\\begin{document}\\begin{figure}\\caption{",
        ),
        Buffer.from([0xd0, 0xe8, 0xf1]),
        Buffer.from("}\\end{figure}\\end{document}"),
      ]),
      "Рис",
    ],
    [
      "Chinese by CJK",
      Buffer.concat([
        Buffer.from(
          "\\documentclass{article}\\begin{document}\\begin{CJK}{GBK}{song}\\begin{figure}\\caption{",
        ),
        Buffer.from([0xcd, 0xbc, 0xcf, 0xf1]),
        Buffer.from("}\\end{figure}\\end{CJK}\\end{document}"),
      ]),
      "图像",
    ],
  ])("%s", (_, main, caption) => {
    expect(readLatex(archiveOf({ "main.tex": main })).figures.map((found) => found.caption)).toEqual([
      caption,
    ]);
  });

  it("an archive without LaTeX is refused with a way out", () => {
    const reading = () => readLatex(archiveOf({ "paper.pdf": "%PDF", "notes.txt": "x" }));
    expect(reading).toThrow(ItemError);
    expect(reading).toThrow(/no LaTeX document/);
  });

  it("identifiers come from the name of the input", () => {
    const named = (source: string) => readLatex(archiveOf({ "main.tex": document("x") }, source)).paper;
    expect(named("1703.09824v2.tar.gz")).toMatchObject({ paper_id: "1703.09824v2", arxiv_id: "1703.09824" });
    expect(named("hep-th9901001.gz")).toMatchObject({
      paper_id: "hep-th9901001",
      arxiv_id: "hep-th/9901001",
    });
    expect(named("my paper.tex")).toMatchObject({ paper_id: "my paper", arxiv_id: null });
  });
});
