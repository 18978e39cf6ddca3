/** The smallest pieces of LaTeX: control words, groups and arguments, read by position. */

/** An argument: its content is `[start, end)`, and reading goes on at `next`. */
export interface Argument {
  start: number;
  end: number;
  next: number;
}

const [BACKSLASH, PERCENT, OPEN] = [92, 37, 123] as const;

/** Name of the control sequence whose backslash stands at `at` (`caption`, `,`); `""` where none does, and at the text's end. */
export function controlName(text: string, at: number): string {
  return text.slice(at + 1, behindControl(text, at));
}

/** Position behind the control sequence at `at`, which is `at` where none stands. */
export function behindControl(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return at;
  let end = at + 1;
  while (isLetter(text.charCodeAt(end))) end++;
  return Math.min(Math.max(end, at + 2), text.length);
}

/** a–z, A–Z, and `@`, which stands in the control words of packages. */
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 64 && code <= 90);

/** First position from `at` on that holds no white space; with `line` set, no further than before an empty line. */
export function skipSpace(text: string, at: number, stay: "anywhere" | "paragraph" = "anywhere"): number {
  let newlines = 0;
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 && ++newlines > 1 && stay === "paragraph") return at;
    if (c !== 32 && c !== 9 && c !== 10 && c !== 13 && c !== 0xfeff) return i;
  }
  return text.length;
}

/** End of the line comment at `at`: behind its newline and the blanks that begin the next line. */
export function skipComment(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  if (newline < 0) return text.length;
  let i = newline + 1;
  while (i < text.length && (text[i] === " " || text[i] === "\t")) i++;
  return i;
}

/**
 * A text with its braces matched once, so that every argument is found in constant time. Matching knows escapes and
 * comments and costs one pass.
 */
export class Braced {
  private partners: Int32Array | null = null;
  constructor(readonly text: string) {}

  /** Position of the brace that closes the one at `open`, or -1. */
  closing(open: number): number {
    this.partners ??= matchBraces(this.text);
    return this.partners[open]! - 1;
  }

  /** A `{…}` argument at or behind white space from `at`. */
  group(at: number): Argument | null {
    const open = this.skip(at);
    if (this.text[open] !== "{") return null;
    const close = this.closing(open);
    return close < 0 ? null : { start: open + 1, end: close, next: close + 1 };
  }

  /** A mandatory argument: a group, a control sequence or one character. */
  argument(at: number): Argument | null {
    const start = this.skip(at);
    const c = this.text[start];
    if (c === undefined || c === "}") return null;
    if (c === "{") return this.group(start);
    const end =
      c === "\\"
        ? behindControl(this.text, start)
        : start + String.fromCodePoint(this.text.codePointAt(start)!).length;
    return { start, end, next: end };
  }

  /** An optional `[…]` argument, in which braces hide brackets. */
  optional(at: number, open = "[", close = "]"): Argument | null {
    const start = this.skip(at);
    if (this.text[start] !== open || !this.closesSoon(start, close)) return null;
    let depth = 0;
    for (let i = start + 1; i < this.text.length && i - start < MAX_OPTIONAL; i++) {
      const c = this.text[i]!;
      if (c === "\\") i++;
      else if (c === "{") {
        const end = this.closing(i);
        if (end < 0) return null;
        i = end;
      } else if (c === "}") return null;
      else if (c === open) depth++;
      else if (c === close && depth-- === 0) return { start: start + 1, end: i, next: i + 1 };
    }
    return null;
  }

  /** Whether the next closing bracket is near enough; remembered, since texts of nothing but openings exist. */
  private closesSoon(start: number, close: string): boolean {
    if (close !== "]") return true;
    if (this.nextBracket < start) {
      const found = this.text.indexOf(close, start);
      this.nextBracket = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    // Reading goes forward nearly always: a bracket remembered from further on says nothing about what is before it.
    if (start < this.bracketFrom) return true;
    this.bracketFrom = start;
    return this.nextBracket - start < MAX_OPTIONAL;
  }
  private nextBracket = -1;
  private bracketFrom = 0;

  slice(argument: Argument): string {
    return this.text.slice(argument.start, argument.end);
  }

  /** White space and comments are passed over before an argument, an empty line is not. */
  private skip(at: number): number {
    let i = skipSpace(this.text, at, "paragraph");
    while (this.text[i] === "%") i = skipSpace(this.text, skipComment(this.text, i), "paragraph");
    return i;
  }
}

/** Characters of an address. */
const MAX_ADDRESS = 500;
/** Characters that an optional argument may be long. */
const MAX_OPTIONAL = 6_000;

/** For each `{` the position of its `}` plus one, 0 where it has none. */
function matchBraces(text: string): Int32Array {
  const partners = new Int32Array(text.length);
  const open: number[] = [];
  for (let at = nextSign(text, 0); at < text.length;) {
    const c = text.charCodeAt(at);
    let next = at + 1;
    if (c === BACKSLASH) next++;
    else if (c === PERCENT) next = skipComment(text, at);
    else if (c === OPEN && opensAddress(text, at)) next = closeAddress(text, at, partners);
    else if (c === OPEN) open.push(at);
    else {
      const start = open.pop();
      if (start !== undefined) partners[start] = next;
    }
    at = nextSign(text, next);
  }
  return partners;
}

/** Position from `from` on of the next backslash, brace or percent sign; the text's end where there is none. */
export function nextSign(text: string, from: number): number {
  SIGN.lastIndex = from;
  return SIGN.test(text) ? SIGN.lastIndex - 1 : text.length;
}
const SIGN = /[\\{}%]/g;

/** Whether the brace at `open` begins an address, in which `%` is a character like any other. */
export function opensAddress(text: string, open: number): boolean {
  const last = text.charCodeAt(open - 1);
  if (last !== 102 && last !== 104 && last !== 108) return false;
  return text.endsWith("\\url", open) || text.endsWith("\\href", open) || text.endsWith("\\path", open);
}

function closeAddress(text: string, open: number, partners: Int32Array): number {
  let depth = 0;
  for (let i = open; i < text.length && i - open < MAX_ADDRESS; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) {
      partners[open] = i + 1;
      return i + 1;
    } else if (text[i] === "\n" && text[i + 1] === "\n") break;
  }
  return open + 1;
}
