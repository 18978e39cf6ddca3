import { mathText } from "../markup/math.js";
import { controlAt, skipSpace, type Argument, type Braced } from "../markup/scan.js";
import { ACCENTS, accented, GREEK, OPERATORS, RELATIONS, script, SYMBOLS } from "../markup/symbols.js";
import { CITATION, tidy } from "../markup/tidy.js";
import { numberText, quantityText, unitText } from "../markup/units.js";
import { showVerbatim } from "./verbatim.js";

/** What a reference prints: gets the command (`ref`, `cref`, …), its labels and its position. */
export type ReferenceText = (command: string, labels: readonly string[], at: number) => string;

const MAX_DEPTH = 80;
/** Characters of LaTeX turned into one plain text. */
const MAX_SOURCE = 400_000;

const set = (names: string) => new Set(names.split(" "));

/** Commands that vanish with this many of their mandatory arguments; optional ones go too. */
const VANISHING = new Map<string, number>([
  ...[..."label footnote footnotetext index vspace hspace thanks todo marginpar includegraphics includesvg plotone epsfbox epsfig psfig nocite pageref bibliographystyle bibliography pagestyle thispagestyle color vskip phantom hphantom vphantom captionsetup graphicspath input include hypersetup pagecolor linespread fontsize selectlanguage sisetup usetikzlibrary pgfplotsset affiliation affil altaffiltext tablenotemark tablefootmark footref figcaption caption subcaption glsadd acresetall markboth tikzset PACS pacs keywords phantomsection"
    .split(" ")].map((name) => [name, 1] as const),
  ["footnotemark", 0], ["listoftodos", 0], ["plottwo", 2], ["captionof", 2], ["setlength", 2], ["addtolength", 2], ["setcounter", 2], ["addtocounter", 2], ["rule", 2],
  ["addcontentsline", 3], ["renewcommand", 2], ["newcommand", 2], ["providecommand", 2], ["fontsize", 2], ["definecolor", 3], ["numberwithin", 2],
  ["phantomsection", 0], ["acresetall", 0], ["tikz", 1], ["newtheorem", 2], ["counterwithin", 2], ["markboth", 2], ["resizebox@", 2],
]); // prettier-ignore
/** Commands that print their argument of this position (from 0) out of so many. */
const PRINTS_ARGUMENT = new Map<string, readonly [shown: number, of: number]>([
  ["textcolor", [1, 2]], ["colorbox", [1, 2]], ["fcolorbox", [2, 3]], ["href", [1, 2]], ["texorpdfstring", [0, 2]], ["parbox", [1, 2]],
  ["raisebox", [1, 2]], ["scalebox", [1, 2]], ["resizebox", [2, 3]], ["rotatebox", [1, 2]], ["foreignlanguage", [1, 2]], ["hyperref", [0, 1]],
  ["multicolumn", [2, 3]], ["multirow", [2, 3]], ["makebox", [0, 1]], ["framebox", [0, 1]], ["hyperlink", [1, 2]], ["hypertarget", [1, 2]],
  ["replaced", [0, 2]], ["deleted", [1, 2]], ["pdftooltip", [0, 2]], ["adjustbox", [1, 2]], ["subfloat", [0, 1]], ["glslink", [1, 2]],
  ["sout", [1, 1]], ["st", [1, 1]],
]); // prettier-ignore
const CITES =
  /^(?:no|foot|full|auto|paren|text|smart|super|Paren|Text|Auto|Smart|online)?[cC]ite(?:p|t|alt|alp|author|year|yearpar|num|text|s|title|url|n|al|A|NP|online|date|lowerdash)?(?:s)?$/;
const REFERENCES = set(
  "ref eqref autoref cref Cref vref Vref fref Fref subref nameref labelcref crefrange Crefrange figref figureref tabref",
);
const SPACES = set(
  ", ; : > ! space quad qquad thinspace enspace enskip hfill hfil par newline linebreak \\ newpage clearpage smallskip medskip bigskip tabularnewline",
);
/** Environments whose content is no prose. */
const NO_PROSE =
  /^(?:tikzpicture|pspicture|pgfpicture|picture|thebibliography|algorithm|algorithmic|lstlisting|verbatim|Verbatim|minted|CCSXML|axis|forest)\*?$/;
const DISPLAY =
  /^(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|subequations|dmath|aligned|split)\*?$/;
const COLUMNS =
  /^(?:tabular|array|longtable|minipage|wrapfigure|tabularx|tabular\*|multicols|adjustbox|thebibliography|tabulary|list)\*?$/;

/**
 * Renders LaTeX (with its macros unfolded) as plain text: formulas and units as readable Unicode, citations and
 * footnotes gone, references as their numbers. One renderer serves all ranges of a text.
 */
export class PlainText {
  private budget = 0;
  constructor(
    private readonly source: Braced,
    private readonly reference: ReferenceText,
    /** Where a float that starts at a position ends; its text belongs to no paragraph. */
    private readonly floatEnd: (at: number) => number | undefined = () => undefined,
    /** What a citation prints that its sentence cannot do without; `null` for one that goes. */
    private readonly citation: (command: string, keys: readonly string[]) => string | null = () => null,
  ) {}

  /** Plain text of `[from, to)`, white space collapsed, cleaned of what citations leave behind. */
  of(from: number, to: number): string {
    this.budget = MAX_SOURCE;
    return tidy(showVerbatim(this.render(from, Math.min(to, from + MAX_SOURCE), 0)));
  }

  private readonly words = (from: number, to: number) => this.render(from, to, MAX_DEPTH / 2);

  private render(from: number, to: number, depth: number): string {
    if (depth > MAX_DEPTH || this.budget <= 0) return "";
    const { text } = this.source;
    let out = "";
    for (let at = from; at < to && this.budget > 0;) {
      const special = this.nextSpecial(at);
      if (special > at) {
        const end = Math.min(special, to);
        out += text.slice(at, end);
        this.budget -= end - at;
        at = end;
        continue;
      }
      this.budget--;
      const c = text[at]!;
      if (c === "\\") {
        const piece = this.command(at, to, depth);
        out += piece.text;
        at = piece.next;
      } else if (c === "$") {
        const piece = this.formula(at, to);
        out += piece.text;
        at = piece.next;
      } else {
        const [replacement, length] = character(text, at);
        out += replacement;
        at += length;
      }
    }
    return out;
  }

  /** Position of the next character with a meaning, kept since it may lie far behind the range being rendered. */
  private nextSpecial(at: number): number {
    if (at < this.specialFrom || at > this.special) {
      SPECIAL.lastIndex = at;
      this.special = SPECIAL.exec(this.source.text)?.index ?? this.source.text.length;
    }
    this.specialFrom = at;
    return this.special;
  }
  private special = -1;
  private specialFrom = 0;

  private formula(at: number, to: number): { text: string; next: number } {
    const { text } = this.source;
    const fence = text[at + 1] === "$" ? "$$" : "$";
    let end = at + fence.length;
    while (end < to && !text.startsWith(fence, end)) end += text[end] === "\\" ? 2 : 1;
    if (end >= to) return { text: "", next: at + fence.length };
    const space = fence === "$$" ? " " : "";
    return { text: space + this.math(at + fence.length, end) + space, next: end + fence.length };
  }

  private math(from: number, to: number): string {
    this.budget -= to - from;
    const cited = /^\s*\^\s*\{?\s*\\cite/.test(this.source.text.slice(from, from + 20)) ? CITATION : "";
    return cited || mathText(this.source, from, to, this.words);
  }

  private command(at: number, to: number, depth: number): { text: string; next: number } {
    const { source } = this;
    const { text } = source;
    const name = controlAt(text, at).slice(1);
    const next = at + 1 + name.length;
    const print = (printed: string, after = next) => ({ text: printed, next: after });
    if (name === "(" || name === "[") {
      const close = this.find(name === "(" ? "\\)" : "\\]", next, to);
      return close < 0 ? print("") : print(this.math(next, close), close + 2);
    }
    if (name === "begin" || name === "end") return this.environment(at, name, next, to);
    const accent = ACCENTS.get(name);
    if (accent !== undefined) {
      const letter = source.argument(next);
      if (!letter || letter.next > to) return print("");
      return print(accented(this.render(letter.start, letter.end, depth + 1).trim(), accent), letter.next);
    }
    if (CITES.test(name)) return this.cite(name, next);
    if (REFERENCES.has(name)) return this.referenceTo(name, at, next);
    if (SPACES.has(name))
      return print(name === "!" ? "" : " ", name === "\\" ? (this.bracket(next)?.next ?? next) : next);
    const vanishing = VANISHING.get(name);
    if (vanishing !== undefined) return print("", this.passArguments(next, vanishing));
    const symbol = SYMBOLS.get(name) ?? GREEK.get(name) ?? RELATIONS.get(name) ?? OPERATORS.get(name);
    if (symbol !== undefined) return print(symbol, this.afterWord(next, name));
    return this.withArguments(name, next, to, depth);
  }

  private withArguments(
    name: string,
    next: number,
    to: number,
    depth: number,
  ): { text: string; next: number } {
    const { source } = this;
    const shown = PRINTS_ARGUMENT.get(name);
    const given = this.arguments(
      next,
      shown?.[1] ?? (name === "SI" || name === "qty" ? 2 : /^(?:SI|num)range$/.test(name) ? 3 : 1),
      to,
    );
    const [first, second, third] = given;
    const raw = (argument: Argument | undefined) => (argument ? source.slice(argument) : "");
    const after = given.at(-1)?.next ?? next;
    const print = (text: string) => ({ text, next: after });
    if (shown) {
      const argument = given[shown[0]];
      return print(argument ? this.render(argument.start, argument.end, depth + 1) : "");
    }
    if (first) {
      const inner = () => this.render(first.start, first.end, depth + 1);
      if (name === "SI" || name === "qty")
        return print(quantityText(numberText(raw(first)), unitText(raw(second))));
      if (name === "si" || name === "unit") return print(unitText(raw(first)));
      if (name === "num") return print(numberText(raw(first)));
      if (name === "ang") return print(`${numberText(raw(first).split(";")[0]!)}°`);
      if (name === "SIrange")
        return print(
          quantityText(`${numberText(raw(first))}–${numberText(raw(second))}`, unitText(raw(third))),
        );
      if (name === "ensuremath") return print(this.math(first.start, first.end));
      if (name === "textsuperscript") return print(raised("^", inner()));
      if (name === "textsubscript") return print(raised("_", inner()));
      if (name === "ce" || name === "ch" || name === "chem") return print(chemical(inner()));
      if (name === "url" || name === "path" || name === "nolinkurl") return print(raw(first));
      if (name === "enquote") return print(`“${inner()}”`);
      if (/^(?:text[a-z]+|emph|mbox|uline|underline|MakeUppercase|uppercase|textsc)$/.test(name))
        return print(inner());
    }
    if (name === "xspace")
      return { text: /^[\s.,;:!?)\]'}/~-]/.test(source.text.slice(next, next + 1)) ? "" : " ", next };
    if (name === "item") return { text: " ", next: this.bracket(next)?.next ?? next };
    if (name === " " || name === "\n" || name === "\t") return { text: " ", next };
    if (name === "-" || name === "/" || name === "@") return { text: "", next };
    // An unknown command prints nothing itself; its arguments are read as groups.
    return { text: "", next: this.bracket(next)?.next ?? this.afterWord(next, name) };
  }

  private cite(name: string, next: number): { text: string; next: number } {
    const after = this.passArguments(next, 1);
    const open = this.source.text.lastIndexOf("{", after - 1);
    const keys =
      open >= next && this.source.text[after - 1] === "}" ? this.source.text.slice(open + 1, after - 1) : "";
    const printed = keys
      ? this.citation(
          name,
          keys.split(",").map((key) => key.trim()),
        )
      : null;
    return { text: printed ?? CITATION, next: after };
  }

  private referenceTo(name: string, at: number, next: number): { text: string; next: number } {
    const start = this.source.text[next] === "*" ? next + 1 : next;
    const first = this.source.group(start);
    if (!first) return { text: "", next: start };
    const second = /range$/.test(name) ? this.source.group(first.next) : null;
    const labels = [first, second].flatMap((argument) =>
      argument ? this.source.slice(argument).split(",") : [],
    );
    return {
      text: this.reference(
        name,
        labels.map((label) => label.trim()),
        at,
      ),
      next: (second ?? first).next,
    };
  }

  private environment(at: number, side: string, next: number, to: number): { text: string; next: number } {
    const { source } = this;
    const argument = source.group(next);
    if (!argument) return { text: "", next };
    const skip = side === "begin" ? this.floatEnd(at) : undefined;
    if (skip !== undefined) return { text: " ", next: Math.max(argument.next, Math.min(skip, to)) };
    const name = source.slice(argument).trim();
    if (side === "begin" && (NO_PROSE.test(name) || DISPLAY.test(name))) {
      const close = `\\end{${name}}`;
      const stop = this.find(close, argument.next, to);
      if (stop >= 0) {
        const start = name.startsWith("alignat")
          ? (source.group(argument.next)?.next ?? argument.next)
          : argument.next;
        return { text: DISPLAY.test(name) ? ` ${this.math(start, stop)} ` : " ", next: stop + close.length };
      }
    }
    if (side === "end") return { text: " ", next: argument.next };
    const bracket = this.bracket(argument.next)?.next ?? argument.next;
    return { text: " ", next: COLUMNS.test(name) ? (source.group(bracket)?.next ?? bracket) : bracket };
  }

  /** Position of `wanted` in `[from, to)`, or -1; kept, since texts of nothing but openings exist. */
  private find(wanted: string, from: number, to: number): number {
    let known = this.found.get(wanted);
    if (!known || from < known.from || from > known.at) {
      const at = this.source.text.indexOf(wanted, from);
      known = { from, at: at < 0 ? Number.POSITIVE_INFINITY : at };
      this.found.set(wanted, known);
    }
    return known.at < Math.min(to, from + MAX_REACH) ? known.at : -1;
  }
  private readonly found = new Map<string, { from: number; at: number }>();

  /** Position behind the optional and `count` mandatory arguments. */
  private passArguments(at: number, count: number): number {
    let next = this.source.text[at] === "*" ? at + 1 : at;
    for (let passed = 0; ;) {
      const argument = this.bracket(next) ?? (passed < count ? this.source.group(next) : null);
      if (!argument) return next;
      if (this.source.text[argument.start - 1] === "{") passed++;
      next = argument.next;
    }
  }

  private arguments(at: number, count: number, to: number): Argument[] {
    const found: Argument[] = [];
    let next = this.source.text[at] === "*" ? at + 1 : at;
    while (found.length < count) {
      next = this.bracket(next)?.next ?? next;
      const argument = this.source.group(next);
      if (!argument || argument.next > to) break;
      found.push(argument);
      next = argument.next;
    }
    return found;
  }

  /** An optional argument that stands right at `at`: one behind white space is text. */
  private bracket(at: number): Argument | null {
    return this.source.text[at] === "[" ? this.source.optional(at) : null;
  }

  /** TeX swallows the blanks behind a command of letters. */
  private afterWord(at: number, name: string): number {
    return /[A-Za-z]$/.test(name) ? skipSpace(this.source.text, at, "paragraph") : at;
  }
}

/** Characters that a formula or drawing in prose may be long. */
const MAX_REACH = 30_000;
const SPECIAL = /[\\${}~`'\-&#^_"%]/g;

/** What a character with a meaning of its own prints, and how many characters that takes. */
function character(text: string, at: number): [string, number] {
  const pair = text.slice(at, at + 3);
  if (pair.startsWith("---")) return ["—", 3];
  if (pair.startsWith("--")) return ["–", 2];
  if (pair.startsWith("``")) return ["“", 2];
  if (pair.startsWith("''")) return ["”", 2];
  const c = text[at]!;
  if (c === "`") return ["‘", 1];
  if (c === "'") return ["’", 1];
  if (c === "~" || c === "&") return [" ", 1];
  if (c === "{" || c === "}" || c === "$") return ["", 1];
  return [c, 1];
}

/** Raised or lowered text: in Unicode where it has it, else on the line. */
function raised(kind: "^" | "_", content: string): string {
  if (content.includes(CITATION)) return CITATION;
  const text = script(kind, content);
  return /^[\^_]/.test(text) && /^(?:st|nd|rd|th)$/.test(content.trim()) ? content : text;
}

/** Formulas of mhchem: `H2O` → `H₂O`, `Ca^2+` → `Ca²⁺`. */
function chemical(formula: string): string {
  return formula
    .replace(/\^\{?([\d+−-]+)\}?/g, (_, charge: string) => script("^", charge))
    .replace(/(?<=[A-Za-z)\]])_?(\d+)/g, (_, count: string) => script("_", count))
    .replace(/<=>/g, "⇌")
    .replace(/->/g, "→");
}
