import type { Macro, Parameter } from "./definitions.js";
import { skipSpace, type Braced } from "../markup/scan.js";
import { Traced, TracedBuilder, type Span } from "./traced.js";

/** A text being unfolded, and how far. */
export interface Frame {
  traced: Traced;
  braced: Braced;
  at: number;
  /** What it unfolds: a file, a macro, or an argument. */
  from:
    | { kind: "file"; file: number; folder: string }
    | { kind: "macro"; name: string }
    | { kind: "argument" };
  /** Read for its definitions only, as a package of the author's is. */
  silent: boolean;
}

/** Whether nothing but white space is left of a frame. */
export function isSpent({ traced, at }: Frame): boolean {
  return skipSpace(traced.text, at) >= traced.text.length;
}

/** One argument of a call, read at `at`. */
export function readParameter(
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

/** The text that a macro gives for its arguments, all of it traced to the call but for what the call itself holds. */
export function fillBody(
  macro: Macro,
  values: readonly Traced[],
  by: Span,
): { body: TracedBuilder; last: string } {
  const body = new TracedBuilder();
  let last = "";
  for (const part of macro.body) {
    const argument = typeof part === "number" ? values[part] : undefined;
    const text = typeof part === "number" ? argument?.text : part;
    if (!text) continue;
    if (ENDS_IN_WORD.test(last) && /^[A-Za-z]/.test(text)) body.make(" ", by);
    if (argument?.marks.length) body.copy(argument, 0, text.length);
    else body.make(text, by);
    last = text.slice(-40);
  }
  return { body, last };
}

/** Text that a letter must not follow, lest it grows into the control word. */
export const ENDS_IN_WORD = /\\[A-Za-z@]+$/;
