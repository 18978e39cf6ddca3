import { describe, expect, it } from "vitest";
import { captionOf, figure, read } from "./reading.js";

const r = String.raw;

describe("captions as plain text", () => {
  it.each([
    ["formatting", r`\textbf{Bold} {\it and} \emph{more \textsc{of} it}.`, "Bold and more of it."],
    ["dashes, quotes and ties", "a--b --- ``quoted'' it's Fig.~3", "a–b — “quoted” it’s Fig. 3"],
    [
      "accents",
      r`M\"uller, \v{S}koda, \'{e}t\'e, \aa ngstr\"om, \c{c}a, \o re`,
      "Müller, Škoda, été, ångström, ça, øre",
    ],
    ["escaped characters", r`50\% of \$5 \& \#1, a\_b`, "50% of $5 & #1, a_b"],
    ["footnotes and labels", r`Text\footnote{A note with $x$.}\label{x} goes on.`, "Text goes on."],
    [
      "links",
      "See \\href{http://a.b/c%20d}{here} and \\url{http://x.y/z_1%20}.",
      "See here and http://x.y/z_1%20.",
    ],
    ["texorpdfstring", r`The \texorpdfstring{$\alpha$}{alpha} line`, "The α line"],
    ["code", r`Run \verb|a_b{%}| and \texttt{c\_d}`, "Run a_b{%} and c_d"],
    ["colours and boxes", r`\textcolor{red}{Red} \colorbox{blue}{blue} \raisebox{1pt}{up}`, "Red blue up"],
    ["chemistry", r`\ce{H2SO4} and CO\textsubscript{2}, 10\textsuperscript{3}`, "H₂SO₄ and CO₂, 10³"],
    ["line breaks", r`One\\[2pt] two\newline three`, "One two three"],
    ["comments", "One % not this\n two", "One two"],
  ])("%s", (_, source, text) => expect(captionOf(source)).toBe(text));

  it.each([
    [
      "scripts",
      r`$x^2$, $x_i$, $10^{-3}$, $T_{\rm eff}$, $D_\text{max}$, $x_{N-1}$, $e^{-x/2}$`,
      "x², xᵢ, 10⁻³, T_eff, D_max, x_(N−1), e^(−x/2)",
    ],
    [
      "relations and operators",
      r`$a=b\leq c$, $-5<z\pm3$, $\sim 5\times10^{12}$, $p<0.05$`,
      "a = b ≤ c, −5 < z ± 3, ∼5 × 10¹², p < 0.05",
    ],
    [
      "fractions and roots",
      r`$\frac{a}{b}$, $\frac{a+b}{2}$, $\sqrt{x}$, $\sqrt{x^2+y^2}$, $\sqrt[3]{x}$`,
      "a/b, (a + b)/2, √x, √(x² + y²), ³√x",
    ],
    [
      "Greek and letters",
      r`$\alpha\beta$ $\Omega_\Lambda$ $\mathbb{R}^n$ $\mathcal{L}$ $\mathbf{x}$ $\hbar$`,
      "αβ Ω_Λ ℝⁿ L x ℏ",
    ],
    ["accents", r`$\hat{x}$ $\bar{y}$ $\vec v$ $\dot{m}$`, "x̂ ȳ v⃗ ṁ"],
    ["functions", r`$\log M_{\star}$, $2\sin\theta$, $\exp(-x)$`, "log M_⋆, 2 sin θ, exp(−x)"],
    ["words", r`$N_{detected}=3\text{ of }4$`, "N_detected = 3 of 4"],
    ["brackets", r`$\left\langle x\right\rangle$, $\left(\frac12\right)$, $\{a,b\}$`, "⟨x⟩, (1/2), {a, b}"],
    ["numbers with commas", r`$25{,}000$ and $25,000$`, "25,000 and 25,000"],
    ["degrees", r`$100^\circ$C`, "100°C"],
    ["other fences", r`\(a^2\) and \[b\]`, "a² and b"],
    ["sets", r`$\mathrm{g\,cm^{-3}}$`, "g cm⁻³"],
  ])("mathematics: %s", (_, source, text) => expect(captionOf(source)).toBe(text));

  it.each([
    [r`\SI{10}{\kilo\metre\per\second}`, "10 km/s"],
    [r`\SI{3e-4}{m.s^{-1}}`, "3 × 10⁻⁴ m s⁻¹"],
    [r`\qty{5}{\percent}, \ang{30}, \num{1.5e6}`, "5 %, 30°, 1.5 × 10⁶"],
    [r`\si{\micro\metre\squared}`, "µm²"],
    [r`\SIrange{1}{2}{\giga\hertz}`, "1–2 GHz"],
    ["\\unit{0.0308\\,s}", "0.0308 s"],
    [
      r`\numrange{1}{5}, \qtyrange{1}{5}{\mm}, \qtylist{1;2;3}{\metre}, \numlist{1;2}`,
      "1–5, 1–5 mm, 1, 2 and 3 m, 1 and 2",
    ],
    [r`\unit[5]{km}, \unitfrac[5]{km}{s}, \ang{1;2;3}`, "5 km, 5 km/s, 1°2′3″"],
    [r`$\qty{1.2 +- 0.3}{\angstrom}$, $\SI{1.5(2)e3}{\m\per\s}$`, "1.2 ± 0.3 Å, 1.5(2) × 10³ m/s"],
  ])("units: %s", (source, text) => expect(captionOf(source)).toBe(text));

  it.each([
    [
      "ions and isotopes",
      r`\ion{H}{ii}, \ion{C}{4}, \isotope[13]{C}, \ce{Na+}, \ce{SO4^2-}`,
      "H II, C IV, ¹³C, Na⁺, SO₄²⁻",
    ],
    ["accents on commands", r`na\"\i ve, na{\"\i}ve, \'\i, 1\farcs5`, "naïve, naïve, í, 1.″5"],
    [
      "lengths",
      r`\hbox to 3cm{x\hfil} \hskip 2cm plus 1fil a \kern 3pt b\vspace*{-3cm} \raise 2pt\hbox{up} \makebox[2cm][l]{box}`,
      "x a b up box",
    ],
    [
      "drawings in a line",
      r`A \tikz\draw[red] (0,0) -- (1,0); line, \tikz[baseline]{\node{x};} node`,
      "A line, node",
    ],
    [
      "brackets by command",
      r`$\abs{x}$, $\norm*{x}$, $\ket{\psi}$, $\braket{a|b}$, $\dv{f}{t}$, $f\colon A\to B$`,
      "|x|, ‖x‖, |ψ⟩, ⟨a|b⟩, df/dt, f: A → B",
    ],
    [
      "signs built out of boxes",
      r`$x\mathrel{\rlap{\lower4pt\hbox{\hskip1pt$\sim$}}\raise1pt\hbox{$<$}} 3$, \lower.5ex\hbox{$\; \buildrel > \over \sim \;$} 4`,
      "x ≲ 3, ≳ 4",
    ],
    ["a formula that begins with its sign", r`\textit{P}~$= 0.03$, $\sim 5$`, "P = 0.03, ∼5"],
    [
      "signs on signs",
      r`$x\stackrel{<}{\sim}3$, $x\stackrel{>}{_\sim}5$, $a\stackrel{def}{=}b$`,
      "x ≲ 3, x ≳ 5, a = b",
    ],
    ["TeX's own fractions", "${a+b \\over 2}$", "(a + b)/2"],
    ["glyphs by number", r`\ding{51} \char65 \symbol{66}`, "✓ AB"],
  ])("%s", (_, source, text) => expect(captionOf(source)).toBe(text));

  it("a sign that the author redefines out of boxes stays what its name says", () => {
    const preamble = r`\def\farcs{\hbox{$.\!\!^{\prime\prime}$}}\def\lsim{\lower2pt\hbox{$\buildrel<\over\sim$}}`;
    expect(captionOf(r`1\farcs5 $\lsim$ 2`, { preamble })).toBe("1.″5 ≲ 2");
  });

  it("a number in a drawn circle is its text", () => {
    const preamble = r`\newcommand*\circled[1]{\tikz[baseline=(char.base)]{\node[shape=circle,draw] (char) {#1};}}`;
    expect(captionOf(r`Step \circled{2} begins`, { preamble })).toBe("Step 2 begins");
  });

  it("references stand in formulas too", () => {
    const { paper } = read(r`\section{S}\label{s}In $\S\ref{s}$ of it.`);
    expect(paper.paragraphs[0]!.text).toBe("In §1 of it.");
  });

  it("brackets that the author declares", () => {
    const preamble = r`\DeclarePairedDelimiter{\mean}{\langle}{\rangle}`;
    expect(captionOf(r`$\mean{x}$ and $\mean*{\frac{a}{b}}$`, { preamble })).toBe("⟨x⟩ and ⟨a/b⟩");
  });

  it("German shorthands are letters in a German paper only", () => {
    const preamble = r`\usepackage[ngerman]{babel}`;
    expect(captionOf(`"Uber gro"se "\`Dinge"'`, { preamble })).toBe("Über große „Dinge“");
    expect(captionOf(`A "set" here`)).toBe('A "set" here');
  });

  it.each([
    [r`As shown \cite{a}.`, "As shown."],
    [r`As shown (\cite{a,b}).`, "As shown."],
    [r`As shown \citep[see][p.~2]{a}, it is.`, "As shown, it is."],
    [r`As shown (see e.g. \citealt{a}; \citealt{b}) here.`, "As shown here."],
    [r`Data as in Ref.~\cite{a}.`, "Data."],
    [r`Data from \cite{a}.`, "Data."],
    [r`Data (\cite{a}; see text).`, "Data (see text)."],
    [r`Data$^{\cite{a}}$ here.`, "Data here."],
    [r`Data [\onlinecite{a}, and references therein].`, "Data."],
  ])("citations leave nothing behind: %s", (source, text) => expect(captionOf(source)).toBe(text));

  it.each([
    [
      "a list in the document",
      {},
      r`\begin{thebibliography}{9}\bibitem[{Smith {et~al.}(2010)Smith, Jones, and Roe}]{s}X.\end{thebibliography}`,
    ],
    [
      "a .bbl file",
      { "main.bbl": r`\bibitem[\protect\citeauthoryear{Smith et al.}{Smith et al.}{2010}]{s}` },
      "",
    ],
    [
      "a .bib file",
      { "refs.bib": r`@article{s, title = {X}, author = {Smith, Ann and Bo Jones and R. Roe}, year = 2010}` },
      "",
    ],
  ])("citations that a sentence needs are names, from %s", (_, files, body) => {
    const { paper } = read(r`As \citet{s} and \citet{unknown} show \citep{s}; \citeauthor{s} agree.` + body, {
      files,
    });
    expect(paper.paragraphs[0]!.text).toBe("As Smith et al. (2010) and show; Smith et al. agree.");
  });

  it.each([
    [
      "in the list of numbers",
      r`\begin{thebibliography}{9}\bibitem{t}X.\bibitem{s}Y.\end{thebibliography}`,
      "[2]",
    ],
    [
      "with names",
      r`\begin{thebibliography}{9}\bibitem[Smith(2010)]{s}Y.\end{thebibliography}`,
      "Smith (2010)",
    ],
    [
      "in biblatex's own list",
      r`\entry{s}{article}{}\name{author}{1}{}{{{hash=x}{family={Smith},given={A}}}}\field{year}{2010}\endentry`,
      "Smith (2010)",
    ],
  ])("a citation behind a preposition stays: %s", (_, list, printed) => {
    const { paper } = read(r`The conjecture of \cite{s} holds \cite{s}, as in (see \cite{s}) this.` + list);
    expect(paper.paragraphs[0]!.text).toMatch(
      new RegExp(`^The conjecture of ${printed.replace(/[[\]()]/g, "\\$&")} holds, as in this.`),
    );
  });

  it("citations in a row, and in brackets that the author writes, stay where the first is needed", () => {
    const list = r`\begin{thebibliography}{9}\bibitem{a}X.\bibitem{b}Y.\end{thebibliography}`;
    const { paper } = read(
      r`The work of \cite{a}, \cite{b} and \cite{a} holds. Following [\onlinecite{b}] it does.` + list,
    );
    expect(paper.paragraphs[0]!.text).toBe("The work of [1], [2] and [1] holds. Following [2] it does.");
  });

  it("the author's macros are unfolded, with their blanks as TeX has them", () => {
    const preamble = r`\newcommand{\Msun}{M_\odot}\newcommand{\kms}{km\,s$^{-1}$${"\\xspace"}}\def\half#1{\frac{#1}{2}}
\DeclareMathOperator{\sinc}{sinc}\newcommand{\al}{\alpha}\newcommand\vect[2][x]{\mathbf{#1}_{#2}}\let\old\Msun
\NewDocumentCommand{\pair}{o m}{(#2)}\def\swap(#1,#2){#2 #1}`;
    expect(
      captionOf(
        r`$3\,\Msun$ at 5 \kms. $\half{x}$, $2\sinc x$, $\al b$, $\vect{i}$, $\old$, \pair[z]{y} \swap(1,2)`,
        { preamble },
      ),
    ).toBe("3 M_⊙ at 5 km s⁻¹. x/2, 2 sinc x, αb, xᵢ, M_⊙, (y) 2 1");
  });

  it("numbers that a file holds stand in the text", () => {
    expect(
      captionOf(r`A value of $\input{out/value.txt}$ cm.`, { files: { "out/value.txt": "4.2\n" } }),
    ).toBe("A value of 4.2 cm.");
  });

  it("references are printed as numbers, with the names that the packages give", () => {
    const caption = r`\ref{fig:a} \autoref{fig:a} \cref{fig:a} \Cref{fig:a,fig:b} \eqref{eq} \ref{sec} \ref{nowhere}`;
    const body =
      r`\section{S}\label{sec}\begin{equation}x\label{eq}\end{equation}` +
      figure("A.") +
      figure("B.", "fig:b");
    const { figures } = read(`${body}\\begin{figure}\\caption{${caption}}\\end{figure}`);
    expect(figures[2]!.caption).toBe("1 Figure 1 figure 1 Figures 1 and 2 (1) 1 ??");
  });
});
