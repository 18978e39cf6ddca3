import { controlName, skipSpace, type Argument, type Braced } from "./scan.js";
import {
  accented,
  doubleStruck,
  FUNCTIONS,
  GREEK,
  MATH_ACCENTS,
  OPERATORS,
  RELATIONS,
  script,
  SYMBOLS,
} from "./symbols.js";
import { BRACKETED, DERIVATIVES, derivative } from "./brackets.js";
import { chemical, ion, isotope } from "./chemistry.js";
import { BEFORE_LENGTH, behindLength } from "./dimensions.js";
import { QUANTITIES } from "./quantities.js";

/** Nesting beyond which formulas are no longer read. */
const MAX_DEPTH = 60;
/** Characters of a formula that anyone would read; longer ones are left out. */
const MAX_LENGTH = 6_000;

const TEXT_COMMANDS = new Set(
  "text textrm textbf textit textsf texttt textnormal mbox hbox intertext textup textsc emph".split(" "),
);
const SAME_LETTERS = new Set(
  "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak boldsymbol bm pmb mathnormal mathbin mathrel mathord ensuremath displaystyle boxed smash mathstrut underbrace overbrace widebar cal symbf symrm symit vb va vu vectorbold vectorarrow vectorunit acute".split(
    " ",
  ),
);
const DROPPED_WITH_ARGUMENT = new Set(
  "label tag hspace vspace phantom hphantom vphantom color cite citep rule fontsize thanks footnote footnotemark".split(
    " ",
  ),
);
/** References inside a formula: `$\S\ref{a}$`. */
const REFERENCES = new Set(["ref", "eqref", "cref", "Cref", "autoref", "subref"]);
const TWO_ARGUMENTS =
  /^(?:[dtc]?frac|sfrac|nicefrac|binom|[dt]binom|textcolor|stackrel|overset|underset|raisebox|ion)$/;
const SPACES = new Set([
  ",",
  ";",
  ":",
  ">",
  " ",
  "quad",
  "qquad",
  "thinspace",
  "enspace",
  "space",
  "enskip",
  "\n",
]);

/** Relations that old papers build out of two signs. */
const STACKED = / ?(?:[<>]\s*∼|∼\s*[<>]) ?/g;

/** Renders a formula `[from, to)` of a text as readable Unicode. `words` renders what is set as text inside it. */
export function mathText(
  source: Braced,
  from: number,
  to: number,
  words: (from: number, to: number) => string,
): string {
  if (to - from > MAX_LENGTH) return "";
  const rendered = new Formula(source, words).render(from, to, 0, false);
  const text = (
    rendered.includes("∼")
      ? rendered.replace(STACKED, (sign) => (sign.includes("<") ? " ≲ " : " ≳ "))
      : rendered
  )
    .replace(/\s+/g, " ")
    .trim();
  return /^\d{1,3}(?:, \d{3})+$/.test(text) ? text.replaceAll(", ", ",") : text;
}

class Formula {
  constructor(
    private readonly source: Braced,
    private readonly words: (from: number, to: number) => string,
  ) {}

  /** `tight`: in scripts and fractions, where operators stand close. */
  render(from: number, to: number, depth: number, tight: boolean): string {
    if (depth > MAX_DEPTH) return "";
    const { text } = this.source;
    const out = new Line(tight);
    for (let at = from; at < to;) {
      const c = text[at]!;
      if (c === "\\") at = this.command(at, to, depth, out);
      else if (c === "{") {
        const close = this.source.closing(at);
        if (close < 0 || close >= to) at++;
        else {
          // `{,}` is the comma of a number, without the space of a list.
          out.add(close === at + 2 ? text[at + 1]! : this.render(at + 1, close, depth + 1, tight));
          at = close + 1;
        }
      } else if (c === "^" || c === "_") {
        const argument = this.scriptAt(at + 1);
        if (!argument || argument.next > to) at++;
        else {
          out.attach(script(c, this.piece(argument.start, argument.end, depth, true)));
          at = argument.next;
        }
      } else {
        out.character(c);
        at++;
      }
    }
    return out.text;
  }

  /** What a `^` or `_` raises or lowers: a bare command takes the group behind it along, as in `D_\text{max}`. */
  private scriptAt(at: number): Argument | null {
    const argument = this.source.argument(at);
    if (!argument || this.source.text[argument.start] !== "\\" || this.source.text[argument.end] !== "{")
      return argument;
    const name = this.source.text.slice(argument.start + 1, argument.end);
    if (GREEK.has(name) || SYMBOLS.has(name) || RELATIONS.has(name) || OPERATORS.has(name)) return argument;
    let next = this.source.group(argument.end)?.next ?? argument.end;
    if (name.endsWith("frac")) next = this.source.group(next)?.next ?? next;
    return { start: argument.start, end: next, next };
  }

  private piece(start: number, end: number, depth: number, tight: boolean): string {
    return this.render(start, end, depth + 1, tight).trim();
  }

  private command(at: number, to: number, depth: number, out: Line): number {
    const { source } = this;
    const name = controlName(source.text, at);
    const next = at + 1 + name.length;
    const symbol = GREEK.get(name) ?? SYMBOLS.get(name);
    const relation = RELATIONS.get(name);
    const operator = OPERATORS.get(name);
    if (symbol !== undefined) out.add(symbol);
    else if (relation !== undefined) out.relation(relation);
    else if (operator !== undefined) out.operator(operator);
    else if (FUNCTIONS.has(name)) out.name(name);
    else if (SPACES.has(name)) out.space();
    else if (name === "colon") out.add(": ");
    else if (BEFORE_LENGTH.has(name)) return behindLength(source.text, next);
    else if (REFERENCES.has(name)) {
      const start = source.text[next] === "*" ? next + 1 : next;
      const labels = source.group(start);
      if (!labels || labels.next > to) return next;
      out.add(this.words(at, labels.next));
      return labels.next;
    } else if (name === "over" || name === "atop") out.over();
    else if (name === "dd" && source.text[next] !== "{" && source.text[next] !== "[") out.add("d");
    else if (name === "\\" || name === "newline" || name === "cr") {
      out.space();
      return source.optional(next)?.next ?? next;
    } else if (name === "left" || name === "right" || name === "middle" || /^[bB]igg?[lrm]?$/.test(name)) {
      const start = skipSpace(source.text, next);
      return source.text[start] === "." ? start + 1 : start;
    } else if (name === "begin" || name === "end") {
      const environment = source.group(next);
      if (!environment) return next;
      out.space();
      const columns =
        /^(?:array|tabular|alignat\*?|alignedat)$/.test(source.slice(environment)) && name === "begin";
      return columns ? (source.group(environment.next)?.next ?? environment.next) : environment.next;
    } else if (name === "not") {
      const negated = source.argument(next);
      if (!negated || negated.next > to) return next;
      out.relation(accented(this.piece(negated.start, negated.end, depth, true), "\u0338"));
      return negated.next;
    } else return this.withArguments(name, next, to, depth, out);
    return next;
  }

  private withArguments(name: string, next: number, to: number, depth: number, out: Line): number {
    const { source } = this;
    const starred = /^\*[{[]/.test(source.text.slice(next, next + 2)) ? next + 1 : next;
    const bracket = source.text[starred] === "[" ? source.optional(starred) : null;
    const first = source.argument(bracket?.next ?? starred);
    if (!first || first.next > to) return next;
    const render = (argument: Argument | null) =>
      argument ? this.piece(argument.start, argument.end, depth, out.tight) : "";
    const one = () => render(first);
    const special =
      this.bracketed(name, first, bracket, depth, to, out) ?? this.quantity(name, first, bracket, to, out);
    if (special !== null) return special;
    const second = TWO_ARGUMENTS.test(name) ? source.argument(first.next) : null;
    const two = () => render(second);
    if (TEXT_COMMANDS.has(name)) out.add(this.words(first.start, first.end));
    else if (MATH_ACCENTS.has(name)) out.add(accented(one(), MATH_ACCENTS.get(name)!));
    else if (name === "mathbb" || name === "mathds" || name === "Bbb") out.add(doubleStruck(one()));
    else if (name === "operatorname" || name === "mathop") out.name(one());
    else if (/^(?:[dtc]?frac|sfrac|nicefrac)$/.test(name)) out.add(`${grouped(one())}/${grouped(two())}`);
    else if (/^[dt]?binom$/.test(name)) out.add(`(${one()} over ${two()})`);
    else if (name === "sqrt") {
      const root = bracket ? script("^", this.piece(bracket.start, bracket.end, depth, true)) : "";
      out.add(`${root}√${grouped(one())}`);
    } else if (name === "ce" || name === "ch") out.add(chemical(this.words(first.start, first.end)));
    else if (name === "ion") out.add(ion(one(), two()));
    else if (name === "isotope") out.add(isotope(bracket ? render(bracket) : "", one()));
    else if (name === "stackrel" || name === "overset") out.relation(stacked(one(), two()));
    else if (name === "underset") out.name(`${two()}${script("_", one())}`);
    else if (name === "substack") out.add(one().replace(/\s{2,}|\s+(?=\S+\s*[=<>∈≤≥])/g, ", "));
    else if (name === "textcolor" || name === "raisebox") out.add(two());
    else if (name === "xrightarrow" || name === "xleftarrow") {
      out.relation(name === "xrightarrow" ? "→" : "←");
      if (one()) out.attach(`${script("^", one())} `);
    } else if (name === "dd") out.add(`d${bracket ? script("^", render(bracket)) : ""}${one()}`);
    else if (name === "pmod") out.add(` (mod ${one()})`);
    else if (name === "bmod") {
      out.operator("mod");
      return next;
    } else if (DROPPED_WITH_ARGUMENT.has(name)) return first.next;
    else if (SAME_LETTERS.has(name)) out.add(one());
    else return bracket && bracket.next <= to ? bracket.next : starred; // unknown: its arguments are read as they come
    return second?.next ?? first.next;
  }

  /** `\abs{x}`, `\ket{x}`, `\dv{f}{x}`. */
  private bracketed(
    name: string,
    first: Argument,
    option: Argument | null,
    depth: number,
    to: number,
    out: Line,
  ): number | null {
    const { source } = this;
    const signs = BRACKETED.get(name) ?? (name === "braket" ? this.braket(first) : undefined);
    const sign = DERIVATIVES.get(name);
    if ((!signs && sign === undefined) || source.text[first.start - 1] !== "{") return null;
    const texts: string[] = [];
    let next = first.start - 1;
    for (let i = 0; i < (signs ? signs.length - 1 : 2); i++) {
      const argument = source.text[next] === "{" ? source.group(next) : null;
      if (!argument || argument.next > to) break;
      texts.push(this.piece(argument.start, argument.end, depth, true));
      next = argument.next;
    }
    if (signs) out.add(signs.map((mark, i) => mark + (texts[i] ?? "")).join(""));
    else {
      const order = option ? script("^", this.piece(option.start, option.end, depth, true)) : "";
      out.add(derivative(sign!, order, texts[0] ?? "", texts[1] ?? ""));
    }
    return next;
  }

  /** `\braket{a|b}` has its bar inside, that of the physics package two arguments. */
  private braket(first: Argument): readonly string[] {
    const { text } = this.source;
    return text[first.next] === "{" ? ["⟨", "|", "⟩"] : ["⟨", "⟩"];
  }

  /** Numbers and units; `\qty` with a single argument is the bracket of the physics package. */
  private quantity(
    name: string,
    first: Argument,
    option: Argument | null,
    to: number,
    out: Line,
  ): number | null {
    const { source } = this;
    const command = QUANTITIES.get(name);
    if (!command || source.text[first.start - 1] !== "{") return null;
    const values = [source.slice(first)];
    let { next } = first;
    while (values.length < command.takes) {
      const argument = source.group(next);
      if (!argument || argument.next > to) return null;
      values.push(source.slice(argument));
      next = argument.next;
    }
    out.add(command.print(values, option && source.slice(option)));
    return next;
  }
}

/** A sign over another one: of old papers' `\stackrel{<}{\sim}` the relation that it is. */
function stacked(over: string, base: string): string {
  const both = `${over}${base}`.replace(/[_\s]/g, "");
  return /^(?:<∼|∼<)$/.test(both) ? "≲" : /^(?:>∼|∼>)$/.test(both) ? "≳" : base;
}

/** Brackets round what has an operator or a space in it. */
function grouped(text: string): string {
  return /[\s+−±/=<>-]/.test(text) && !/^\([^()]*\)$/.test(text) && !/^−?[\p{L}\p{N}.]+$/u.test(text)
    ? `(${text})`
    : text;
}

/** A formula's text in the making, with TeX's spaces between its atoms. */
class Line {
  text = "";
  /** Whether the name of a function stands last: its argument keeps a distance. */
  private named = false;
  constructor(readonly tight: boolean) {}

  add(piece: string): void {
    if (this.named && /^[\p{L}\p{N}√]/u.test(piece)) this.text += " ";
    this.text += piece;
    this.named &&= piece === "";
  }

  /** TeX's `a \over b`: what stands before is the numerator. */
  over(): void {
    const numerator = this.text.trim();
    this.text = /^[<>=]$/.test(numerator) ? numerator : `${grouped(numerator)}/`;
    this.named = false;
  }

  attach(script: string): void {
    this.text = this.text.trimEnd() + script;
  }

  name(name: string): void {
    if (/[\p{L}\p{N})]$/u.test(this.text.slice(-2))) this.text += " ";
    this.text += name;
    this.named = true;
  }

  relation(sign: string): void {
    const before = this.text.trimEnd();
    this.named = false;
    if (this.tight) this.text += sign;
    // At the beginning it belongs to the number behind it: "∼5".
    else this.text = before ? `${before} ${sign} ` : sign === "=" ? "= " : sign;
  }

  operator(sign: string): void {
    const binary = /[\p{L}\p{N}\p{M})\]}⁰-₟²³¹′|⟩!°%…∞]$/u.test(this.text.slice(-6).trimEnd());
    if (this.tight || !binary) this.text += sign;
    else this.text = `${this.text.trimEnd()} ${sign} `;
  }

  space(): void {
    if (!this.text.endsWith(" ")) this.text += " ";
  }

  character(c: string): void {
    if (c === "=" || c === "<" || c === ">") this.relation(c);
    else if (c === "+") this.operator("+");
    else if (c === "-") this.operator("−");
    else if (c === "'") this.text += "′";
    else if (c === ",") this.text += this.tight ? "," : ", ";
    else if (c === "~" || c === "&") this.space();
    else if (c === "*") this.operator("*");
    else if (/[\p{L}\p{N}]/u.test(c)) this.add(c);
    else if (/\s/.test(c) || c === "$" || c === "}") return;
    else this.text += c;
    this.named = false;
  }
}
