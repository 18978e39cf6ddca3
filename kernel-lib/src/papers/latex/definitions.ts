import { SIGNS } from "../markup/symbols.js";
import { controlName, skipSpace, type Braced } from "../markup/scan.js";

/** One parameter of a macro, in the order they are read. */
export type Parameter =
  | { kind: "required" }
  | { kind: "optional"; default: string }
  | { kind: "star" }
  | { kind: "until"; delimiter: string };

export interface Macro {
  parameters: readonly Parameter[];
  /** Text that must follow the name, as in `\def\pair(#1){…}`. */
  lead: string;
  /** Literal text and parameter positions (from 0), in turn. */
  body: readonly (string | number)[];
  source: string;
}

export type Definition =
  | { what: "macro"; name: string; macro: Macro; next: number; keep: boolean }
  | { what: "environment"; name: string; begin: Macro; end: Macro; next: number }
  | { what: "alias"; name: string; target: string; next: number };

const COMMANDS = new Set(
  (
    "newcommand renewcommand providecommand DeclareRobustCommand newrobustcmd renewrobustcmd def gdef edef xdef let " +
    "DeclareMathOperator DeclarePairedDelimiter NewDocumentCommand RenewDocumentCommand DeclareDocumentCommand ProvideDocumentCommand " +
    "newenvironment renewenvironment NewDocumentEnvironment DeclareDocumentEnvironment RenewDocumentEnvironment"
  ).split(" "),
);

export function isDefinition(name: string): boolean {
  return COMMANDS.has(name);
}

/** Reads the definition whose command `name` ends at `at`; `null` where it is none that can be followed. */
export function readDefinition(source: Braced, name: string, at: number): Definition | null {
  if (name === "let") return readAlias(source, at);
  if (/^[gex]?def$/.test(name)) return readDef(source, at);
  if (name.endsWith("Environment") || name.endsWith("environment")) return readEnvironment(source, name, at);
  const start = skipStar(source, at);
  const target = source.argument(start);
  const defined = target && /^\s*\\([A-Za-z@]+|[^])\s*$/.exec(source.slice(target))?.[1];
  if (!target || defined === undefined || defined === null) return null;
  if (name.endsWith("DocumentCommand")) {
    const signature = source.argument(target.next);
    const body = signature && source.argument(signature.next);
    if (!body) return null;
    return macro(defined, parseSignature(source.slice(signature)), "", source.slice(body), body.next);
  }
  if (name === "DeclareMathOperator") {
    const body = source.argument(target.next);
    return body && macro(defined, [], "", `\\operatorname{${source.slice(body)}}`, body.next);
  }
  if (name === "DeclarePairedDelimiter") {
    const left = source.argument(target.next);
    const right = left && source.argument(left.next);
    if (!right) return null;
    const parameters: Parameter[] = [
      { kind: "star" },
      { kind: "optional", default: "" },
      { kind: "required" },
    ];
    const body = `${source.slice(left)} #3${source.slice(right)}`;
    return macro(defined, parameters, "", body, right.next);
  }
  const parameters = readCounted(source, target.next);
  const body = source.argument(parameters.next);
  return body && macro(defined, parameters.list, "", source.slice(body), body.next);
}

/** `[2][default]` as `\newcommand` takes it. */
function readCounted(source: Braced, at: number): { list: Parameter[]; next: number } {
  const count = source.optional(at);
  if (!count) return { list: [], next: at };
  const list = Array.from(
    { length: Math.min(9, Number.parseInt(source.slice(count), 10) || 0) },
    (): Parameter => {
      return { kind: "required" };
    },
  );
  const first = source.optional(count.next);
  if (!first) return { list, next: count.next };
  list[0] = { kind: "optional", default: source.slice(first) };
  return { list, next: first.next };
}

function readDef(source: Braced, at: number): Definition | null {
  const { text } = source;
  const start = skipSpace(text, at);
  const name = controlName(text, start);
  const open = text.indexOf("{", start + 1 + name.length);
  if (!name || open < 0 || open - start > 200) return null;
  const body = source.group(open);
  if (!body) return null;
  const [lead = "", ...rest] = text.slice(start + 1 + name.length, open).split(/#[1-9]/);
  const parameters = rest.map((delimiter): Parameter => {
    return delimiter.trim() ? { kind: "until", delimiter } : { kind: "required" };
  });
  return macro(name, parameters, lead.trim(), source.slice(body), body.next);
}

function readAlias(source: Braced, at: number): Definition | null {
  const { text } = source;
  const start = skipSpace(text, at);
  const name = controlName(text, start);
  let next = skipSpace(text, start + 1 + name.length);
  if (text[next] === "=") next = skipSpace(text, next + 1);
  const target = controlName(text, next);
  return name && target ? { what: "alias", name, target, next: next + 1 + target.length } : null;
}

function readEnvironment(source: Braced, command: string, at: number): Definition | null {
  const name = source.argument(skipStar(source, at));
  if (!name) return null;
  let parameters: { list: Parameter[]; next: number };
  if (command.endsWith("DocumentEnvironment")) {
    const signature = source.argument(name.next);
    if (!signature) return null;
    parameters = { list: parseSignature(source.slice(signature)), next: signature.next };
  } else parameters = readCounted(source, name.next);
  const begin = source.argument(parameters.next);
  const end = begin && source.argument(begin.next);
  if (!begin || !end) return null;
  return {
    what: "environment",
    name: source.slice(name).trim(),
    begin: makeMacro(parameters.list, "", source.slice(begin)),
    end: makeMacro([], "", source.slice(end)),
    next: end.next,
  };
}

/** What stands for an optional argument that was not given; xparse's own sign. */
export const NO_VALUE = "-NoValue-";

/** The argument signature of xparse: `s o m O{…} d() r() +m`. */
function parseSignature(signature: string): Parameter[] {
  return Array.from(
    signature.matchAll(/s|m|o|O\s*\{([^}]*)\}|[dr](.)(.)|t.|D(.)(.)\s*\{[^}]*\}/g),
    (part): Parameter => {
      if (part[0] === "s" || part[0].startsWith("t")) return { kind: "star" };
      if (part[0] === "o" || part[0].startsWith("O"))
        return { kind: "optional", default: part[0] === "o" ? NO_VALUE : (part[1] ?? "") };
      return { kind: "required" };
    },
  );
}

function macro(name: string, parameters: Parameter[], lead: string, given: string, next: number): Definition {
  const body =
    parameters.length === 1 && given.length < MAX_DRAWING && INLINE_DRAWING.test(given)
      ? "\\mbox{#1}"
      : given;
  return { what: "macro", name, macro: makeMacro(parameters, lead, body), next, keep: isPrinted(name) };
}

export function makeMacro(parameters: Parameter[], lead: string, source: string): Macro {
  const body = source
    .split(/(?<![\\#])#([1-9])/)
    .map((part, i) => (i % 2 ? Number(part) - 1 : part.replaceAll("##", "#")));
  return { parameters, lead, body: body.filter((part) => part !== ""), source };
}

/** Macros that say how numbers are printed; they stay in the text, for the numbers are made later. */
function isPrinted(name: string): boolean {
  return (
    /^the[a-z]+$/.test(name) ||
    name === "@captype" ||
    /^(?:figure|table)name$/.test(name) ||
    /^fnum@(?:figure|table)$/.test(name)
  );
}

function skipStar(source: Braced, at: number): number {
  const start = skipSpace(source.text, at);
  return source.text[start] === "*" ? start + 1 : start;
}

const MAX_DRAWING = 600;
/** A sign drawn round a text, as for numbers in circles: what it says is the text. */
const INLINE_DRAWING =
  /^\s*(?:\\protect\s*)?\\(?:tikz\b|begin\s*\{tikzpicture\})[^]{0,40}baseline[^]*\\node[^]*\{[^{}]*#1\s*\}/;

/** What LaTeX cannot be followed without running it: such macros are left as they stand. */
const PROGRAM =
  /\\(?:csname|expandafter|futurelet|catcode|setbox|newdimen|afterassignment|everypar|loop|[a-z]+_[a-z]|numexpr|dimexpr|advance|[A-Za-z]+@|@[A-Za-z])/;

/** Signs that old papers put together out of boxes, under the names that packages give them too. */
const LAYOUT = /\\(?:rlap|llap|hbox|mbox|raise|lower|kern|buildrel|ooalign|vcenter|raisebox)/;

/** Inner commands that the reader follows all the same. */
const UNDERSTOOD =
  /\\(?:@captype|(?:end)?@(?:dbl)?float|csname\s+(?:end)?(?:figure|table)\*?\\endcsname|@nameuse\{(?:end)?(?:figure|table)\*?\}|fnum@figure|@addtoreset)(?![A-Za-z@])/g;

/** Commands whose meaning this reader knows: a paper that redefines them changes how they look, not what they are. */
const KNOWN = new Set(
  (
    "begin end documentclass documentstyle usepackage part chapter section subsection subsubsection paragraph subparagraph appendix " +
    "title author date maketitle abstract keywords label ref eqref pageref autoref cref Cref crefrange Crefrange vref Vref nameref " +
    "cite citep citet citealt citealp citeauthor citeyear caption captionof captionsetup includegraphics includesvg plotone plottwo " +
    "epsfig psfig epsfbox graphicspath subfigure subfloat subcaptionbox subcaption ContinuedFloat setcounter addtocounter " +
    "refstepcounter stepcounter counterwithin numberwithin input include item footnote footnotetext thanks textbf textit emph " +
    "texttt textrm textsf textsc text mbox par newline linebreak newpage clearpage frac sqrt left right url href verb thanks " +
    "figure endfigure table endtable minipage endminipage alph Alph arabic roman Roman centering hspace vspace ensuremath xspace bibliography"
  ).split(" "),
);

export function mayExpand(name: string, macro: Macro): boolean {
  if (LAYOUT.test(macro.source) && /^(?:relation|symbol)$/.test(SIGNS.get(name)?.kind ?? "")) return false;
  return !KNOWN.has(name) && !PROGRAM.test(macro.source.replace(UNDERSTOOD, ""));
}

export function isKnown(name: string): boolean {
  return KNOWN.has(name);
}
