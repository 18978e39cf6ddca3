import { controlName, skipSpace, type Argument, type Braced } from "./scan.js";
import { accented, doubleStruck, MATH_ACCENTS, script, SIGNS } from "./symbols.js";
import { BRACKETED, DERIVATIVES, derivative } from "./brackets.js";
import { chemical, ion, isotope } from "./chemistry.js";
import { behindLength } from "./dimensions.js";
import { grouped, Line } from "./line.js";
import { mathKindOf, TWO_ARGUMENTS, type MathKind } from "./math-commands.js";
import { QUANTITIES } from "./quantities.js";
import { UNTIDY_SPACE } from "./tidy.js";

/** Nesting beyond which formulas are no longer read. */
const MAX_DEPTH = 60;
/** Characters of a formula that anyone would read; longer ones are left out. */
const MAX_LENGTH = 6_000;

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
    .replace(UNTIDY_SPACE, " ")
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
        const end = behindPlain(text, at, to);
        if (end > at) out.add(text.slice(at, end));
        else out.character(c);
        at = Math.max(end, at + 1);
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
    if (SIGNS.has(name)) return argument;
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
    const kind = mathKindOf(name);
    switch (kind) {
      case "sign":
        out.sign(SIGNS.get(name)!);
        return next;
      case "function":
        out.name(name);
        return next;
      case "space":
        out.space();
        return next;
      case "colon":
        out.add(": ");
        return next;
      case "length":
        return behindLength(source.text, next);
      case "reference": {
        const labels = source.group(source.text[next] === "*" ? next + 1 : next);
        if (!labels || labels.next > to) return next;
        out.add(this.words(at, labels.next));
        return labels.next;
      }
      case "over":
        out.over();
        return next;
      case "break":
        out.space();
        return source.optional(next)?.next ?? next;
      case "fence": {
        const start = skipSpace(source.text, next);
        return source.text[start] === "." ? start + 1 : start;
      }
      case "environment": {
        const environment = source.group(next);
        if (!environment) return next;
        out.space();
        const columns =
          name === "begin" && /^(?:array|tabular|alignat\*?|alignedat)$/.test(source.slice(environment));
        return columns ? (source.group(environment.next)?.next ?? environment.next) : environment.next;
      }
      case "not": {
        const negated = source.argument(next);
        if (!negated || negated.next > to) return next;
        out.relation(accented(this.piece(negated.start, negated.end, depth, true), "\u0338"));
        return negated.next;
      }
      case "differential":
        if (source.text[next] === "{" || source.text[next] === "[") break;
        out.add("d");
        return next;
    }
    return this.withArguments(kind, name, next, to, depth, out);
  }

  private withArguments(
    kind: MathKind | undefined,
    name: string,
    next: number,
    to: number,
    depth: number,
    out: Line,
  ): number {
    const { source } = this;
    const { text } = source;
    const starred =
      text[next] === "*" && (text[next + 1] === "{" || text[next + 1] === "[") ? next + 1 : next;
    const bracket = text[starred] === "[" ? source.optional(starred) : null;
    const first = source.argument(bracket?.next ?? starred);
    if (!first || first.next > to) return next;
    const second = TWO_ARGUMENTS.has(kind) ? source.argument(first.next) : null;
    const render = (argument: Argument | null) =>
      argument ? this.piece(argument.start, argument.end, depth, out.tight) : "";
    const one = () => render(first);
    const two = () => render(second);
    // The arguments of an unknown command are read as they come.
    const unread = bracket && bracket.next <= to ? bracket.next : starred;
    switch (kind) {
      case "bracketed":
        return this.bracketed(name, first, bracket, depth, to, out) ?? unread;
      case "quantity":
        return this.quantity(name, first, bracket, to, out) ?? unread;
      case "text":
        out.add(this.words(first.start, first.end));
        break;
      case "accent":
        out.add(accented(one(), MATH_ACCENTS.get(name)!));
        break;
      case "doubleStruck":
        out.add(doubleStruck(one()));
        break;
      case "name":
        out.name(one());
        break;
      case "fraction":
        out.add(`${grouped(one())}/${grouped(two())}`);
        break;
      case "binomial":
        out.add(`(${one()} over ${two()})`);
        break;
      case "root": {
        const root = bracket ? script("^", this.piece(bracket.start, bracket.end, depth, true)) : "";
        out.add(`${root}√${grouped(one())}`);
        break;
      }
      case "chemistry":
        out.add(chemical(this.words(first.start, first.end)));
        break;
      case "ion":
        out.add(ion(one(), two()));
        break;
      case "isotope":
        out.add(isotope(bracket ? render(bracket) : "", one()));
        break;
      case "stacked":
        out.relation(stacked(one(), two()));
        break;
      case "underset":
        out.name(`${two()}${script("_", one())}`);
        break;
      case "substack":
        out.add(one().replace(/\s{2,}|\s+(?=\S+\s*[=<>∈≤≥])/g, ", "));
        break;
      case "second":
        out.add(two());
        break;
      case "arrow": {
        out.relation(name === "xrightarrow" ? "→" : "←");
        const over = one();
        if (over) out.attach(`${script("^", over)} `);
        break;
      }
      case "differential":
        out.add(`d${bracket ? script("^", render(bracket)) : ""}${one()}`);
        break;
      case "modulus":
        out.add(` (mod ${one()})`);
        break;
      case "mod":
        out.operator("mod");
        return next;
      case "dropped":
        break;
      case "same":
        out.add(one());
        break;
      default:
        return unread;
    }
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

/** Position behind the letters and digits that stand at `at`: those of ASCII, which nearly all are. */
function behindPlain(text: string, at: number, to: number): number {
  let end = at;
  for (; end < to; end++) {
    const c = text.charCodeAt(end);
    if (!((c >= 97 && c <= 122) || (c >= 48 && c <= 57) || (c >= 65 && c <= 90))) break;
  }
  return end;
}

/** A sign over another one: of old papers' `\stackrel{<}{\sim}` the relation that it is. */
function stacked(over: string, base: string): string {
  const both = `${over}${base}`.replace(/[_\s]/g, "");
  return /^(?:<∼|∼<)$/.test(both) ? "≲" : /^(?:>∼|∼>)$/.test(both) ? "≳" : base;
}
