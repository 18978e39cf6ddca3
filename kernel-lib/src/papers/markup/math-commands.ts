/** What commands inside formulas do, by name. */

import { BRACKETED, DERIVATIVES } from "./brackets.js";
import { BEFORE_LENGTH } from "./dimensions.js";
import { QUANTITIES } from "./quantities.js";
import { FUNCTIONS, MATH_ACCENTS, SIGNS } from "./symbols.js";

const words = (names: string) => names.split(" ");

/** The commands of each kind; of two kinds that name the same command the first has it. */
const COMMANDS = {
  sign: [...SIGNS.keys()],
  function: [...FUNCTIONS],
  space: [",", ";", ":", ">", " ", "\n", ...words("quad qquad thinspace enspace space enskip")],
  colon: ["colon"],
  length: [...BEFORE_LENGTH],
  /** References inside a formula: `$\S\ref{a}$`. */
  reference: words("ref eqref cref Cref autoref subref"),
  over: ["over", "atop"],
  break: ["\\", "newline", "cr"],
  fence: words(
    "left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm",
  ),
  environment: ["begin", "end"],
  not: ["not"],
  bracketed: ["braket", ...BRACKETED.keys(), ...DERIVATIVES.keys()],
  quantity: [...QUANTITIES.keys()],
  text: words("text textrm textbf textit textsf texttt textnormal mbox hbox intertext textup textsc emph"),
  accent: [...MATH_ACCENTS.keys()],
  doubleStruck: ["mathbb", "mathds", "Bbb"],
  name: ["operatorname", "mathop"],
  fraction: words("frac dfrac tfrac cfrac sfrac nicefrac"),
  binomial: words("binom dbinom tbinom"),
  root: ["sqrt"],
  chemistry: ["ce"],
  ion: ["ion"],
  isotope: ["isotope"],
  stacked: ["stackrel", "overset"],
  underset: ["underset"],
  substack: ["substack"],
  second: ["textcolor", "raisebox"],
  arrow: ["xrightarrow", "xleftarrow"],
  differential: ["dd"],
  modulus: ["pmod"],
  mod: ["bmod"],
  dropped: words(
    "label tag hspace vspace phantom hphantom vphantom color cite citep rule fontsize thanks footnote footnotemark",
  ),
  /** Other letters of the same: their argument is printed. */
  same: words(
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak boldsymbol bm pmb mathnormal mathbin mathrel mathord ensuremath displaystyle boxed smash mathstrut underbrace overbrace widebar cal symbf symrm symit vb va vu vectorbold vectorarrow vectorunit",
  ),
};

export type MathKind = keyof typeof COMMANDS;

const KINDS = new Map<string, MathKind>();
for (const [kind, names] of Object.entries(COMMANDS))
  for (const name of names) if (!KINDS.has(name)) KINDS.set(name, kind as MathKind);

/** What a command does inside a formula; nothing for one that is not known. */
export function mathKindOf(name: string): MathKind | undefined {
  return KINDS.get(name);
}

/** Kinds with two arguments. */
export const TWO_ARGUMENTS: ReadonlySet<MathKind | undefined> = new Set<MathKind>([
  "fraction",
  "binomial",
  "ion",
  "stacked",
  "underset",
  "second",
]);
