import { posix } from "node:path";
import { isConditional, evaluate, evaluateIfThenElse, skipBranch, type Facts } from "./conditionals.js";
import {
  isDefinition,
  isKnown,
  mayExpand,
  readDefinition,
  type Macro,
  type Parameter,
} from "./definitions.js";
import { readInput } from "./inputs.js";
import { Braced, controlAt, opensAddress, skipComment, skipSpace, type Argument } from "./scan.js";
import type { Sources } from "./sources.js";
import { Traced, TracedBuilder } from "./traced.js";
import { hideVerbatim, UNPRINTED_ENVIRONMENTS, VERBATIM_ENVIRONMENTS } from "./verbatim.js";

/** Bounds on what a paper may unfold to; reaching one ends the unfolding, not the reading. */
const MAX_EXPANSIONS = 400_000;
const MAX_LENGTH = 48_000_000;
const MAX_COPIED = 96_000_000;
const MAX_DEPTH = 120;
const MAX_INPUTS = 2_000;
/** How often a macro may stand inside its own expansion. */
const MAX_RECURSION = 5;

interface Frame {
  traced: Traced;
  braced: Braced;
  at: number;
  /** What it unfolds: a file, a macro, or an argument. */
  from:
    { kind: "file"; file: number; folder: string } | { kind: "macro"; name: string } | { kind: "argument" };
  /** Read for its definitions only, as a package of the author's is. */
  silent: boolean;
}

/**
 * What TeX's mouth does, as far as a reader needs it: follows inputs, drops comments and branches not taken, and
 * unfolds the author's macros, giving one text that holds LaTeX's own commands only.
 */
export class Expander {
  readonly warnings = new Set<string>();
  private readonly output = new TracedBuilder();
  private readonly stack: Frame[] = [];
  private readonly macros = new Map<string, Macro>();
  private readonly environments = new Map<string, { begin: Macro; end: Macro }>();
  private readonly flags = new Map<string, boolean>();
  private readonly unprinted = new Set(UNPRINTED_ENVIRONMENTS);
  private readonly active = new Map<string, number>();
  private expansions = 0;
  private copied = 0;
  private inputs = 0;
  private openConditionals = 0;
  private ended = false;
  private readonly facts: Facts = {
    flag: (name) => this.flags.get(name) ?? false,
    defined: (name) => this.macros.has(name) || isKnown(name) || name === "pdfoutput",
    meaning: (name) => this.macros.get(name)?.source,
  };

  constructor(
    private readonly sources: Sources,
    private readonly main: string,
  ) {}

  run(): Traced {
    const file = this.sources.open(this.main);
    if (file !== null) this.pushFile(file, posix.dirname(this.main), false, true);
    while (!this.ended && this.stack.length) this.step(this.stack.at(-1)!);
    return this.output.build();
  }

  private step(frame: Frame): void {
    const { text } = frame.traced;
    const start = frame.at;
    SPECIAL.lastIndex = start;
    const at = SPECIAL.exec(text)?.index ?? text.length;
    this.emit(frame, start, at);
    frame.at = at;
    if (this.output.length > MAX_LENGTH)
      this.stop("The paper unfolds to more text than can be read; its end is left out.");
    else if (at >= text.length) this.pop();
    else if (text[at] === "%") this.dropComment(frame);
    else if (text[at] === "{") this.copyAddress(frame);
    else this.control(frame, controlAt(text, at).slice(1));
  }

  private dropComment(frame: Frame): void {
    const { text } = frame.traced;
    const next = skipComment(text, frame.at);
    // The comment takes its newline along: an empty line behind it must still end the paragraph.
    if (text[next] === "\n") this.emitMade("\n", frame, frame.at, next);
    frame.at = next;
  }

  /** `\url{…}`: the characters of an address mean nothing. */
  private copyAddress(frame: Frame): void {
    const { text } = frame.traced;
    const group = opensAddress(text, frame.at) ? frame.braced.group(frame.at) : null;
    if (!group) return this.pass(frame, frame.at + 1);
    this.emitMade(`{${hideVerbatim(text.slice(group.start, group.end))}}`, frame, frame.at, group.next);
    frame.at = group.next;
  }

  private control(frame: Frame, name: string): void {
    const next = frame.at + 1 + name.length;
    const macro = this.macros.get(name);
    if (macro) return this.callMacro(frame, name, macro, next);
    if (DROPPED.has(name)) {
      frame.at = /^[a-z]/i.test(name) ? skipSpace(frame.traced.text, next, "paragraph") : next;
      return;
    }
    if (name === "begin" || name === "end") return this.environment(frame, name, next);
    if (isDefinition(name)) return this.define(frame, name, next);
    if (name === "else" || name === "or" || name === "fi") return this.branchEnd(frame, name, next);
    if (isConditional(name)) return this.conditional(frame, name, next);
    if (INLINE_VERBATIM.has(name)) return this.inlineVerbatim(frame, name, next);
    if (CHOICES.has(name)) return this.choose(frame, name, next);
    if (name === "endinput") return this.endInput();
    if (FLAGS.has(name) || /^[a-zA-Z@]+(?:true|false)$/.test(name)) return this.setFlag(frame, name, next);
    if (name === "excludecomment" || name === "includecomment")
      return this.commentEnvironment(frame, name, next);
    if (name === "usepackage" || name === "RequirePackage") return this.usePackage(frame, next);
    const input = readInput(name, frame.braced, next);
    if (input) return this.input(frame, input);
    this.pass(frame, next);
  }

  // Macros

  private callMacro(frame: Frame, name: string, macro: Macro, next: number): void {
    const call = frame.at;
    const depth = this.active.get(name) ?? 0;
    if (depth >= MAX_RECURSION || this.stack.length >= MAX_DEPTH || !this.mayUnfold()) {
      frame.at = next;
      return;
    }
    frame.at = next;
    const taken = this.takeArguments(frame, macro);
    if (!taken) return this.emit(frame, call, next);
    const by = frame.traced.span(call, Math.max(taken.frame === frame ? taken.frame.at : next, next));
    const body = new TracedBuilder();
    let last = "";
    for (const part of macro.body) {
      const argument = typeof part === "number" ? taken.values[part] : new Traced(part, []);
      if (!argument?.text) continue;
      if (ENDS_IN_WORD.test(last) && /^[A-Za-z]/.test(argument.text)) body.make(" ", by);
      if (typeof part === "number" && argument.marks.length) body.copy(argument, 0, argument.text.length);
      else body.make(argument.text, by);
      last = argument.text.slice(-40);
    }
    this.copied += body.length;
    const reader = taken.frame;
    const following = reader.traced.text;
    if (!macro.parameters.length) {
      if (!ENDS_IN_WORD.test(last)) reader.at = skipSpace(following, reader.at, "paragraph");
    } else if (ENDS_IN_WORD.test(last) && /[A-Za-z]/.test(following[reader.at] ?? "")) body.make(" ", by);
    this.push({ traced: body.build(), from: { kind: "macro", name }, silent: reader.silent });
  }

  /** The arguments of a call, read behind it; a macro that ends in a call takes them from what follows it. */
  private takeArguments(frame: Frame, macro: Macro): { values: Traced[]; frame: Frame } | null {
    let reader = frame;
    while (
      macro.parameters.length &&
      this.stack.length > 1 &&
      reader.from.kind !== "file" &&
      isSpent(reader)
    ) {
      this.pop();
      reader = this.stack.at(-1)!;
    }
    const { braced } = reader;
    let at = reader.at;
    if (macro.lead) {
      if (!braced.text.startsWith(macro.lead, at)) return null;
      at += macro.lead.length;
    }
    const values: Traced[] = [];
    for (const parameter of macro.parameters) {
      const value = readParameter(reader, at, parameter);
      if (!value) return null;
      values.push(value.traced);
      at = value.next;
      this.copied += value.traced.text.length;
    }
    reader.at = at;
    return { values, frame: reader };
  }

  private define(frame: Frame, name: string, next: number): void {
    const definition = readDefinition(frame.braced, name, next);
    if (!definition) return this.pass(frame, next);
    const call = frame.at;
    frame.at = definition.next;
    if (definition.what === "environment") {
      const { begin, end } = definition;
      if (mayExpand("", begin) && mayExpand("", end) && !KNOWN_ENVIRONMENT.test(definition.name))
        this.environments.set(definition.name, { begin, end });
      return;
    }
    if (definition.what === "alias") {
      const target = this.macros.get(definition.target);
      if (isKnown(definition.name) || definition.name === definition.target) return;
      if (target) this.macros.set(definition.name, target);
      else if (isKnown(definition.target))
        this.macros.set(definition.name, {
          parameters: [],
          lead: "",
          body: [`\\${definition.target}`],
          source: `\\${definition.target}`,
        });
      return;
    }
    if (definition.keep)
      return this.emitMade(
        `\\renewcommand{\\${definition.name}}{${definition.macro.source}}`,
        frame,
        call,
        definition.next,
      );
    if (name === "providecommand" && this.macros.has(definition.name)) return;
    if (mayExpand(definition.name, definition.macro)) this.macros.set(definition.name, definition.macro);
  }

  // Environments

  private environment(frame: Frame, side: "begin" | "end", next: number): void {
    const argument = frame.braced.group(next);
    const name = argument ? frame.braced.slice(argument).trim() : "";
    if (!argument) return this.pass(frame, next);
    if (side === "end" && name === "document") {
      this.pass(frame, argument.next);
      this.ended = true;
      return;
    }
    const own = this.environments.get(name);
    if (own) return this.callMacro(frame, `${side} ${name}`, own[side], argument.next);
    const unprinted = this.unprinted.has(name);
    if (side === "end" || !(unprinted || VERBATIM_ENVIRONMENTS.has(name)))
      return this.pass(frame, argument.next);
    const close = `\\end{${name}}`;
    const { text } = frame.traced;
    const found = text.indexOf(close, argument.next);
    const end = found < 0 ? text.length : found;
    const after = found < 0 ? end : found + close.length;
    if (!unprinted) {
      this.emit(frame, frame.at, argument.next);
      this.emitMade(hideVerbatim(text.slice(argument.next, end)), frame, argument.next, end);
      this.emitMade(close, frame, end, after);
    }
    frame.at = after;
  }

  private commentEnvironment(frame: Frame, name: string, next: number): void {
    const argument = frame.braced.argument(next);
    if (!argument) return this.pass(frame, next);
    if (name === "excludecomment") this.unprinted.add(frame.braced.slice(argument));
    else this.unprinted.delete(frame.braced.slice(argument));
    frame.at = argument.next;
  }

  private inlineVerbatim(frame: Frame, name: string, next: number): void {
    const { text } = frame.traced;
    let at = text[next] === "*" ? next + 1 : next;
    if (name !== "verb") at = frame.braced.optional(at)?.next ?? at;
    if (name === "mintinline") at = frame.braced.group(at)?.next ?? at;
    const delimiter = text[at] ?? "";
    const newline = text.indexOf("\n", at);
    const end = delimiter === "{" ? frame.braced.closing(at) : text.indexOf(delimiter, at + 1);
    if (!delimiter || end < 0 || (newline >= 0 && end > newline)) return this.pass(frame, next);
    this.emitMade(`\\texttt{${hideVerbatim(text.slice(at + 1, end))}}`, frame, frame.at, end + 1);
    frame.at = end + 1;
  }

  // Conditionals

  private conditional(frame: Frame, name: string, next: number): void {
    const { text } = frame.traced;
    const test = evaluate(name, text, next, this.facts);
    if (test.holds) {
      this.openConditionals++;
      frame.at = test.next;
      return;
    }
    const end = skipBranch(text, test.next, true);
    if (end.by === "else") this.openConditionals++;
    frame.at = end.next;
  }

  private branchEnd(frame: Frame, name: string, next: number): void {
    frame.at = next;
    if (this.openConditionals === 0) return;
    this.openConditionals--;
    if (name !== "fi") frame.at = skipBranch(frame.traced.text, next, false).next;
  }

  private setFlag(frame: Frame, name: string, next: number): void {
    const { braced } = frame;
    if (name === "newif") {
      frame.at = next + controlAt(braced.text, skipSpace(braced.text, next)).length;
      return;
    }
    const assigned = /^([a-zA-Z@]+)(true|false)$/.exec(name);
    const argument = FLAGS.has(name) ? braced.group(next) : null;
    if (!argument) {
      if (assigned && !FLAGS.has(name)) this.flags.set(assigned[1]!, assigned[2] === "true");
      frame.at = next;
      return;
    }
    const flag = braced.slice(argument).trim();
    const value =
      name === "setbool" || name === "setboolean" || name === "settoggle"
        ? braced.group(argument.next)
        : null;
    this.flags.set(flag, value ? braced.slice(value).trim() === "true" : name.endsWith("true"));
    frame.at = (value ?? argument).next;
  }

  /** Commands that take both branches as arguments. */
  private choose(frame: Frame, name: string, next: number): void {
    const { braced } = frame;
    const test = braced.argument(next);
    const yes = test && braced.argument(test.next);
    const no = yes && braced.argument(yes.next);
    if (!test || !yes || !no || this.stack.length >= MAX_DEPTH || !this.mayUnfold())
      return this.pass(frame, next);
    const asked = braced.slice(test).trim();
    const holds = this.choice(name, asked, frame);
    frame.at = no.next;
    this.pushSlice(frame, holds ? yes : no);
  }

  private choice(name: string, asked: string, frame: Frame): boolean {
    if (name === "ifthenelse") return evaluateIfThenElse(asked, this.facts);
    if (name === "IfFileExists" || name === "InputIfFileExists")
      return this.findInput(asked, frame, "") !== null;
    if (name === "@ifundefined" || name === "ifundef") return !this.facts.defined(asked.replace(/^\\/, ""));
    if (name === "ifdef") return this.facts.defined(asked.replace(/^\\/, ""));
    return this.facts.flag(asked);
  }

  // Files

  private input(frame: Frame, input: { name: string; folder: string; next: number }): void {
    frame.at = input.next;
    const name = this.unfoldName(input.name);
    const path = this.findInput(name, frame, this.unfoldName(input.folder));
    if (path === null) {
      if (!/^[\w-]+$/.test(name) || !PLAIN_FORMATS.has(name))
        this.warnings.add(`\\input{${name}}: there is no such file in the archive.`);
      return;
    }
    const file = this.sources.open(path);
    const busy = this.stack.some(({ from }) => from.kind === "file" && from.file === file);
    if (file === null || busy || this.stack.length >= MAX_DEPTH || ++this.inputs > MAX_INPUTS) {
      this.warnings.add(
        `${path} is not read in: ${busy ? "it reads itself in" : "too many files are read in"}.`,
      );
      return;
    }
    const folder = input.folder ? posix.join(this.folder(), this.unfoldName(input.folder)) : this.folder();
    this.pushFile(file, folder, frame.silent, false);
  }

  private findInput(name: string, frame: Frame, folder: string): string | null {
    const current = this.folder();
    const own =
      frame.from.kind === "file" ? posix.dirname(this.sources.files[frame.from.file]!.path) : current;
    const folders = [posix.join(current, folder), posix.dirname(this.main), own, "."];
    return name ? this.sources.find(name, folders, ["", ".tex", ".ltx", ".TEX"].reverse()) : null;
  }

  private folder(): string {
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const { from } = this.stack[i]!;
      if (from.kind === "file") return from.folder;
    }
    return posix.dirname(this.main);
  }

  /** Names of files may hold macros without arguments. */
  private unfoldName(name: string): string {
    let result = name.trim().replace(/^"(.*)"$/, "$1");
    for (let round = 0; round < 3 && result.includes("\\"); round++)
      result = result
        .replace(
          /\\([A-Za-z@]+)\s*/g,
          (_, macro: string) => this.macros.get(macro)?.source.slice(0, 200) ?? "",
        )
        .slice(0, 1000);
    return result.trim();
  }

  /** A package of the author's own is read for its definitions. */
  private usePackage(frame: Frame, next: number): void {
    const options = frame.braced.optional(next);
    const names = frame.braced.group(options?.next ?? next);
    if (!names) return this.pass(frame, next);
    this.pass(frame, names.next);
    for (const name of frame.braced.slice(names).split(",").slice(0, 50)) {
      const path = this.sources.find(name.trim(), [posix.dirname(this.main), "."], [".sty"]);
      const file = path === null || this.stack.length >= MAX_DEPTH ? null : this.sources.open(path);
      const busy = this.stack.some(({ from }) => from.kind === "file" && from.file === file);
      if (file !== null && !busy && ++this.inputs <= MAX_INPUTS)
        this.pushFile(file, this.folder(), true, false);
    }
  }

  private endInput(): void {
    while (this.stack.length) {
      const top = this.stack.at(-1)!;
      this.pop();
      if (top.from.kind === "file") return;
    }
  }

  // The stack and the output

  private pushFile(file: number, folder: string, silent: boolean, isMain: boolean): void {
    const { lines } = this.sources.files[file]!;
    const traced = Traced.ofFile(file, lines);
    const body = isMain ? null : documentBody(lines);
    this.push({ traced, from: { kind: "file", file, folder }, silent });
    if (!body) return;
    const top = this.stack.at(-1)!;
    const cut = Traced.ofFile(file, lines.slice(0, body.end));
    Object.assign(top, { traced: cut, braced: new Braced(cut.text), at: body.start });
  }

  private pushSlice(frame: Frame, argument: Argument): void {
    const part = new TracedBuilder();
    part.copy(frame.traced, argument.start, argument.end);
    this.copied += argument.end - argument.start;
    this.push({ traced: part.build(), from: { kind: "argument" }, silent: frame.silent });
  }

  private push(frame: Pick<Frame, "traced" | "from" | "silent">): void {
    if (frame.from.kind === "macro")
      this.active.set(frame.from.name, (this.active.get(frame.from.name) ?? 0) + 1);
    this.stack.push({ ...frame, braced: new Braced(frame.traced.text), at: 0 });
  }

  private pop(): void {
    const { from } = this.stack.pop()!;
    if (from.kind === "macro") this.active.set(from.name, this.active.get(from.name)! - 1);
  }

  private mayUnfold(): boolean {
    if (++this.expansions <= MAX_EXPANSIONS && this.copied < MAX_COPIED) return true;
    this.warnings.add("The paper's macros unfold without end; from there on they are left out.");
    return false;
  }

  private stop(warning: string): void {
    this.warnings.add(warning);
    this.ended = true;
  }

  private pass(frame: Frame, next: number): void {
    this.emit(frame, frame.at, next);
    frame.at = next;
  }

  private emit(frame: Frame, from: number, to: number): void {
    if (!frame.silent) this.output.copy(frame.traced, from, to);
  }

  private emitMade(text: string, frame: Frame, from: number, to: number): void {
    if (!frame.silent) this.output.make(text, frame.traced.span(from, to));
  }
}

function isSpent({ traced, at }: Frame): boolean {
  return skipSpace(traced.text, at) >= traced.text.length;
}

function readParameter(
  { traced, braced }: Frame,
  at: number,
  parameter: Parameter,
): { traced: Traced; next: number } | null {
  const made = (text: string, next: number) => ({ traced: new Traced(text, []), next });
  const part = (from: number, to: number, next: number) => {
    const builder = new TracedBuilder();
    builder.copy(traced, from, to);
    return { traced: builder.build(), next };
  };
  switch (parameter.kind) {
    case "star":
      return traced.text[at] === "*" ? made("*", at + 1) : made("", at);
    case "optional": {
      const argument = braced.optional(at);
      return argument ? part(argument.start, argument.end, argument.next) : made(parameter.default, at);
    }
    case "until": {
      const end = traced.text.slice(at, at + 5_000).indexOf(parameter.delimiter);
      return end < 0 ? null : part(at, at + end, at + end + parameter.delimiter.length);
    }
    case "required": {
      const argument = braced.argument(at);
      return argument && part(argument.start, argument.end, argument.next);
    }
  }
}

/** Where the body of a document stands that another one reads in; `null` for a file without a preamble. */
function documentBody(text: string): { start: number; end: number } | null {
  if (!/^[ \t]*\\document(?:class|style)\b/m.test(text)) return null;
  const begin = /^[^%\n]*?\\begin\s*\{document\}/m.exec(text);
  if (!begin) return null;
  const start = begin.index + begin[0].length;
  const end = text.indexOf("\\end{document}", start);
  return { start, end: end < 0 ? text.length : end };
}

const SPECIAL = /[\\%]|(?<=\\(?:url|href|path))\{/g;
const ENDS_IN_WORD = /\\[A-Za-z@]+$/;
/** Commands without any effect on what is read. */
const DROPPED = new Set(
  "makeatletter makeatother protect cprotect global long outer relax expandafter begingroup endgroup leavevmode noindent ignorespaces unskip".split(
    " ",
  ),
);
const INLINE_VERBATIM = new Set(["verb", "lstinline", "mintinline", "Verb"]);
const CHOICES = new Set("ifthenelse iftoggle ifbool IfFileExists @ifundefined ifundef ifdef".split(" "));
const FLAGS = new Set(
  "newif newbool newtoggle newboolean providebool toggletrue togglefalse booltrue boolfalse setbool setboolean settoggle".split(
    " ",
  ),
);
/** Environments that the reader knows, however a paper dresses them. */
const KNOWN_ENVIRONMENT =
  /^(?:figure|table|abstract|document|equation|align|itemize|enumerate|tabular|thebibliography)\*?$/;
/** Formats of plain TeX that old papers read in. */
const PLAIN_FORMATS = new Set("amstex harvmac epsf psfig lanlmac phyzzx jnl eplain".split(" "));
