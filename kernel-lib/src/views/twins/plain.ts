import { printable } from "../../text/printable.js";

/** Longest text twin, in UTF-16 code units: more than anybody reads in a terminal. */
const LIMIT = 100_000;

/** A text twin out of its parts: nothing in it steers a terminal, and it has an end. */
export function plainText(parts: readonly string[], between = "\n"): string {
  const text = parts.join(between);
  return printable(text.length > LIMIT ? `${text.slice(0, LIMIT)}…` : text);
}
