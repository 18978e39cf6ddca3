/** What commands outside formulas print, by name. */

import { BEFORE_LENGTH } from "../markup/dimensions.js";
import { ACCENTS, SIGNS } from "../markup/symbols.js";

const set = (names: string) => new Set(names.split(" "));

/** Commands that vanish with this many of their mandatory arguments; optional ones go too. */
export const VANISHING = new Map<string, number>([
  ...[..."label index vspace hspace todo marginpar includegraphics adjincludegraphics includesvg plotone epsfbox epsfig psfig pageref cpageref zcpageref vpageref bibliographystyle bibliography addbibresource pagestyle thispagestyle color phantom hphantom vphantom captionsetup graphicspath input include hypersetup pagecolor linespread selectlanguage sisetup usetikzlibrary pgfplotsset affiliation affil altaffiltext altaffilmark tablenotemark tablefootmark footref figcaption caption subcaption glsadd acresetall markboth tikzset PACS pacs keywords figurenum epsscale tnoteref corref fnref cortext fntext ead email orcid orcidlink inst institute address correspondence geometry setcitestyle SetKwInput lstset DeclareGraphicsExtensions animategraphics noalign cline subjclass dedicatory keyword bmhead tikzexternalize setstretch enlargethispage addtocategory shorthandoff shorthandon babelprovide captionlistentry"
    .split(" ")].map((name) => [name, 1] as const),
  ["footnotemark", 0], ["listoftodos", 0], ["plottwo", 2], ["captionof", 2], ["setlength", 2], ["addtolength", 2], ["setcounter", 2], ["addtocounter", 2], ["rule", 2],
  ["addcontentsline", 3], ["renewcommand", 2], ["newcommand", 2], ["providecommand", 2], ["fontsize", 2], ["definecolor", 3], ["numberwithin", 2], ["newfloat", 3],
  ["phantomsection", 0], ["acresetall", 0], ["newtheorem", 2], ["counterwithin", 2], ["counterwithout", 2], ["markboth", 2], ["markright", 1], ["colorlet", 2],
  ["settowidth", 2], ["cpagerefrange", 2], ["newlabel", 2], ["nomenclature", 2], ["glossary", 1], ["cmidrule", 1], ["specialrule", 3], ["definechangesauthor", 1], ["@addtoreset", 2], ["DeclareFloatingEnvironment", 1],
]); // prettier-ignore

/** Notes: gone from the text, but what they refer to counts where their mark stands. */
const NOTES = set(
  "footnote footnotetext thanks tnotetext nonumnote endnote sidenote marginnote tablefootnote tnote footnoteA",
);

/** Commands that print their argument of this position (from 0) out of so many. */
export const PRINTS_ARGUMENT = new Map<string, readonly [shown: number, of: number]>([
  ["textcolor", [1, 2]], ["colorbox", [1, 2]], ["fcolorbox", [2, 3]], ["href", [1, 2]], ["texorpdfstring", [0, 2]], ["parbox", [1, 2]],
  ["raisebox", [1, 2]], ["scalebox", [1, 2]], ["resizebox", [2, 3]], ["rotatebox", [1, 2]], ["foreignlanguage", [1, 2]], ["hyperref", [0, 1]],
  ["multicolumn", [2, 3]], ["multirow", [2, 3]], ["makebox", [0, 1]], ["framebox", [0, 1]], ["hyperlink", [1, 2]], ["hypertarget", [1, 2]],
  ["replaced", [0, 2]], ["deleted", [1, 2]], ["pdftooltip", [0, 2]], ["adjustbox", [1, 2]], ["subfloat", [0, 1]], ["glslink", [1, 2]],
  ["sout", [1, 1]], ["st", [1, 1]], ["IfFileExists", [1, 3]], ["textlang", [1, 2]], ["otherlanguage", [1, 2]], ["inputencoding", [1, 1]],
  ["alert", [0, 1]], ["fontfamily", [1, 1]], ["setfontsize", [1, 1]], ["bibitem", [1, 1]],
]); // prettier-ignore

const CITES =
  /^(?:no|foot|full|footfull|auto|paren|text|smart|super|Paren|Text|Auto|Smart|online|short|fullauthor)?[cC]ite(?:p|t|alt|alp|author|year|yearpar|num|text|s|title|url|n|al|A|NP|online|date|lowerdash|N|para|main|yearNP|aut|yr)?(?:s)?$/;

const REFERENCES = set(
  "ref eqref autoref Autoref cref Cref zcref vref Vref fref Fref subref nameref labelcref lcnamecref namecref nameCref crefrange Crefrange figref figureref tabref fullref thref",
);

const SPACES = set(
  ", ; : > ! space quad qquad thinspace medspace thickspace enspace enskip hfill hfil hss hfilneg vfill vfil vss par newline linebreak \\ newpage clearpage smallskip medskip bigskip tabularnewline break allowbreak hline toprule midrule bottomrule endgraf",
);

/** Boxes in front of which TeX takes a width or height: `\hbox to 3cm{…}`. */
const BOXES = set("hbox vbox vtop vcenter");

/** What a command prints, or how its arguments are read. */
export type CommandKind =
  | "sign"
  | "accent"
  | "cite"
  | "reference"
  | "space"
  | "note"
  | "vanishing"
  | "length"
  | "box"
  | "formula"
  | "environment"
  | "drawing"
  | "other";

const KINDS = new Map<string, CommandKind>(
  (
    [
      ["sign", SIGNS.keys()],
      ["accent", ACCENTS.keys()],
      ["reference", REFERENCES],
      ["space", SPACES],
      ["note", NOTES],
      ["vanishing", VANISHING.keys()],
      ["length", BEFORE_LENGTH],
      ["box", BOXES],
      ["formula", "(["],
      ["environment", ["begin", "end"]],
      ["drawing", ["tikz"]],
    ] as const
  ).flatMap(([kind, names]) => Array.from<string, [string, CommandKind]>(names, (name) => [name, kind])),
);

/** What kind of command a name is. */
export function kindOf(name: string): CommandKind {
  return KINDS.get(name) ?? (CITES.test(name) ? "cite" : "other");
}

/** Environments whose content is no prose. */
export const NO_PROSE =
  /^(?:tikzpicture|pspicture|pgfpicture|picture|thebibliography|algorithm|algorithmic|lstlisting|verbatim|Verbatim|minted|CCSXML|axis|forest|circuitikz|tikzcd|feynmandiagram)\*?$/;
export const DISPLAY =
  /^(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|subequations|dmath|aligned|split)\*?$/;
/** Environments with mandatory arguments that are no text, and how many. */
const ARGUMENTS: readonly (readonly [RegExp, number])[] = [
  [
    /^(?:tabular|array|longtable|minipage|tabu|xtabular|supertabular|multicols|multicols\*|adjustbox|thebibliography|otherlanguage|otherlanguage\*|subfigure|subtable|spacing|resizebox|turn|rotate|textblock|column|NiceTabular)\*?$/,
    1,
  ],
  [/^(?:wrapfigure|wraptable|tabularx|tabulary|tabular\*|list|adjustwidth|CJK|CJK\*)\*?$/, 2],
  [/^(?:wrapfloat)$/, 3],
];

/** How many mandatory arguments of an environment are no text. */
export function environmentArguments(name: string): number {
  return ARGUMENTS.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
}
