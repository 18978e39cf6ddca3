import { describe, expect, it } from "vitest";
import type { Figure } from "../../../../../kernel-lib/src/model.js";
import { figure, figuresOf, read } from "./reading.js";

const r = String.raw;
const contextsOf = (found: Figure | undefined) => found!.contexts.map(({ text }) => text);
const four = ["a", "b", "c", "d"].map((name) => figure(`${name}.`, `fig:${name}`)).join("\n");
const mentioned = (text: string, preamble = "") =>
  figuresOf(`${four}\n\n${text}`, { preamble })
    .filter(({ contexts }) => contexts.length)
    .map(({ number }) => number);

describe("which paragraphs refer to a figure", () => {
  it.each([
    [r`See \ref{fig:b}.`, ["2"]],
    [r`See \autoref{fig:b}.`, ["2"]],
    [r`See \cref{fig:a,fig:c}.`, ["1", "3"]],
    [r`See Figs.~\ref{fig:a}--\ref{fig:c}.`, ["1", "2", "3"]],
    [r`See Figures \ref{fig:a} to \ref{fig:d}.`, ["1", "2", "3", "4"]],
    [r`See \crefrange{fig:b}{fig:d}.`, ["2", "3", "4"]],
    [r`See \hyperref[fig:b]{there}.`, ["2"]],
    [r`See Fig. 3 by hand.`, ["3"]],
    [r`See Figures 1 and 3--4.`, ["1", "3", "4"]],
    [r`See FIG. 3 and figure 4.`, ["3", "4"]],
    [r`See Supplementary Fig. 3.`, []],
    [r`See Fig. 3 of that paper.`, []],
    [r`Nothing, but Section~\ref{sec:x}.`, []],
  ])("%s", (text, numbers) => expect(mentioned(text)).toEqual(numbers));

  it("references by the author's own macros", () => {
    expect(
      mentioned(
        r`See \Fig{b} and \fref{c}.`,
        r`\newcommand{\Fig}[1]{Fig.~\ref{fig:#1}}\newcommand{\fref}[1]{\Fig{#1}}`,
      ),
    ).toEqual(["2", "3"]);
  });

  it("a reference to a panel by its letter alone", () => {
    const [found] = figuresOf(
      r`\begin{figure}\subfloat[One]{\includegraphics{a}\label{p}}\caption{(\subref{p}) x}\end{figure}`,
    );
    expect(found!.caption).toBe("(a) x");
  });

  it("a reference to a panel counts for its figure", () => {
    const [found] =
      figuresOf(r`\begin{figure}\subfloat[One]{\includegraphics{a}\label{p}}\caption{x}\label{f}\end{figure}

See \ref{p}.`);
    expect(contextsOf(found)).toEqual(["See 1a."]);
  });

  it("paragraphs end at empty lines and headings, and go on behind a float", () => {
    const { paper, figures } = read(
      `One \\ref{fig:a}\n${figure()}goes on.\n\nTwo.\\section{Head $x$}Three \\ref{fig:a}.\\par Four.`,
    );
    expect(paper.paragraphs).toEqual([
      { text: "One 1 goes on.", section: null },
      { text: "Two.", section: null },
      { text: "Three 1.", section: "Head x" },
      { text: "Four.", section: "Head x" },
    ]);
    expect(figures[0]!.contexts.map(({ paragraph, section }) => [paragraph, section])).toEqual([
      [0, null],
      [2, "Head x"],
    ]);
  });

  it("the sentences that hold the reference are marked", () => {
    const [found] = figuresOf(
      `${figure()}\n\nFirst, e.g. this. As Fig.~\\ref{fig:a} shows, it falls \\cite{x}. See Smith et al. for more. Also (Fig.~\\ref{fig:a}b).`,
    );
    const [context] = found!.contexts;
    expect(context!.sentences.map(([start, end]) => context!.text.slice(start, end))).toEqual([
      "As Fig. 1 shows, it falls.",
      "Also (Fig. 1b).",
    ]);
  });

  it("a reference in a note counts for the sentence that has the note", () => {
    const [found] = figuresOf(
      `${figure()}\n\nFirst. The rate falls.\\footnote{See Fig.~\\ref{fig:a}.} Last.`,
    );
    const [context] = found!.contexts;
    expect(context!.sentences.map(([start, end]) => context!.text.slice(start, end))).toEqual([
      "The rate falls.",
    ]);
  });

  it("captions, the bibliography and the abstract are no paragraphs", () => {
    const { paper } = read(r`\begin{abstract}A.\end{abstract}
Text.
\begin{figure}\caption{See \ref{f}.}\label{f}\end{figure}
\begin{thebibliography}{1}\bibitem{x} Figure \ref{f}.\end{thebibliography}`);
    expect(paper.paragraphs.map(({ text }) => text)).toEqual(["Text."]);
  });
});

describe("what a paper says about itself", () => {
  it.each([
    [
      "commands and environments",
      r`\title[Short]{The \emph{title} of $x^2$\thanks{Us}\tnotetext[t]{Note}}\maketitle\begin{abstract}We \cite{a} see.\end{abstract}`,
    ],
    ["an abstract command", r`\title{The title of $x^2$}\abstract{We see.}`],
    [
      "macros of its own",
      r`\newcommand{\T}{The title of $x^2$}\title{\T}\newcommand{\A}{We see.}\begin{abstract}\A\end{abstract}`,
    ],
    [
      "a title in big letters and a heading",
      r`{\Large \textbf{The title of $x^2$}}

\section*{Abstract}
We see.
\section{Introduction} Text.`,
    ],
    [
      "keywords inside the abstract",
      r`\title{The title of $x^2$}\begin{abstract}We see. \textbf{Keywords:} a, b\end{abstract}`,
    ],
    ["harvmac's title behind the preprint number", r`\Title{HUTP-94}{The title of $x^2$}\abstract{We see.}`],
  ])("%s", (_, body) =>
    expect(read(body).paper).toMatchObject({ title: "The title of x²", abstract: "We see." }),
  );

  it("the parts of a structured abstract are one text", () => {
    expect(read(r`\abstract{One.}{Two.}{}{Three.}{}`, { documentClass: "aa" }).paper.abstract).toBe(
      "One. Two. Three.",
    );
  });

  it("the title page is no paragraph", () => {
    const body = r`\title{T}\author{A. Author}\affiliation{A place}\email{a@b.c}\date{2020}\keywords{x}\maketitle Text.`;
    expect(read(body).paper.paragraphs.map(({ text }) => text)).toEqual(["Text."]);
  });

  it("sources that pandoc wrote: anchors round headings and figures, its own reference list", () => {
    const { paper, figures } = read(r`\hypertarget{intro}{%
\section{Intro}\label{intro}}

From {[}0, 2{]} (\protect\hyperlink{ref-x}{Lewis, 2012}), see Figure 1.

\begin{figure}
\hypertarget{fig:p}{%
\pandocbounded{\includegraphics{a}}
\caption{Rate \(\alpha\).}\label{fig:p}
}
\end{figure}

\begin{CSLReferences}{1}{0}
\leavevmode\vadjust pre{\hypertarget{ref-x}{}}%
Lewis. Figure 1.
\end{CSLReferences}`);
    expect(paper.paragraphs).toEqual([
      { text: "From [0, 2] (Lewis, 2012), see Figure 1.", section: "Intro" },
    ]);
    expect(figures).toMatchObject([{ caption: "Rate α.", label: "fig:p", contexts: [{ paragraph: 0 }] }]);
  });

  it("places and addresses with a number in front are no paragraph", () => {
    const body = r`\affiliation{1}{A place}\correspondingauthor{A. Author}{a@b.c}\begin{keypoints}\item K\end{keypoints}Text.`;
    expect(read(body).paper.paragraphs.map(({ text }) => text)).toEqual(["Text."]);
  });

  it("nothing is made up where it says nothing", () => {
    expect(read("Text.").paper).toMatchObject({
      title: null,
      abstract: null,
      discipline: null,
      categories: [],
      licence: null,
      doi: null,
    });
  });

  it("its class may give its discipline away", () => {
    expect(read("Text.", { documentClass: "mnras" }).paper.discipline).toBe("Astronomy");
  });
});
