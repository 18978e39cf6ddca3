/** What single characters print outside formulas. */

/** What a character with a meaning of its own prints, and how many characters that takes. */
export function character(text: string, at: number): Printed {
  const c = text[at]!;
  if (c === "{" || c === "}" || c === "$") return NOTHING;
  if (c === "~" || c === "&") return BLANK;
  const doubled = text[at + 1] === c;
  if (c === "-" && doubled) return text[at + 2] === c ? ["—", 3] : ["–", 2];
  if (c === "`") return doubled ? ["“", 2] : ["‘", 1];
  if (c === "'") return doubled ? ["”", 2] : ["’", 1];
  return [c, 1];
}

type Printed = readonly [text: string, length: number];
const NOTHING: Printed = ["", 1];
const BLANK: Printed = [" ", 1];

const UMLAUTS = new Map(Object.entries({ a: "ä", o: "ö", u: "ü", A: "Ä", O: "Ö", U: "Ü", e: "ë", i: "ï", s: "ß", z: "ß", "`": "„", "'": "“", "<": "«", ">": "»", "=": "-", "~": "-", "-": "", "|": "", '"': "" })); // prettier-ignore

/** Whether a document is written with the German shorthands of babel or german.sty. */
export function readsGerman(text: string): boolean {
  const preamble = text.slice(0, 30_000);
  return /\\(?:usepackage|documentclass|documentstyle)\s*\[[^\]]*(?:german|austrian)[^\]]*\]|\{n?german\}/.test(
    preamble,
  );
}

/** What babel's `"a` prints, and how many characters it takes; `null` where there is none. */
export function germanShorthand(text: string, at: number): Printed | null {
  const printed = text[at] === '"' ? UMLAUTS.get(text[at + 1] ?? "") : undefined;
  return printed === undefined ? null : [printed, 2];
}

const DINGBATS = new Map([[51, "✓"], [52, "✔"], [53, "✕"], [54, "✖"], [55, "✗"], [56, "✘"], [72, "★"], [108, "●"], [110, "■"], [115, "▲"], [116, "▼"], [117, "◆"]]); // prettier-ignore

/** A character by its number; of the dingbats, those that tables are made of. */
export function glyph(font: string, code: string): string {
  const number = code.startsWith('"') ? Number.parseInt(code.slice(1), 16) : Number(code);
  if (font === "ding") return DINGBATS.get(number) ?? "";
  return number > 32 && number < 127 ? String.fromCharCode(number) : "";
}
