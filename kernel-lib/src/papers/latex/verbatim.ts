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
