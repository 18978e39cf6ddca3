import fc from "fast-check";

/** Few names, so that definitions and uses meet, and macros call each other and themselves. */
const NAMES = ["a", "b", "c", "foo", "fig", "thefigure", "caption", "label", "section"];
const ENVIRONMENTS =
  "figure figure* table subfigure minipage center tabular equation align itemize verbatim comment lstlisting tikzpicture wrapfigure floatrow a document".split(
    " ",
  );
const LEAVES = [
  ..."{ } [ ] $ $$ & # #1 #2 ^ _ ~ % \\\\ \\ \\% \\{ \\( \\) \\[ \\] ` ' \" - -- @ * = |".split(" "),
  "\n", "\n\n", "\r", "%\n", "\\relax ", "\\fi ", "\\else ", "\\or ", "\\iffalse ", "\\iftrue ", "\\ifx\\a\\b ", "\\ifcase1 ", "\\ifnum1<2 ",
  "\\newif\\iffoo ", "\\footrue ", "\\iffoo ", "\\begingroup ", "\\endgroup ", "\\makeatletter ", "\\csname foo\\endcsname ", "\\expandafter ", "\\noexpand ",
  "\\par ", "\\appendix ", "\\centering ", "\\hfill ", "\\ContinuedFloat ", "\\verb|x{|", "\\verb", "\\today ", "\\end{document}", "\\endinput ", "\\loop\\repeat ",
  "\\includegraphics{a}", "\\includegraphics[width=.5\\textwidth]{b.pdf}", "\\plotone{a}", "\\epsfbox{a.eps}", "\\input{a}", "\\input a ", "\\include{main}",
  "\\ref{x}", "\\cref{x,y}", "\\autoref{y}", "\\cite{z}", "\\label{x}", "\\label{y}", "\\alpha ", "\\frac12", "\\frac{a}{b}", "x^{2}", "Fig.~\\ref{x}--\\ref{y} shows.",
  "A plain sentence about 12 mice. ", "é", "𝛼", "\u0000", "\ufeff", "ﬁ",
]; // prettier-ignore

const name = fc.constantFrom(...NAMES);
const environment = fc.constantFrom(...ENVIRONMENTS);

const { text } = fc.letrec<{ text: string; piece: string }>((tie) => ({
  text: fc.array(tie("piece"), { maxLength: 8, depthIdentifier: "latex" }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true, depthIdentifier: "latex" },
    { arbitrary: fc.constantFrom(...LEAVES), weight: 8 },
    { arbitrary: name.map((macro) => `\\${macro} `), weight: 3 },
    { arbitrary: tie("text").map((inner) => `{${inner}}`), weight: 2 },
    { arbitrary: tie("text").map((inner) => `$${inner}$`), weight: 1 },
    { arbitrary: fc.tuple(name, tie("text")).map(([macro, inner]) => `\\${macro}{${inner}}`), weight: 2 },
    {
      arbitrary: fc
        .tuple(environment, tie("text"), environment, fc.nat(9))
        .map(([open, inner, other, odd]) => `\\begin{${open}}${inner}\\end{${odd ? open : other}}`),
      weight: 4,
    },
    {
      arbitrary: tie("text").map(
        (inner) => `\\begin{figure}[t]\\includegraphics{a}\\caption{${inner}}\\label{x}\\end{figure}\n`,
      ),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom("newcommand", "renewcommand", "providecommand"), name, fc.nat(3), tie("text"))
        .map(([how, macro, count, body]) => `\\${how}{\\${macro}}[${count}]{${body}}`),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom("def", "gdef", "edef", "long\\def"), name, fc.constantFrom("", "#1", "#1#2.", "[#1]"), tie("text"))
        .map(([how, macro, parameters, body]) => `\\${how}\\${macro}${parameters}{${body}}`),
      weight: 2,
    },
    { arbitrary: fc.tuple(name, name).map(([to, from]) => `\\let\\${to}=\\${from} `), weight: 1 },
    {
      arbitrary: fc
        .tuple(name, tie("text"), tie("text"))
        .map(([own, begin, end]) => `\\newenvironment{${own}}{${begin}}{${end}}`),
      weight: 1,
    },
    { arbitrary: fc.tuple(tie("text"), fc.nat(40)).map(([inner, times]) => inner.slice(0, 80).repeat(times)), weight: 1 },
  ),
})); // prettier-ignore

/** A LaTeX source out of the pieces of which real ones are made, put together without regard for what fits. */
export const latexSource: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("\\documentclass{article}", "\\documentclass[a4paper]{revtex4-1}", "\\documentstyle[epsf]{article}"),
    text,
    fc.array(text, { minLength: 1, maxLength: 6 }),
    fc.nat(9),
  )
  .map(
    ([opening, preamble, bodies, odd]) =>
      `${opening}\n${preamble}\n\\begin{document}\n${bodies.join("\n\n")}\n${odd ? "\\end{document}\n" : ""}`,
  ); // prettier-ignore

/** What mutations of real sources put in. */
export const LATEX_WORDS = LEAVES;
