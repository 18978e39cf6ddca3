import type { Argument, Braced } from "../markup/scan.js";

/**
 * Verbatim text travels through the reader with its special characters replaced by private-use ones, so that nothing
 * takes them for LaTeX; {@link showVerbatim} turns them back at the end.
 */
const BASE = 0xe000;

export const VERBATIM_ENVIRONMENTS = new Set(
  (
    "verbatim verbatim* Verbatim Verbatim* BVerbatim LVerbatim lstlisting minted alltt Sinput Soutput Schunk Highlighting code " +
    "pycode pyverbatim listing* tcblisting"
  ).split(" "),
);
/** Environments whose content is no part of the printed paper. */
export const UNPRINTED_ENVIRONMENTS = ["comment", "filecontents", "filecontents*", "VerbatimOut"];

export function hideVerbatim(text: string): string {
  return text.replace(/[\\{}%$&#^_~[\]]/g, (c) => String.fromCharCode(BASE + c.charCodeAt(0)));
}

export function showVerbatim(text: string): string {
  return text.replace(/[\ue020-\ue07e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - BASE));
}

export const INLINE_CODE = new Set(["verb", "lstinline", "mintinline", "Verb"]);
/** Characters of code inside a line. */
const MAX_INLINE = 2_000;

/** The code of `\verb|…|` or `\lstinline[…]{…}`, whose command ends at `next`; `null` where it does not end in its line. */
export function inlineCode(source: Braced, command: string, next: number): Argument | null {
  const { text } = source;
  let at = text[next] === "*" ? next + 1 : next;
  if (command !== "verb") at = source.optional(at)?.next ?? at;
  if (command === "mintinline") at = source.group(at)?.next ?? at;
  const delimiter = text[at] ?? "";
  const line = /^.*/.exec(text.slice(at + 1, at + MAX_INLINE))?.[0] ?? "";
  const length = delimiter === "{" ? source.closing(at) - at - 1 : line.indexOf(delimiter);
  if (!delimiter || length < 0 || length > line.length) return null;
  return { start: at + 1, end: at + 1 + length, next: at + 2 + length };
}
