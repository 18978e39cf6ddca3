import { describe, expect, it } from "vitest";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import { png } from "../../../../fixtures/hostile-archives.js";
import { eps } from "../graphics.js";
import { draw, drawAll, float, hasPostScript, hasTex, problem, shareOf } from "./paper.js";

const RED = [1, 0, 0] as const;
const TIKZ = "\\usepackage{tikz}";
const SQUARE = "\\begin{tikzpicture}\\fill[red] (0,0) rectangle (2,1);\\end{tikzpicture}";
const rule = (width: string, height: string) => `\\rule{${width}}{${height}}`;

describe.runIf(hasTex)("drawing floats with the paper's own TeX", { timeout: 120_000 }, () => {
  it("a TikZ drawing is cut to its ink and drawn large, without caption and label", async () => {
    const { png, width, height } = await draw(`${SQUARE}\\caption{A caption.}\\label{fig:a}`, {
      preamble: TIKZ,
    });
    expect(Math.max(width, height)).toBeLessThanOrEqual(1602);
    expect(width / height).toBeGreaterThan(1.6);
    expect(width / height).toBeLessThan(2.1);
    expect(await shareOf(png, RED)).toBeGreaterThan(0.7);
  });

  it("the paper's macros, colours and styles hold, from the preamble, from the body and from files", async () => {
    const body =
      `\\newcommand{\\wide}{4}\\tikzset{filled/.style={fill=ours}}\\input{macros}` +
      float("\\begin{tikzpicture}\\path[filled] (0,0) rectangle (\\wide,\\high);\\end{tikzpicture}");
    const preamble = `${TIKZ}\\definecolor{ours}{rgb}{1,0,0}`;
    const [drawn] = await drawAll(body, { preamble, files: { "macros.tex": "\\def\\high{1}\n" } });
    if (drawn instanceof ItemError) throw drawn;
    expect(drawn!.width / drawn!.height).toBeGreaterThan(3);
    expect(await shareOf(drawn!.png, RED)).toBeGreaterThan(0.7);
  });

  it("definitions behind a figure do not hold in it", async () => {
    const square = float("\\begin{tikzpicture}\\fill[red] (0,0) rectangle (\\size,1);\\end{tikzpicture}");
    const body = `\\newcommand{\\size}{1}${square}\\renewcommand{\\size}{5}${square}`;
    const [first, second] = await drawAll(body, { preamble: TIKZ });
    if (first instanceof ItemError || second instanceof ItemError) throw new Error("not drawn");
    expect(first!.width / first!.height).toBeLessThan(1.3);
    expect(second!.width / second!.height).toBeGreaterThan(3);
  });

  it("pictures inside a drawing are part of it", async () => {
    const files = { "figs/a.png": png(40, 40) };
    const content = `\\begin{tikzpicture}\\node at (0,0) {\\includegraphics[width=2cm]{a}};${"\\fill[red] (3,0) rectangle (5,1);"}\\end{tikzpicture}`;
    const preamble = `${TIKZ}\\graphicspath{{./figs/}}`;
    const { png: drawn, width, height } = await draw(content, { preamble, files });
    expect(width / height).toBeGreaterThan(2);
    expect(await shareOf(drawn, RED)).toBeGreaterThan(0.1);
  });

  it("paths that climb out of the main document's folder are found inside the paper", async () => {
    const files = {
      "figures/drawing.tex":
        "\\begin{tikzpicture}\\node {\\includegraphics[width=2cm]{../images/a.png}};\\end{tikzpicture}",
      "images/a.png": png(40, 40),
    };
    const preamble = "\\usepackage{tikz}";
    await expect(
      draw("\\input{../figures/drawing}", { preamble, files, main: "tex/main.tex" }),
    ).resolves.toHaveProperty("png");
  });

  it("text, formulas and tables in a figure are drawn too", async () => {
    const { width, height } = await draw(`\\fbox{$\\displaystyle\\int_0^1 x^2\\,dx = \\frac13$}`);
    expect(width).toBeGreaterThan(height);
  });

  it("a float is as wide as its column, a starred one as the page, a wrapped one as it says", async () => {
    const line = rule("\\linewidth", "1cm");
    const preamble = "\\usepackage{wrapfig}\\textwidth=400pt\\columnwidth=200pt";
    const body =
      `\\begin{figure}${line}\\end{figure}\\begin{figure*}${line}\\end{figure*}` +
      `\\begin{wrapfigure}[3]{r}{100pt}${line}\\end{wrapfigure}`;
    const shapes = (await drawAll(body, { preamble, documentClass: "article}\\relax{" })).map((drawn) =>
      drawn instanceof ItemError ? drawn.message : Math.round((drawn.width / drawn.height) * 28.45),
    );
    expect(shapes).toHaveLength(3);
    expect(Number(shapes[1])).toBeGreaterThan(Number(shapes[2]) * 2.5);
  });

  it("panels keep their places and lose their captions", async () => {
    const panel = (width: string) =>
      `\\begin{subfigure}[b]{0.45\\textwidth}\\centering${rule("\\linewidth", width)}\\caption{Text of a panel.}\\end{subfigure}`;
    const { png, width, height } = await draw(`${panel("2cm")}\\hfill${panel("2cm")}`, {
      preamble: "\\usepackage{subcaption}",
    });
    expect(width / height).toBeGreaterThan(4);
    expect(await shareOf(png, [0, 0, 0])).toBeGreaterThan(0.7);
  });

  it.each([
    ["subfig", "\\subfloat[Text.]{%}\\quad\\subfloat[][Text.]{%}"],
    ["subfigure", "\\subfigure[Text.]{%}\\quad\\subfigure{%}"],
    ["subcaption", "\\subcaptionbox{Text.\\label{a}}{%}\\quad\\subcaptionbox*{Text.}[3cm]{%}"],
  ])("panels of %s", async (name, content) => {
    const { png } = await draw(content.replaceAll("%", rule("2cm", "1cm")), {
      preamble: `\\usepackage{${name}}`,
    });
    expect(await shareOf(png, [0, 0, 0])).toBeGreaterThan(0.6);
  });

  it("of several captions in one float each has its own drawing", async () => {
    const box = (wide: string) =>
      `\\begin{minipage}{0.4\\textwidth}${rule(wide, "1cm")}\\caption{A.}\\end{minipage}`;
    const body =
      `\\begin{figure}${box("1cm")}\\hfill${box("4cm")}\\end{figure}` +
      `\\begin{figure}${rule("1cm", "1cm")}\\caption{B.}${rule("4cm", "1cm")}\\caption{C.}\\end{figure}`;
    const shapes = (await drawAll(body)).map((drawn) => {
      if (drawn instanceof ItemError) throw drawn;
      return Math.round(drawn.width / drawn.height);
    });
    expect(shapes).toEqual([1, 3, 1, 3]);
  });

  it("tables are drawn, long ones across their pages, wide ones to their end", async () => {
    const rows = "1 & 2 & 3\\\\".repeat(120);
    const body =
      "\\begin{table}\\caption{A.}\\begin{tabular}{lll}\\hline 1&2&3\\\\\\hline\\end{tabular}\\end{table}" +
      `\\begin{longtable}{lll}\\caption{B.}\\label{b}\\\\ \\hline\\endhead ${rows}\\hline\\end{longtable}` +
      `\\begin{table}\\caption{C.}\\begin{tabular}{l}${rule("600pt", "10pt")}\\end{tabular}\\end{table}`;
    const tables = await drawAll(body, { preamble: "\\usepackage{longtable}" });
    const [small, long, wide] = tables.map((drawn) => {
      if (drawn instanceof ItemError) throw drawn;
      return drawn.width / drawn.height;
    });
    expect(small).toBeGreaterThan(1.5);
    expect(long).toBeLessThan(0.1);
    expect(wide).toBeGreaterThan(20);
  });

  it("references print what they print in the paper", async () => {
    const section = "\\section{One}\\section{Two}\\label{s}";
    const [resolved] = await drawAll(section + float("\\ref{s}"));
    const [, typed] = await drawAll(float("x") + float("2"));
    if (resolved instanceof ItemError || typed instanceof ItemError) throw new Error("not drawn");
    expect(resolved!.sha256).toBe(typed!.sha256);
  });

  it.each([
    ["in the paper", "", "LIST"],
    ["in a file beside it", "LIST", ""],
  ])("citations print their labels, with the list %s", async (_, file, end) => {
    const list = "\\begin{thebibliography}{9}\\bibitem{a} A.\\bibitem{b} B.\\end{thebibliography}";
    const body = float("\\cite{b}") + float("[2]") + end.replace("LIST", list);
    const files: Record<string, string> = file ? { "main.bbl": file.replace("LIST", list) } : {};
    const [cited, typed] = await drawAll(body, { files });
    if (cited instanceof ItemError || typed instanceof ItemError) throw new Error("not drawn");
    expect(cited!.sha256).toBe(typed!.sha256);
  });

  it("crop boxes of the paper's class do not cut a float", async () => {
    const preamble = "\\pdfpageattr{/CropBox [0 0 100 100]}";
    const { width, height } = await draw(rule("10cm", "1cm"), { preamble });
    expect(width / height).toBeGreaterThan(7);
  });

  it("a figure with an error is not drawn, and its neighbours are", async () => {
    const body =
      float(rule("1cm", "1cm")) +
      float("\\nosuchthing x") +
      float("}}\\end{figure") +
      float(rule("1cm", "1cm"));
    const drawn = await drawAll(body);
    expect(drawn.map((one) => (one instanceof ItemError ? one.reason : "drawn"))).toEqual([
      "drawn",
      "tex-failed",
      "tex-failed",
      "drawn",
    ]);
    expect((drawn[1] as ItemError).message).toContain("Undefined control sequence \\nosuchthing");
  });

  it("a package that is not installed is named, where the figure needs it and only there", async () => {
    const preamble = "\\usepackage{no-such-package}";
    const [without, needing] = await drawAll(float(rule("1cm", "1cm")) + float("\\fromthatpackage"), {
      preamble,
    });
    expect(without).not.toBeInstanceOf(ItemError);
    expect(needing).toMatchObject({ reason: "tex-package-missing" });
    expect((needing as ItemError).message).toContain(
      "needs the package no-such-package (no-such-package.sty)",
    );
  });

  it("a class that is not installed is replaced, with the paper's definitions kept", async () => {
    const preamble = `${TIKZ}\\usetikzlibrary{calc}\\newcommand{\\wide}{3}\\affiliation{Of that class}\\definecolor{ours}{rgb}{1,0,0}`;
    const content = "\\begin{tikzpicture}\\fill[ours] (0,0) rectangle ($(\\wide,1)$);\\end{tikzpicture}";
    const { png } = await draw(content, { preamble, documentClass: "no-such-class" });
    expect(await shareOf(png, RED)).toBeGreaterThan(0.7);
    const lost = await problem("\\ofthatclass", { preamble, documentClass: "no-such-class" });
    expect(lost.message).toContain("needs the class no-such-class (no-such-class.cls)");
  });

  it.runIf(hasPostScript)("papers whose pictures are PostScript go over DVI", async () => {
    const files = { "img.eps": eps() };
    const content = `\\begin{picture}(130,50)\\put(0,0){\\includegraphics[width=3cm]{img}}\\put(100,0){${rule("1cm", "1cm")}}\\end{picture}`;
    const preamble = "\\usepackage{graphicx}";
    const { png, width, height } = await draw(content, { preamble, files });
    expect(width / height).toBeGreaterThan(2.4);
    expect(await shareOf(png, RED)).toBeGreaterThan(0.25);
  });

  it("a PostScript picture that pdfTeX cannot take is an error, not an empty frame", async () => {
    const files = { "img.eps": eps(), "other.png": png(10, 10) };
    const content = `${SQUARE}\\includegraphics[width=3cm]{img.eps}`;
    expect(await problem(content, { preamble: TIKZ, files })).toMatchObject({ reason: "tex-failed" });
  });

  it("a preamble for another engine is replaced", async () => {
    const preamble = `\\usepackage{fontspec}\\setmainfont{Some Font}${TIKZ}`;
    expect(await shareOf((await draw(SQUARE, { preamble })).png, RED)).toBeGreaterThan(0.7);
  });

  it("a file that the paper lacks is named", async () => {
    expect(await problem("\\input{lost.pdf_tex}")).toMatchObject({ reason: "tex-file-missing" });
  });

  it("a figure in which nothing is drawn says so", async () => {
    expect(await problem("\\phantom{x}")).toMatchObject({ reason: "tex-draws-nothing" });
  });

  it("a cancelled drawing ends with the reason of that", async () => {
    const controller = new AbortController();
    const drawing = draw("\\loop\\iftrue\\repeat", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(drawing).rejects.toThrow("enough");
  });
});

describe("without TeX", () => {
  it("the reason and the way out are told", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nonexistent";
    try {
      expect(await problem("x")).toMatchObject({ reason: "tex-missing" });
    } finally {
      process.env.PATH = path;
    }
  });
});
