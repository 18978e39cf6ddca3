import { describe, expect, it } from "vitest";
import { captionOf, figure, figuresOf } from "./reading.js";

const r = String.raw;

describe("floats that authors make themselves", () => {
  it.each([
    ["inner commands of an environment", r`\newenvironment{pic}{\figure[t]\centering}{\endfigure}`, "figure"],
    ["inner commands of a wide one", r`\newenvironment{pic}{\@dblfloat{figure}}{\end@dblfloat}`, "figure*"],
    [
      "names put together",
      r`\newenvironment{pic}{\csname figure*\endcsname}{\csname endfigure*\endcsname}`,
      "figure*",
    ],
    ["other names for old ones", r`\let\pic\figure\let\endpic\endfigure`, "figure"],
    ["commands that stand for both sides", r`\def\pic{\begin{figure}}\def\endpic{\end{figure}}`, "figure"],
    ["newfloat", r`\newfloat{pic}{htbp}{lop}[section]`, "pic"],
    ["DeclareFloatingEnvironment", r`\DeclareFloatingEnvironment[name=Map]{pic}`, "pic"],
  ])("%s", (_, preamble, environment) => {
    const found = figuresOf(r`\begin{pic}\includegraphics{a}\caption{One.}\label{f}\end{pic} See \ref{f}.`, {
      preamble,
    });
    expect(found).toMatchObject([
      { environment, caption: "One.", label: "f", number: "1", graphics: ["a.pdf"] },
    ]);
    expect(found[0]!.contexts).toHaveLength(1);
  });

  it("a declared float for code is no figure", () => {
    expect(
      figuresOf(r`\begin{mycode}\caption{x}\end{mycode}`, { preamble: r`\newfloat{mycode}{h}{loc}` }),
    ).toEqual([]);
  });

  it.each([
    [
      "captype",
      r`\newcommand{\figcap}{\def\@captype{figure}\caption}`,
      r`\begin{center}\includegraphics{a}\figcap{One.}\end{center}`,
    ],
    [
      "captionsetup",
      "",
      r`\begin{minipage}{5cm}\captionsetup{type=figure}\includegraphics{a}\caption{One.}\end{minipage}`,
    ],
    [
      "an environment that sets captype",
      r`\newenvironment{here}{\def\@captype{figure}}{}`,
      r`\begin{here}\includegraphics{a}\caption{One.}\end{here}`,
    ],
  ])("captions outside floats, typed by %s", (_, preamble, body) => {
    expect(figuresOf(`Text.\n\n${body}\n\nMore.`, { preamble })).toMatchObject([
      { caption: "One.", number: "1", graphics: ["a.pdf"], float: "figure" },
    ]);
  });
});

describe("acronyms", () => {
  it.each([
    [
      "glossaries",
      r`\newacronym{cnn}{CNN}{convolutional network}`,
      r`\gls{cnn}, \gls{cnn}, \glspl{cnn}, \acrlong{cnn}`,
    ],
    ["acronym", r`\acrodef{cnn}[CNN]{convolutional network}`, r`\ac{cnn}, \ac{cnn}, \acp{cnn}, \acl{cnn}`],
    [
      "acro",
      r`\DeclareAcronym{cnn}{short=CNN, long=convolutional network}`,
      r`\ac{cnn}, \acs{cnn}, \acp{cnn}, \acl{cnn}`,
    ],
  ])("of %s are spelt out where they come first", (_, preamble, caption) =>
    expect(captionOf(caption, { preamble })).toBe(
      "convolutional network (CNN), CNN, CNNs, convolutional network",
    ),
  );

  it("nobody has defined stay as they are", () => expect(captionOf(r`The \gls{cnn}`)).toBe("The cnn"));
});

describe("loops and conditions", () => {
  it("pictures made in a loop", () => {
    const files = { "x1.png": "", "x2.png": "", "x3.png": "", "x5.png": "" };
    const graphics = (list: string) =>
      figuresOf(
        r`\begin{figure}\foreach \n in {` + list + r`}{\includegraphics{x\n}}\caption{x}\end{figure}`,
        { files },
      )[0]!.graphics;
    expect(graphics("1,...,3")).toEqual(["x1.png", "x2.png", "x3.png"]);
    expect(graphics("1,3,...,5")).toEqual(["x1.png", "x3.png", "x5.png"]);
    expect(graphics("2,5")).toEqual(["x2.png", "x5.png"]);
  });

  it("a macro that looks whether it stands in a formula", () => {
    const preamble = r`\def\kms{\ifmmode{\rm km\,s^{-1}}\else km\,s$^{-1}$\fi}`;
    expect(captionOf(r`$v=5\,\kms$, 6 \kms, \(7\kms\)`, { preamble })).toBe(
      "v = 5 km s⁻¹, 6 km s⁻¹, 7km s⁻¹",
    );
  });

  it.each([
    [r`\ifcase 1 zero\or one\or two\else more\fi`, "one"],
    [r`\ifcase 7 zero\or one\else more\fi`, "more"],
    [r`\if 0 hidden\fi shown`, "shown"],
    [r`\if11 shown\else hidden\fi`, "shown"],
    [r`\ifdim 3pt>2cm yes\else no\fi`, "no"],
    [r`\ifodd 3 odd\else even\fi`, "odd"],
    [r`\ifstrequal{a}{b}{same}{other}`, "other"],
    [r`\ifblank{}{blank}{not}`, "blank"],
    [r`\ifnumcomp{3}{<}{4}{less}{more}`, "less"],
  ])("%s", (source, text) => expect(captionOf(source)).toBe(text));

  it("a condition round figures picks one", () => {
    const body = r`\newcount\n\ifcase 1 ` + figure("Zero.") + r`\or ` + figure("One.") + r`\fi`;
    expect(figuresOf(body).map(({ caption }) => caption)).toEqual(["One."]);
  });
});
