import type { Braced } from "../markup/scan.js";

const FLOATS = "(figure|table)(\\*?)";
const NAMED = new RegExp(`^\\s*\\{?(end)?${FLOATS}(?:\\\\endcsname|\\})`);

const SIDE = /^(?:(?:end)?(?:figure|table|minipage)|(?:end)?@(?:dbl)?float|csname|@nameuse)$/;

/** Whether a command may begin or end a float. */
export function isFloatSide(name: string): boolean {
  return SIDE.test(name);
}

/** A begin or end of a float in LaTeX's inner commands, as an environment's. */
export interface FloatSide {
  text: string;
  next: number;
}

/**
 * Reads `\figure … \endfigure`, `\@float{figure} … \end@float`, `\csname figure*\endcsname`, which authors make
 * environments of their own from. `open` holds the floats that inner commands have begun.
 */
export function readFloatSide(source: Braced, name: string, next: number, open: string[]): FloatSide | null {
  if (/^(?:end)?(?:figure|table|minipage)$/.test(name)) {
    // Plain TeX has a \figure of its own, which takes a number.
    if (source.text[next] === "{" && name !== "minipage") return null;
    return name.startsWith("end") ? end(name.slice(3), next) : begin(name, next);
  }
  if (name === "@float" || name === "@dblfloat") {
    const float = source.group(next);
    if (!float) return null;
    open.push(source.slice(float).trim() + (name === "@dblfloat" ? "*" : ""));
    return begin(open.at(-1)!, float.next);
  }
  if (name === "end@float" || name === "end@dblfloat") {
    const float = open.pop();
    return float === undefined ? null : end(float, next);
  }
  if (name !== "csname" && name !== "@nameuse") return null;
  const named = NAMED.exec(source.text.slice(next, next + 40));
  if (!named) return null;
  const float = named[2]! + named[3]!;
  return (named[1] === undefined ? begin : end)(float, next + named[0].length);
}

const begin = (float: string, next: number): FloatSide => ({ text: `\\begin{${float}}`, next });
const end = (float: string, next: number): FloatSide => ({ text: `\\end{${float}}`, next });
