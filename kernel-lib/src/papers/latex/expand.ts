import { posix } from "node:path";
import { isConditional, evaluate, skipBranch, type Facts } from "./conditionals.js";
import { isDefinition, isKnown, readDefinition, type Macro } from "./definitions.js";
import { choose, CHOICES, setFlag } from "./flags.js";
import { ENDS_IN_WORD, fillBody, isSpent, readParameter, type Frame } from "./frames.js";
import { documentBody, findInput, readInput, unfoldName } from "./inputs.js";
import { Braced, controlAt, opensAddress, skipComment, skipSpace, type Argument } from "../markup/scan.js";
import { MacroTable } from "./macro-table.js";
import type { Sources } from "./sources.js";
import { Traced, TracedBuilder } from "./traced.js";
import {
  hideVerbatim,
  INLINE_CODE,
  inlineCode,
  UNPRINTED_ENVIRONMENTS,
  VERBATIM_ENVIRONMENTS,
} from "./verbatim.js";

/** Bounds on what a paper may unfold to; reaching one ends the unfolding, not the reading. */
const MAX_EXPANSIONS = 400_000;
const MAX_LENGTH = 48_000_000;
const MAX_COPIED = 96_000_000;
const MAX_DEPTH = 120;
const MAX_INPUTS = 2_000;
const MAX_UNCLOSED = 4;
/** How often a macro may stand inside its own expansion. */
const MAX_RECURSION = 5;

/**
 * What TeX's mouth does, as far as a reader needs it: follows inputs, drops comments and branches not taken, and
 * unfolds the author's macros, giving one text that holds LaTeX's own commands only.
 */
export class Expander {
  readonly warnings = new Set<string>();
  private readonly output = new TracedBuilder();
  private readonly stack: Frame[] = [];
  private readonly macros = new MacroTable();
  private readonly flags = new Map<string, boolean>();
  private readonly unprinted = new Set(UNPRINTED_ENVIRONMENTS);
  private readonly active = new Map<string, number>();
  private expansions = 0;
  private copied = 0;
  private inputs = 0;
  private openConditionals = 0;
  private unclosed = 0;
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
    if (INLINE_CODE.has(name)) return this.inlineVerbatim(frame, name, next);
    if (CHOICES.has(name)) return this.choose(frame, name, next);
    if (name === "endinput") return this.endInput();
    const flagged = setFlag(this.flags, frame.braced, name, next);
    if (flagged !== null) return void (frame.at = flagged);
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
    const { body, last } = fillBody(macro, taken.values, by);
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
    if (definition.what !== "macro" || !definition.keep)
      return this.macros.add(definition, name === "providecommand");
    const kept = `\\renewcommand{\\${definition.name}}{${definition.macro.source}}`;
    this.emitMade(kept, frame, call, definition.next);
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
    const own = this.macros.environment(name);
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
    const code = inlineCode(frame.braced, name, next);
    if (!code) return this.pass(frame, next);
    this.emitMade(`\\texttt{${hideVerbatim(frame.braced.slice(code))}}`, frame, frame.at, code.next);
    frame.at = code.next;
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
    // Without its end in sight a condition hides nothing, for it would hide the rest of the paper.
    frame.at = end.by === null && ++this.unclosed < MAX_UNCLOSED ? test.next : end.next;
  }

  private branchEnd(frame: Frame, name: string, next: number): void {
    frame.at = next;
    if (this.openConditionals === 0) return;
    this.openConditionals--;
    if (name !== "fi") frame.at = skipBranch(frame.traced.text, next, false).next;
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
    const found = () => this.findInput(asked, frame, "") !== null;
    const holds = choose(name, asked, this.facts, found);
    frame.at = no.next;
    this.pushSlice(frame, holds ? yes : no);
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
    const own = frame.from.kind === "file" ? this.sources.files[frame.from.file]!.path : null;
    return findInput(this.sources, name, [
      posix.join(this.folder(), folder),
      posix.dirname(this.main),
      ...(own === null ? [] : [posix.dirname(own)]),
      ".",
    ]);
  }

  private folder(): string {
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const { from } = this.stack[i]!;
      if (from.kind === "file") return from.folder;
    }
    return posix.dirname(this.main);
  }

  private unfoldName(name: string): string {
    return unfoldName(name, (macro) => this.macros.get(macro)?.source ?? "");
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

const SPECIAL = /[\\%]|(?<=\\(?:url|href|path))\{/g;
/** Commands without any effect on what is read. */
const DROPPED = new Set(
  "makeatletter makeatother protect cprotect global long outer relax expandafter begingroup endgroup leavevmode noindent ignorespaces unskip".split(
    " ",
  ),
);
/** Formats of plain TeX that old papers read in. */
const PLAIN_FORMATS = new Set("amstex harvmac epsf psfig lanlmac phyzzx jnl eplain".split(" "));
