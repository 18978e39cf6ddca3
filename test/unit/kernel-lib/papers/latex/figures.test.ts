import { describe, expect, it } from "vitest";
import { figure, figuresOf, read } from "./reading.js";

const r = String.raw;

describe("which figures are found", () => {
  it.each(["figure", "figure*", "SCfigure", "sidewaysfigure", "teaserfigure", "marginfigure"])(
    "%s",
    (name) => {
      const [found] = figuresOf(
        `\\begin{${name}}\\includegraphics{a}\\caption{One.}\\label{f}\\end{${name}}`,
      );
      expect(found).toMatchObject({
        float: "figure",
        environment: name,
        label: "f",
        number: "1",
        caption: "One.",
        graphics: ["a.pdf"],
      });
    },
  );

  it("wrapfigure, whose arguments are no text", () => {
    const [found] = figuresOf(
      r`\begin{wrapfigure}[10]{r}{0.4\textwidth}\includegraphics{a}\caption{One.}\end{wrapfigure}`,
    );
    expect(found).toMatchObject({ caption: "One.", graphics: ["a.pdf"] });
  });

  it("captionof in a centre block", () => {
    const [found] = figuresOf(r`Text.

\begin{center}\includegraphics{a}\captionof{figure}{One.}\label{f}\end{center}

More text.`);
    expect(found).toMatchObject({ caption: "One.", label: "f", number: "1", graphics: ["a.pdf"] });
  });

  it.each([
    ["AASTeX plotone", r`\plotone{a}`, ["a.pdf"]],
    ["AASTeX plottwo", r`\plottwo{a.pdf}{b.pdf}`, ["a.pdf", "b.pdf"]],
    ["psfig", r`\psfig{figure=a.pdf,width=3in}`, ["a.pdf"]],
    ["epsfig", r`\epsfig{file=a.pdf}`, ["a.pdf"]],
    ["epsfbox", r`\epsfbox{a.pdf}`, ["a.pdf"]],
    ["braces inside braces", r`\includegraphics[width=\textwidth]{{{a}}}`, ["a.pdf"]],
    ["overpic", r`\begin{overpic}[width=1cm]{a}\put(1,1){x}\end{overpic}`, ["a.pdf"]],
    ["epsfbox with its bounding box and without braces", r`\epsfbox[0 0 30 50]a.pdf `, ["a.pdf"]],
    ["includepdf", r`\includepdf[pages=1]{a.pdf}`, ["a.pdf"]],
    ["includesvg", r`\includesvg[width=1cm]{a}`, ["a.pdf"]],
    ["incgraph", r`\incgraph{a.pdf}`, ["a.pdf"]],
    ["the first frame of an animation", r`\animategraphics[loop]{12}{a}{}{}`, ["a.pdf"]],
    ["an overlay", r`\includegraphics<1>[width=2cm]{a}`, ["a.pdf"]],
    ["plotfiddle", r`\plotfiddle{a.pdf}{3in}{0}{50}{50}{0}{0}`, ["a.pdf"]],
    ["psfig in a line", r`\centerline{\psfig{figure=a.pdf,width=3in}}`, ["a.pdf"]],
    ["the name of the job", r`\includegraphics{\jobname-b}`, ["main-b.png"]],
    ["a box round it", r`\resizebox{1cm}{!}{\includegraphics{b}}`, ["b.pdf"]],
  ])("pictures named by %s", (_, command, files) => {
    const found = figuresOf(`\\begin{figure}${command}\\caption{x}\\end{figure}`, {
      files: { "main-b.png": "" },
    });
    expect(found[0]!.graphics).toEqual(files);
  });

  it.each([
    ["after a comment sign", figure().replace(/^/gm, "% ")],
    ["in a comment environment", `\\begin{comment}${figure()}\\end{comment}`],
    ["behind iffalse", `\\iffalse ${figure()}\\fi`],
    ["in the branch not taken", r`\newif\ifdraft\draftfalse\ifdraft ` + figure() + r`\fi`],
    ["in verbatim text", `\\begin{verbatim}${figure()}\\end{verbatim}`],
    ["in a listing", `\\begin{lstlisting}[caption=x]${figure()}\\end{lstlisting}`],
    ["after the end of the document", `\\end{document}${figure()}`],
    ["in an environment that the author excludes", `\\excludecomment{old}\\begin{old}${figure()}\\end{old}`],
  ])("a figure %s is none", (_, body) => expect(figuresOf(body)).toEqual([]));

  it("a picture outside any float is none", () =>
    expect(figuresOf(r`\includegraphics{a} Text.`)).toEqual([]));

  it("a float that holds an algorithm only is none", () => {
    expect(
      figuresOf(r`\begin{figure}\begin{algorithm}\caption{A}\label{alg}\end{algorithm}\end{figure}`),
    ).toEqual([]);
  });

  it.each([
    [r`\myfig{a}{One}`, "figure", null],
    [r`\myfig*{a}{One}[f]`, "figure*", "f"],
  ])("arguments that may be left out: %s", (body, environment, label) => {
    const preamble = r`\NewDocumentCommand{\myfig}{s m m o}{\IfBooleanTF{#1}{\begin{figure*}}{\begin{figure}}
\includegraphics{#2}\caption{#3}\IfNoValueTF{#4}{}{\label{#4}}\IfBooleanTF{#1}{\end{figure*}}{\end{figure}}}`;
    expect(figuresOf(body, { preamble })).toMatchObject([{ environment, label, graphics: ["a.pdf"] }]);
  });

  it("a version number that a macro holds decides", () => {
    const [found] = figuresOf(
      r`\def\version{1}\ifnum\version=1 ` + figure("Long.") + r`\else ` + figure("Short.") + r`\fi`,
    );
    expect(found!.caption).toBe("Long.");
  });

  it("an else branch is read when its condition does not hold", () => {
    const [found] = figuresOf(r`\newif\ifbw\ifbw\else` + figure("Colour.") + r`\fi`);
    expect(found!.caption).toBe("Colour.");
  });

  it("the live picture under a commented-out one", () => {
    const [found] = figuresOf(
      "\\begin{figure}\n%\\includegraphics{b}\n\\includegraphics{a}\n%\\caption{Old.}\n\\caption{New.}\\end{figure}",
    );
    expect(found).toMatchObject({ graphics: ["a.pdf"], caption: "New." });
  });

  it("figures that the author's macro makes out of its arguments", () => {
    const [found] = figuresOf(r`\myfig[b]{a}{A caption with $x^2$.}{one}`, {
      preamble: r`\newcommand{\myfig}[4][t]{\begin{figure}[#1]\includegraphics{#2}\caption{#3}\label{fig:#4}\end{figure}}`,
    });
    expect(found).toMatchObject({
      caption: "A caption with x².",
      caption_source: "A caption with $x^2$.",
      label: "fig:one",
      graphics: ["a.pdf"],
    });
  });

  it("figures in an environment of the author's", () => {
    const [found] = figuresOf(r`\begin{pic}{a}\caption{One.}\end{pic}`, {
      preamble: r`\newenvironment{pic}[1]{\begin{figure*}\centering\includegraphics{#1}}{\end{figure*}}`,
    });
    expect(found).toMatchObject({ environment: "figure*", graphics: ["a.pdf"], caption: "One." });
  });

  it("tables are counted apart", () => {
    const found = figuresOf(
      r`\begin{table}\caption{T}\end{table}` +
        figure() +
        r`\begin{longtable}{ll}\caption{L}\\ a&b\end{longtable}`,
    );
    expect(found.map(({ figure_id, number }) => [figure_id, number])).toEqual([
      ["paper#tab1", "1"],
      ["paper#fig1", "1"],
      ["paper#tab2", "2"],
    ]);
  });

  it("a caption outside floats takes no float that follows it", () => {
    const found = figuresOf(
      r`\begin{center}\includegraphics{a}\end{center}\captionof{figure}{One.}
` +
        figure("Two.", "f2", "b") +
        r`\section{S}\label{s} See \ref{f2} in \ref{s}.`,
    );
    expect(found).toMatchObject([
      { caption: "One.", label: null, graphics: ["a.pdf"] },
      { caption: "Two.", label: "f2", graphics: ["b.pdf"], contexts: [{ text: "See 2 in 1." }] },
    ]);
  });

  it("a table's caption on its second page is no table of its own", () => {
    const table = r`\begin{longtable}{ll}\caption{Long.}\\ a&b\endfirsthead\caption[]{(continued)}\\ a&b\endhead x&y\end{longtable}`;
    expect(figuresOf(table + table).map(({ number, caption }) => [number, caption])).toEqual([
      ["1", "Long."],
      ["2", "Long."],
    ]);
  });

  it("each of several captions in one float is a figure of its own", () => {
    const found = figuresOf(r`\begin{figure}
\begin{minipage}{.5\textwidth}\includegraphics{a}\caption{One.}\label{one}\end{minipage}
\begin{minipage}{.5\textwidth}\includegraphics{b}\caption{Two.}\label{two}\end{minipage}
\end{figure}`);
    expect(found.map(({ provenance }) => provenance.start)).toEqual([
      found[0]!.provenance.start,
      found[0]!.provenance.start,
    ]);
    expect(found.map(({ label, number, graphics }) => [label, number, graphics])).toEqual([
      ["one", "1", ["a.pdf"]],
      ["two", "2", ["b.pdf"]],
    ]);
  });

  it("AASTeX's figure captions outside floats, with their file as an option", () => {
    const { figures, paper } = read(r`Text.

\figcaption[a.pdf]{One.\label{f}}

More.`);
    expect(figures[0]).toMatchObject({ caption: "One.", label: "f", number: "1", graphics: ["a.pdf"] });
    expect(paper.paragraphs.map(({ text }) => text)).toEqual(["Text.", "More."]);
  });

  it("a drawing in TeX is a figure without a file, and says so", () => {
    const [found] = figuresOf(
      r`\begin{figure}\begin{tikzpicture}\node{x};\end{tikzpicture}\caption{D.}\end{figure}`,
    );
    expect(found!.graphics).toEqual([]);
    expect(found!.image_missing).toMatch(/drawn in TeX \(tikzpicture\)/);
  });

  it("signs drawn or pictured in a caption are not the picture", () => {
    const [found] = figuresOf(
      r`\begin{figure}\includegraphics{a}\caption{Red (\tikz\draw[red](0,0)--(1,0);) and \includegraphics{b}.}\end{figure}`,
    );
    expect(found).toMatchObject({
      graphics: ["a.pdf"],
      caption: "Red () and.".replace("()", "").replace("  ", " "),
      image_missing: null,
    });
  });

  it("labels of a plot's lines name no figure", () => {
    const found = figuresOf(
      r`\begin{figure}\begin{tikzpicture}\begin{axis}\addplot{x};\label{line}\end{axis}\end{tikzpicture}\caption{Line \ref{line} here.}\label{f}\end{figure}

See \ref{line}.`,
    );
    expect(found).toMatchObject([{ label: "f", caption: "Line here.", contexts: [] }]);
  });

  it.each([
    ["midinsert", r`\midinsert\centerline{\epsfbox{a.pdf}}{\bf Fig.~1:} A {\it plain} caption.\endinsert`],
    [
      "harvmac",
      r`\input harvmac
\ifig\fone{A {\it plain} caption.}{\epsfbox{a.pdf}}`,
    ],
  ])("plain TeX's figures: %s", (_, body) => {
    expect(figuresOf(`Text.\n\n${body}\n\nSee Fig. 1.`)).toMatchObject([
      { number: "1", caption: "A plain caption.", graphics: ["a.pdf"], contexts: [{ text: "See Fig. 1." }] },
    ]);
  });

  it.each([
    [r`\textbf{Figure 7.} Made by hand.`, "7", "Made by hand."],
    [r`Fig. 7: Made by hand.`, "7", "Made by hand."],
    [r`\caption{Not as in Fig. 7: real.}`, "1", "Not as in Fig. 7: real."],
    [r`\begin{tabular}{c}See Fig. 7.\end{tabular}`, null, ""],
  ])("a caption without a command: %s", (text, number, caption) => {
    const [found] = figuresOf(`\\begin{figure}\\includegraphics{a}\\\\\n${text}\n\\end{figure}`);
    expect(found).toMatchObject({ number, caption });
  });

  it("a caption in two languages is the first", () => {
    expect(figuresOf(r`\begin{figure}\bicaption{Eins}{One}\end{figure}`)[0]!.caption).toBe("Eins");
  });

  it("a short caption for the list of figures is passed over", () => {
    expect(figuresOf(r`\begin{figure}\caption[Short]{Long.}\end{figure}`)[0]!.caption).toBe("Long.");
  });

  it("provenance and caption are those of the file that holds the figure", () => {
    const part = `% first line\n\n${figure("Größe of $x$.")}`;
    const [found] = read(r`\input{sections/one}`, { files: { "sections/one.tex": part } }).figures;
    expect(found!.provenance).toMatchObject({ file: "sections/one.tex", line: 3 });
    expect(part.slice(found!.provenance.start!, found!.provenance.end!)).toBe(figure("Größe of $x$.").trim());
    expect(found!.caption_source).toBe("Größe of $x$.");
  });
});

describe("panels", () => {
  const panels = (body: string) =>
    figuresOf(`\\begin{figure}${body}\\caption{All.}\\label{all}\\end{figure}`)[0]!.panels.map(
      ({ number, label, caption, graphics, row }) => ({ number, label, caption, graphics, row }),
    );
  const first = { number: "a", label: "p1", caption: "One.", graphics: ["a.pdf"], row: 0 };
  const second = { number: "b", label: "p2", caption: "Two.", graphics: ["b.pdf"], row: 0 };

  it.each([
    [
      "subfigure environments",
      r`\begin{subfigure}{.4\textwidth}\includegraphics{a}\caption{One.}\label{p1}\end{subfigure}
\begin{subfigure}[b]{.4\textwidth}\includegraphics{b}\caption{Two.}\label{p2}\end{subfigure}`,
    ],
    [
      "subfigure commands",
      r`\subfigure[One.\label{p1}]{\includegraphics{a}}\subfigure[Two.]{\includegraphics{b}\label{p2}}`,
    ],
    [
      "subfloats with the label behind",
      r`\subfloat[One.]{\includegraphics{a}}\label{p1}\subfloat[Two.]{\includegraphics{b}}\label{p2}`,
    ],
    [
      "subcaption boxes",
      r`\subcaptionbox{One.\label{p1}}{\includegraphics{a}}\subcaptionbox{Two.\label{p2}}[3cm]{\includegraphics{b}}`,
    ],
    [
      "subfigure environments with subcaptions",
      r`\begin{subfigure}{.4\textwidth}\includegraphics{a}\subcaption{One.}\label{p1}\end{subfigure}
\begin{subfigure}{.4\textwidth}\includegraphics{b}\subcaption{Two.}\label{p2}\end{subfigure}`,
    ],
    [
      "side subfloats",
      r`\sidesubfloat[One.]{\includegraphics{a}\label{p1}}\sidesubfloat[Two.]{\includegraphics{b}\label{p2}}`,
    ],
    [
      "minipages with subcaptions",
      r`\begin{minipage}{.4\textwidth}\includegraphics{a}\subcaption{One.}\label{p1}\end{minipage}
\begin{minipage}{.4\textwidth}\includegraphics{b}\subcaption{Two.}\label{p2}\end{minipage}`,
    ],
  ])("%s", (_, body) => {
    expect(panels(body)).toEqual([first, second]);
    expect(figuresOf(`\\begin{figure}${body}\\caption{All.}\\label{all}\\end{figure}`)[0]).toMatchObject({
      label: "all",
      caption: "All.",
      graphics: ["a.pdf", "b.pdf"],
    });
  });

  it("AASTeX's grids, whose captions hold the letters", () => {
    const body = r`\begin{figure}\gridline{\fig{a.pdf}{0.3\textwidth}{(a) One.}\fig{b.pdf}{0.3\textwidth}{(b)}}\caption{x}\end{figure}`;
    const [found] = figuresOf(body, { documentClass: "aastex63" });
    expect(found!.panels).toMatchObject([
      { number: "a", caption: "(a) One.", graphics: ["a.pdf"], row: 0 },
      { number: "b", caption: "(b)", graphics: ["b.pdf"], row: 0 },
    ]);
  });

  it.each([
    ["an empty line", "\n\n"],
    ["a line break", r`\\`],
    ["par", r`\par `],
  ])("rows end at %s", (_, end) => {
    expect(
      panels(
        r`\subfloat[1]{\includegraphics{a}}\subfloat[2]{\includegraphics{b}}` +
          end +
          r`\subfloat[3]{\includegraphics{c}}`,
      ).map(({ row }) => row),
    ).toEqual([0, 0, 1]);
  });

  it("rows end where the widths fill the line", () => {
    const { figures, pictures } = read(r`\begin{figure}\includegraphics[width=.5\textwidth]{a}
\includegraphics[width=.5\textwidth]{b}
\includegraphics[width=0.5\textwidth]{c}\caption{x}\end{figure}`);
    expect(pictures.get(figures[0]!.figure_id)).toEqual([
      { from: "graphics", rows: [["a.pdf", "b.pdf"], ["c.pdf"]] },
    ]);
  });

  it("floatrow's boxes: side by side they are figures, in a row of panels they are panels", () => {
    const boxes = r`\ffigbox[\FBwidth]{\caption{One.}\label{p1}}{\includegraphics{a}}\ffigbox{\includegraphics{b}}{\caption{Two.}\label{p2}}`;
    expect(
      figuresOf(
        r`\begin{figure}\begin{floatrow}` +
          boxes.replace(
            r`{\includegraphics{b}}{\caption{Two.}\label{p2}}`,
            r`{\caption{Two.}\label{p2}}{\includegraphics{b}}`,
          ) +
          r`\end{floatrow}\end{figure}`,
      ),
    ).toMatchObject([
      { label: "p1", caption: "One.", graphics: ["a.pdf"] },
      { label: "p2", caption: "Two.", graphics: ["b.pdf"] },
    ]);
    expect(panels(r`\begin{subfloatrow}` + boxes + r`\end{subfloatrow}`)).toEqual([first, second]);
  });

  it("boxes without caption and label are no panels", () => {
    expect(panels(r`\begin{subfigure}{1cm}\includegraphics{a}\end{subfigure}`)).toEqual([]);
  });
});
