import { describe, expect, it } from "vitest";
import { figure, figuresOf, read } from "./reading.js";

const r = String.raw;
const numbers = (body: string, options?: Parameters<typeof figuresOf>[1]) =>
  figuresOf(body, options).map(({ number }) => number);
const one = figure();

describe("numbers as they are printed", () => {
  it.each([
    ["count up", one + one, ["1", "2"]],
    [
      "of a supplement",
      one + r`\renewcommand{\thefigure}{S\arabic{figure}}\setcounter{figure}{0}` + one,
      ["1", "S1"],
    ],
    [
      "of a supplement begun by a macro",
      r`\newcommand{\supp}{\setcounter{figure}{0}\renewcommand{\thefigure}{S\arabic{figure}}}` +
        one +
        r`\supp{}` +
        one,
      ["1", "S1"],
    ],
    ["by def", r`\def\thefigure{\Alph{figure}}` + one, ["A"]],
    [
      "within sections",
      r`\numberwithin{figure}{section}\section{A}` + one + one + r`\section{B}` + one,
      ["1.1", "1.2", "2.1"],
    ],
    ["within sections by counterwithin", r`\counterwithin{figure}{section}\section{A}` + one, ["1.1"]],
    [
      "of appendices numbered by section",
      r`\counterwithin{figure}{section}\section{A}` + one + r`\appendix\section{B}` + one,
      ["1.1", "A.1"],
    ],
    ["go on in the appendix of plain classes", one + r`\appendix\section{B}` + one, ["1", "2"]],
    [
      "stay the same in a continued float",
      one + r`\begin{figure}\ContinuedFloat\caption{More.}\end{figure}` + one,
      ["1", "1", "2"],
    ],
    [
      "are missing where there is no caption",
      r`\begin{figure}\includegraphics{a}\end{figure}` + one,
      [null, "1"],
    ],
    ["are missing under a starred caption", r`\begin{figure}\caption*{x}\end{figure}` + one, [null, "1"]],
    [
      "made by LaTeX's inner commands",
      one +
        r`\makeatletter\renewcommand{\thefigure}{S\@arabic\c@figure}\makeatother\setcounter{figure}{0}` +
        one,
      ["1", "S1"],
    ],
    [
      "of an appendix that is an environment",
      r`\counterwithin{figure}{section}\section{A}` +
        one +
        r`\begin{appendices}\section{B}` +
        one +
        r`\end{appendices}`,
      ["1.1", "A.1"],
    ],
    [
      "that AASTeX's papers write themselves",
      r`\begin{figure}\figurenum{3a}\caption{x}\end{figure}` + one,
      ["3a", "1"],
    ],
    [
      "reset by inner commands",
      r`\makeatletter\@addtoreset{figure}{section}\makeatother\section{A}` + one + r`\section{B}` + one,
      ["1", "1"],
    ],
    [
      "that no longer count within",
      r`\counterwithin{figure}{section}\counterwithout{figure}{section}\section{A}` + one,
      ["1"],
    ],
    [
      "by the label that captions get",
      r`\makeatletter\def\fnum@figure{\figurename~S\thefigure}\makeatother` + one,
      ["S1"],
    ],
    [
      "by a caption label format",
      r`\DeclareCaptionLabelFormat{supp}{#1 S#2}` +
        one +
        r`\captionsetup[figure]{labelformat=supp}\setcounter{figure}{0}` +
        one,
      ["1", "S1"],
    ],
    ["may start elsewhere", r`\setcounter{figure}{4}` + one, ["5"]],
  ])("%s", (_, body, expected) => expect(numbers(body)).toEqual(expected));

  it("panels begin with a, behind a caption outside floats and under captions that are not shown", () => {
    const body = r`\captionof{figure}{x}

\begin{figure}\begin{subfigure}{1cm}\phantomsubcaption\label{p}\end{subfigure}\begin{subfigure}{1cm}\phantomsubcaption\label{q}\end{subfigure}\caption{y}\end{figure}

See \ref{p} and \ref{q}.`;
    expect(read(body).paper.paragraphs[0]!.text).toBe("See 2a and 2b.");
  });

  it("a supplement that counts from one again takes no typed references of the main text", () => {
    const found = figuresOf(`See Fig. 1.\n\n${one}\\setcounter{figure}{0}${one}`);
    expect(found.map(({ contexts }) => contexts.length)).toEqual([1, 0]);
  });

  it("labels taken over from a supplement's own file", () => {
    const { paper } = read(r`\newlabel{s1}{{S1}{3}}See Fig.~\ref{s1}.`);
    expect(paper.paragraphs[0]!.text).toBe("See Fig. S1.");
  });

  it("begin anew in AASTeX's appendix when told so", () => {
    const body = one + r`\appendix\restartappendixnumbering\section{B}` + one + r`\section{C}` + one;
    expect(numbers(body, { documentClass: "aastex63" })).toEqual(["1", "A1", "B1"]);
  });

  it("count through all appendices in MDPI's class", () => {
    const body = one + r`\appendix\section{B}` + one + r`\section{C}` + one;
    expect(numbers(body, { documentClass: "Definitions/mdpi" })).toEqual(["1", "A1", "A2"]);
  });

  it("have a letter in the appendix of journals that do so", () => {
    expect(numbers(one + r`\appendix\section{B}` + one, { documentClass: "mnras" })).toEqual(["1", "A1"]);
  });

  it("begin anew in every chapter of a book", () => {
    expect(numbers(r`\chapter{A}` + one + r`\chapter{B}` + one, { documentClass: "book" })).toEqual([
      "1.1",
      "2.1",
    ]);
  });
});
