import {
  controlName,
  nextSign,
  opensAddress,
  skipComment,
  skipSpace,
  type Argument,
} from "../markup/scan.js";
import { Acronyms } from "./acronyms.js";
import { Branches } from "./branches.js";
import { isConditional, type Facts } from "./conditionals.js";
import { isDefinition, isKnown, readDefinition, type Macro } from "./definitions.js";
import { FileReader } from "./file-reader.js";
import { choose, CHOICES, setFlag, type Choice } from "./flags.js";
import { readFloatSide } from "./float-commands.js";
import { ENDS_IN_WORD, fillBody, readParameter, type Frame } from "./frames.js";
import { DROPPED, isFollowed } from "./followed.js";
import { readHarvmacFigure } from "./harvmac.js";
import { readInput } from "./inputs.js";
import { readLoop } from "./loops.js";
import { MacroTable } from "./macro-table.js";
import type { Sources } from "./sources.js";
import type { Traced } from "./traced.js";
import { Unfolding } from "./unfolding.js";
import {
  hideVerbatim,
  INLINE_CODE,
  inlineCode,
  UNPRINTED_ENVIRONMENTS,
  VERBATIM_ENVIRONMENTS,
} from "./verbatim.js";

/** A paper's text with what could not be followed, one sentence each. */
export interface Expanded {
  traced: Traced;
  warnings: string[];
}

/**
 * What TeX's mouth does, as far as a reader needs it: follows inputs, drops comments and branches not taken, and
 * unfolds the author's macros, giving one text that holds LaTeX's own commands only.
 */
export function expand(sources: Sources, main: string): Expanded {
  return new Expander(sources, main).run();
}

class Expander {
  private readonly unfolding = new Unfolding();
  private readonly macros = new MacroTable();
  private readonly flags = new Map<string, boolean>();
  private readonly unprinted = new Set(UNPRINTED_ENVIRONMENTS);
  private readonly files: FileReader;
  private readonly facts: Facts = {
    flag: (name) => (name === "mmode" ? this.unfolding.inMath : (this.flags.get(name) ?? false)),
    defined: (name) => this.macros.has(name) || isKnown(name) || name === "pdfoutput",
    meaning: (name) => this.macros.get(name)?.source,
  };
  private readonly acronyms = new Acronyms();
  /** Floats that LaTeX's inner commands have begun. */
  private readonly innerFloats: string[] = [];
  private readonly followed = new Map<string, boolean>();
  private readonly branches = new Branches(this.facts);

  constructor(sources: Sources, main: string) {
    const meaning = (macro: string) => this.macros.get(macro)?.source ?? "";
    this.files = new FileReader(sources, main, this.unfolding, meaning);
  }

  run(): Expanded {
    this.files.openMain();
    for (let frame = this.unfolding.top; frame; frame = this.unfolding.top) this.step(frame);
    return { traced: this.unfolding.build(), warnings: [...this.unfolding.warnings] };
  }

  private step(frame: Frame): void {
    const { text } = frame.traced;
    const at = this.nextStop(text, frame.at);
    this.unfolding.pass(frame, at);
    if (at >= text.length) this.unfolding.pop();
    else if (text[at] === "%") this.dropComment(frame);
    else if (text[at] === "{") this.copyAddress(frame);
    else this.control(frame, controlName(text, at));
  }

  /** Position from `from` on of what is not taken over as it stands: a comment, an address, a command that is followed. */
  private nextStop(text: string, from: number): number {
    for (let at = nextSign(text, from); at < text.length;) {
      const c = text.charCodeAt(at);
      let next = at + 1;
      if (c === BACKSLASH) {
        const name = controlName(text, at);
        if (this.follows(name)) return at;
        next += name.length;
      } else if (c === PERCENT || (c === BRACE && opensAddress(text, at))) return at;
      at = nextSign(text, next);
    }
    return text.length;
  }

  private follows(name: string): boolean {
    if (this.macros.has(name)) return true;
    let followed = this.followed.get(name);
    if (followed === undefined) this.followed.set(name, (followed = isFollowed(name)));
    return followed;
  }

  private dropComment(frame: Frame): void {
    const { text } = frame.traced;
    const next = skipComment(text, frame.at);
    // The comment takes its newline along: an empty line behind it must still end the paragraph.
    if (text[next] === "\n") this.unfolding.emitMade("\n", frame, frame.at, next);
    frame.at = next;
  }

  /** `\url{…}`: the characters of an address mean nothing. */
  private copyAddress(frame: Frame): void {
    const { text } = frame.traced;
    const group = opensAddress(text, frame.at) ? frame.braced.group(frame.at) : null;
    if (!group) return this.pass(frame, frame.at + 1);
    this.replace(frame, `{${hideVerbatim(text.slice(group.start, group.end))}}`, group.next);
  }

  private control(frame: Frame, name: string): void {
    const next = frame.at + 1 + name.length;
    const { braced } = frame;
    const macro = this.macros.get(name);
    if (macro) return this.callMacro(frame, name, macro, next);
    if (DROPPED.has(name)) {
      frame.at = /^[a-z]/i.test(name) ? skipSpace(braced.text, next, "paragraph") : next;
      return;
    }
    if (name === "begin" || name === "end") return this.environment(frame, name, next);
    if (isDefinition(name)) return this.define(frame, name, next);
    if (name === "else" || name === "or" || name === "fi")
      return void (frame.at = this.branches.leave(name, braced.text, next));
    if (name.endsWith("fig") && this.isHarvmac()) return this.harvmacFigure(frame, name, next);
    if (isConditional(name)) return void (frame.at = this.branches.enter(name, braced.text, next));
    if (INLINE_CODE.has(name)) return this.inlineVerbatim(frame, name, next);
    const choice = CHOICES.get(name);
    if (choice) return this.choose(frame, name, choice, next);
    if (name === "foreach") return this.loop(frame, next);
    const defined = this.acronyms.define(braced, name, next);
    if (defined !== null) return void (frame.at = defined);
    const acronym = this.acronyms.use(braced, name, next);
    if (acronym) return this.unfold(frame, acronym.text, acronym.next);
    const side = readFloatSide(braced, name, next, this.innerFloats);
    if (side) return this.replace(frame, side.text, side.next);
    if (name === "endinput") return this.files.endInput();
    const flagged = setFlag(this.flags, braced, name, next);
    if (flagged !== null) return void (frame.at = flagged);
    if (name === "excludecomment" || name === "includecomment")
      return this.commentEnvironment(frame, name, next);
    if (name === "usepackage" || name === "RequirePackage") return this.usePackage(frame, next);
    const input = readInput(name, braced, next);
    if (!input) return this.pass(frame, next);
    frame.at = input.next;
    this.files.read(frame, input);
  }

  // Macros

  private callMacro(frame: Frame, name: string, macro: Macro, next: number): void {
    const call = frame.at;
    frame.at = next;
    if (!this.unfolding.mayCall(name)) return;
    const taken = this.takeArguments(frame, macro);
    if (!taken) return this.unfolding.emit(frame, call, next);
    const { reader, values } = taken;
    const by = frame.traced.span(call, Math.max(reader === frame ? reader.at : next, next));
    const { body, last } = fillBody(macro, values, by);
    this.unfolding.countCopied(body.length);
    const following = reader.traced.text;
    if (!macro.parameters.length) {
      if (!ENDS_IN_WORD.test(last)) reader.at = skipSpace(following, reader.at, "paragraph");
    } else if (ENDS_IN_WORD.test(last) && /[A-Za-z]/.test(following[reader.at] ?? "")) body.make(" ", by);
    this.unfolding.push({ traced: body.build(), from: { kind: "macro", name }, silent: reader.silent });
  }

  private takeArguments(frame: Frame, macro: Macro): { values: Traced[]; reader: Frame } | null {
    const reader = this.unfolding.readerBehind(frame, macro);
    let { at } = reader;
    if (macro.lead) {
      if (!reader.braced.text.startsWith(macro.lead, at)) return null;
      at += macro.lead.length;
    }
    const values: Traced[] = [];
    for (const parameter of macro.parameters) {
      const value = readParameter(reader, at, parameter);
      if (!value) return null;
      values.push(value.traced);
      at = value.next;
      this.unfolding.countCopied(value.traced.text.length);
    }
    reader.at = at;
    return { values, reader };
  }

  private define(frame: Frame, name: string, next: number): void {
    const definition = readDefinition(frame.braced, name, next);
    if (!definition) return this.pass(frame, next);
    if (definition.what === "macro" && definition.keep)
      this.replace(
        frame,
        `\\renewcommand{\\${definition.name}}{${definition.macro.source}}`,
        definition.next,
      );
    else this.macros.add(definition, name === "providecommand");
    frame.at = definition.next;
  }

  // Environments

  private environment(frame: Frame, side: "begin" | "end", next: number): void {
    const argument = frame.braced.group(next);
    if (!argument) return this.pass(frame, next);
    const name = frame.braced.slice(argument).trim();
    const own = this.macros.environment(name);
    if (own && name !== "document") return this.callMacro(frame, `${side} ${name}`, own[side], argument.next);
    if (side === "begin" && this.unprinted.has(name)) frame.at = this.endOf(frame, name, argument.next).next;
    else if (side === "begin" && VERBATIM_ENVIRONMENTS.has(name)) {
      const close = this.endOf(frame, name, argument.next);
      this.pass(frame, argument.next);
      this.replace(frame, hideVerbatim(frame.braced.text.slice(argument.next, close.at)), close.at);
      this.replace(frame, `\\end{${name}}`, close.next);
    } else {
      this.pass(frame, argument.next);
      if (side === "end" && name === "document") this.unfolding.end();
    }
  }

  /** Where an environment ends in which nothing is read. */
  private endOf({ traced: { text } }: Frame, name: string, from: number): { at: number; next: number } {
    const close = `\\end{${name}}`;
    const at = text.indexOf(close, from);
    return at < 0 ? { at: text.length, next: text.length } : { at, next: at + close.length };
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
    this.replace(frame, `\\texttt{${hideVerbatim(frame.braced.slice(code))}}`, code.next);
  }

  /** Commands that take their test and their branches as arguments. */
  private choose(frame: Frame, name: string, { asks, branches }: Choice, next: number): void {
    const { braced } = frame;
    const given: Argument[] = [];
    for (let at = next; given.length < asks + (branches === "both" ? 2 : 1); at = given.at(-1)!.next) {
      const argument = braced.argument(at);
      if (!argument) return this.pass(frame, next);
      given.push(argument);
    }
    if (!this.unfolding.mayUnfold()) return this.pass(frame, next);
    const asked = given.slice(0, asks).map((argument) => braced.slice(argument).trim());
    const holds = choose(name, asked, this.facts, () => this.files.exists(asked[0]!, frame));
    const [yes, no] = branches === "no" ? [undefined, given[asks]] : [given[asks], given[asks + 1]];
    const taken = holds ? yes : no;
    frame.at = given.at(-1)!.next;
    if (taken) this.unfolding.pushPart(frame, taken);
  }

  private loop(frame: Frame, next: number): void {
    const loop = readLoop(frame.braced, next, (macro) => this.macros.get(macro)?.source ?? "");
    if (loop) this.unfold(frame, loop.text, loop.next);
    else this.pass(frame, next);
  }

  private isHarvmac(): boolean {
    return this.files.formats.has("harvmac") || this.files.formats.has("lanlmac");
  }

  private harvmacFigure(frame: Frame, command: string, next: number): void {
    const figure = readHarvmacFigure(frame.braced, command, next);
    if (!figure) return this.pass(frame, next);
    const { name, macro } = figure;
    this.macros.add({ what: "macro", name, macro, next: figure.next, keep: false }, false);
    this.unfold(frame, figure.text, figure.next);
  }

  private usePackage(frame: Frame, next: number): void {
    const { braced } = frame;
    const names = braced.group(braced.optional(next)?.next ?? next);
    this.pass(frame, names?.next ?? next);
    if (names) this.files.readPackages(braced.slice(names));
  }

  // What is read

  private pass(frame: Frame, next: number): void {
    this.unfolding.pass(frame, next);
  }

  /** Reads a text in place of what stands between here and `next`. */
  private unfold(frame: Frame, text: string, next: number): void {
    const call = frame.at;
    frame.at = next;
    if (this.unfolding.mayUnfold()) this.unfolding.pushMade(text, frame, call, next);
  }

  /** Writes a text in place of what stands between here and `next`. */
  private replace(frame: Frame, text: string, next: number): void {
    this.unfolding.emitMade(text, frame, frame.at, next);
    frame.at = next;
  }
}

const [BACKSLASH, PERCENT, BRACE] = [92, 37, 123];
