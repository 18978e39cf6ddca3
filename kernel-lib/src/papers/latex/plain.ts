import { chemical, ion, isotope } from "../markup/chemistry.js";
import { behindBoxSize, behindLength } from "../markup/dimensions.js";
import { mathText } from "../markup/math.js";
import { QUANTITIES } from "../markup/quantities.js";
import { controlName, skipSpace, type Argument, type Braced } from "../markup/scan.js";
import { ACCENTS, accented, script, SIGNS } from "../markup/symbols.js";
import { CITATION, MENTION, tidy } from "../markup/tidy.js";
import { asksForName, type CitationText } from "./citation-need.js";
import { character, germanShorthand, glyph, readsGerman } from "./characters.js";
import { DISPLAY, environmentArguments, kindOf, NO_PROSE, PRINTS_ARGUMENT, VANISHING } from "./commands.js";
import { showVerbatim } from "./verbatim.js";

/** What a reference prints: gets the command (`ref`, `cref`, …), its labels and its position. */
export type ReferenceText = (command: string, labels: readonly string[], at: number) => string;

const MAX_DEPTH = 80;
/** Characters of LaTeX turned into one plain text. */
const MAX_SOURCE = 400_000;

/** A piece of plain text, and where its source goes on. */
interface Printed {
  text: string;
  next: number;
}

/**
 * Renders LaTeX (with its macros unfolded) as plain text: formulas and units as readable Unicode, citations and
 * footnotes gone, references as their numbers. One renderer serves all ranges of a text.
 */
export class PlainText {
  private budget = 0;
  /** Whether `"a` is an umlaut. */
  private readonly german: boolean;
  constructor(
    private readonly source: Braced,
    private readonly reference: ReferenceText,
    /** Where a float that starts at a position ends; its text belongs to no paragraph. */
    private readonly floatEnd: (at: number) => number | undefined = () => undefined,
    private readonly citation: CitationText = () => null,
  ) {
    this.german = readsGerman(source.text);
  }

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
        const [replacement, length] = (this.german && germanShorthand(text, at)) || character(text, at);
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
      this.special = SPECIAL.test(this.source.text) ? SPECIAL.lastIndex - 1 : this.source.text.length;
    }
    this.specialFrom = at;
    return this.special;
  }
  private special = -1;
  private specialFrom = 0;

  private formula(at: number, to: number): Printed {
    const { text } = this.source;
    const fence = text[at + 1] === "$" ? "$$" : "$";
    let end = at + fence.length;
    while (end < to && !text.startsWith(fence, end)) {
      // Words in boxes may hold formulas of their own.
      const close = text[end] === "{" ? this.source.closing(end) : -1;
      if (close > end && close < Math.min(to, end + MAX_BOX)) end = close + 1;
      else end += text[end] === "\\" ? 2 : 1;
    }
    if (end >= to) return { text: "", next: at + fence.length };
    const space = fence === "$$" ? " " : "";
    return { text: space + this.math(at + fence.length, end) + space, next: end + fence.length };
  }

  private math(from: number, to: number): string {
    this.budget -= to - from;
    const cited = /^\s*\^\s*\{?\s*\\cite/.test(this.source.text.slice(from, from + 20)) ? CITATION : "";
    return cited || mathText(this.source, from, to, this.words);
  }

  private command(at: number, to: number, depth: number): Printed {
    const { text } = this.source;
    const name = controlName(text, at);
    const next = at + 1 + name.length;
    const skip = this.floatEnd(at);
    if (skip !== undefined) return printed(" ", Math.max(next, Math.min(skip, to)));
    switch (kindOf(name)) {
      case "sign":
        return printed(SIGNS.get(name)!.text, this.afterWord(next, name));
      case "formula": {
        const close = this.find(name === "(" ? "\\)" : "\\]", next, to);
        return close < 0 ? printed("", next) : printed(this.math(next, close), close + 2);
      }
      case "environment":
        return this.environment(name, next, to);
      case "accent":
        return this.accent(ACCENTS.get(name)!, next, to, depth);
      case "cite":
        return this.cite(name, at, next);
      case "reference":
        return this.referenceTo(name, at, next);
      case "space":
        return printed(name === "!" ? "" : " ", name === "\\" ? (this.bracket(next)?.next ?? next) : next);
      case "note":
        return this.note(next, to, depth);
      case "drawing":
        return printed("", this.behindDrawing(next));
      case "vanishing":
        return printed("", this.passArguments(next, VANISHING.get(name)!));
      case "length":
        return printed(/skip|kern/.test(name) ? " " : "", behindLength(text, next));
      case "box":
        return printed("", behindBoxSize(text, next));
      case "other":
        return this.withArguments(name, next, to, depth);
    }
  }

  private withArguments(name: string, next: number, to: number, depth: number): Printed {
    const { source } = this;
    const shown = PRINTS_ARGUMENT.get(name);
    const quantity = QUANTITIES.get(name);
    const given = this.arguments(
      next,
      shown?.[1] ?? quantity?.takes ?? (TWO_ARGUMENTS.test(name) ? 2 : 1),
      to,
    );
    const [first, second] = given;
    const print = (text: string) => ({ text, next: given.at(-1)?.next ?? next });
    const inner = (argument: Argument | undefined) =>
      argument ? this.render(argument.start, argument.end, depth + 1) : "";
    if (shown) return print(inner(given[shown[0]]));
    if (first) {
      const option = this.bracket(next);
      if (quantity)
        return print(
          quantity.print(
            given.map((argument) => source.slice(argument)),
            option && source.slice(option),
          ),
        );
      if (name === "ensuremath") return print(this.math(first.start, first.end));
      if (name === "textsuperscript" || name === "up") return print(raised("^", inner(first)));
      if (name === "textsubscript") return print(raised("_", inner(first)));
      if (name === "ce" || name === "ch" || name === "chem") return print(chemical(inner(first)));
      if (name === "ion") return print(ion(inner(first), inner(second)));
      if (/^(?:isotope|nuclide|element)$/.test(name)) {
        const mass = option ? source.slice(option) : "";
        if (mass || !/^\d+$/.test(source.slice(first))) return print(isotope(mass, inner(first)));
        const symbol = source.group(first.next);
        return { text: isotope(inner(first), inner(symbol ?? undefined)), next: (symbol ?? first).next };
      }
      if (name === "url" || name === "path" || name === "nolinkurl") return print(source.slice(first));
      if (name === "enquote") return print(`“${inner(first)}”`);
      if (name === "symbol" || name === "ding") return print(glyph(name, source.slice(first)));
      if (/^(?:text[a-z]+|emph|mbox|uline|underline|MakeUppercase|uppercase|textsc)$/.test(name))
        return print(inner(first));
    }
    return this.withoutArguments(name, next);
  }

  private withoutArguments(name: string, next: number): Printed {
    const { text } = this.source;
    if (name === "xspace") return { text: /[\s.,;:!?)\]'}/~-]/.test(text[next] ?? "") ? "" : " ", next };
    if (name === "item") return { text: " ", next: this.bracket(next)?.next ?? next };
    if (name === " " || name === "\n" || name === "\t") return { text: " ", next };
    if (name === "-" || name === "/" || name === "@") return { text: "", next };
    const printed = /^(figure|table|fig|tab)name$/.exec(name)?.[1];
    if (printed !== undefined)
      return { text: printed.startsWith("fig") ? "Figure" : "Table", next: this.afterWord(next, name) };
    if (name === "char") {
      const code = /^\s*(\d{2,3}|"[\dA-F]{2})\s?/.exec(text.slice(next, next + 8));
      return { text: code ? glyph("symbol", code[1]!) : "", next: next + (code?.[0].length ?? 0) };
    }
    const assigned = text[next] === "=" ? behindLength(text, next) : next;
    // An unknown command prints nothing itself; its arguments are read as groups.
    return {
      text: "",
      next: assigned > next ? assigned : (this.bracket(next)?.next ?? this.afterWord(next, name)),
    };
  }

  private accent(accent: string, next: number, to: number, depth: number): Printed {
    const letter = this.source.argument(next);
    if (!letter || letter.next > to) return { text: "", next };
    const text = accented(this.render(letter.start, letter.end, depth + 1).trim(), accent);
    return {
      text,
      next: this.afterWord(
        letter.next,
        this.source.slice(letter).startsWith("\\") && letter.next === letter.end ? "i" : "",
      ),
    };
  }

  /** A note is no part of its sentence, but what it refers to is. */
  private note(next: number, to: number, depth: number): Printed {
    const [note] = this.arguments(next, 1, to);
    const text = note ? this.render(note.start, note.end, depth + 1).replaceAll(NOT_MENTIONED, "") : "";
    return { text, next: this.passArguments(next, 1) };
  }

  /** Behind `\tikz{…}` or `\tikz \draw … ;`. */
  private behindDrawing(next: number): number {
    const { source } = this;
    let at = next;
    for (let option = this.bracket(at); option; option = this.bracket(at)) at = option.next;
    const group = source.group(at);
    if (group) return group.next;
    const end = source.text.slice(at, at + MAX_INLINE_DRAWING).indexOf(";");
    return end < 0 ? at : at + end + 1;
  }

  private cite(name: string, at: number, next: number): Printed {
    const { text } = this.source;
    const after = this.passArguments(next, 1);
    const open = text.lastIndexOf("{", after - 1);
    const keys = open >= next && text[after - 1] === "}" ? text.slice(open + 1, after - 1) : "";
    if (!keys) return { text: CITATION, next: after };
    const needed = asksForName(text.slice(Math.max(0, at - 200), at), text.slice(after, after + 20));
    const list = keys.split(",").map((key) => key.trim());
    const printed = this.citation(name, list, needed);
    if (printed?.startsWith("[") && text[at - 1] === "[") return { text: printed.slice(1, -1), next: after };
    const gap = /[\p{L}\p{N}.,;:]/u.test(text[at - 1] ?? "") ? " " : "";
    return { text: printed === null ? CITATION : gap + printed, next: after };
  }

  private referenceTo(name: string, at: number, next: number): Printed {
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

  private environment(side: string, next: number, to: number): Printed {
    const { source } = this;
    const argument = source.group(next);
    if (!argument) return { text: "", next };
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
    let behind = bracket;
    for (let passed = environmentArguments(name); passed > 0; passed--) {
      const skipped = source.group(behind);
      behind = skipped ? (this.bracket(skipped.next)?.next ?? skipped.next) : behind;
    }
    return { text: " ", next: behind };
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
      for (let option = this.bracket(next); option; option = this.bracket(next)) next = option.next;
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
/** Characters of a group inside a formula. */
const MAX_BOX = 4_000;
/** Characters of a drawing inside a line. */
const MAX_INLINE_DRAWING = 600;
const TWO_ARGUMENTS = /^ion$/;
const NOT_MENTIONED = new RegExp(`[^${MENTION}]+`, "g");
const SPECIAL = /[\\${}~`'\-&#^_"%]/g;

const printed = (text: string, next: number): Printed => ({ text, next });

/** Raised or lowered text: in Unicode where it has it, else on the line. */
function raised(kind: "^" | "_", content: string): string {
  if (content.includes(CITATION)) return CITATION;
  const text = script(kind, content);
  return /^[\^_]/.test(text) && /^(?:st|nd|rd|th)$/.test(content.trim()) ? content : text;
}
