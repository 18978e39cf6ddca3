import type { Range } from "../../model.js";
import { readUnit } from "../../text/units.js";
import { STOPWORDS, words } from "../../text/words.js";

/** A name that has a number, sign or letter of its own in it: `HD 40312 b`, `Mg II`, `SSP5-8.5`, `BRCA1`. */
export interface Designator {
  text: string;
  range: Range;
}

const CATALOGUES =
  "NGC|IC|UGC|HD|HR|HIP|KIC|TIC|EPIC|TOI|KOI|PSR|SN|GRB|GJ|Gl|Abell|ESO|PKS|QSO|SDSS|WASP|HAT-P|Kepler|TrES|CoRoT|LHS|BD|" +
  "Mrk|Arp|Messier|3C|4C|XTE|SGR|GW|TRAPPIST|Gliese|2MASS|MJD|JD|BJD|ATCC|PDB|DSM|RFC|ISO";
/** An entry of a catalogue, with the letter of a planet or a component. */
const ENTRY = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${CATALOGUES})[\s\u00a0-]?[JB]?\d(?:[\d.]{0,14}\d)?(?:[+−–-]\d(?:[\d.]{0,14}\d)?)?\p{L}{0,4}(?:\s[b-h](?=[\s,.;:)]|$))?(?![\p{L}\p{N}])`,
  "gu",
);
/** `RXJ 1131`, `ICML 37`: capitals and three digits or more that are no year. */
const NUMBERED = /(?<![\p{L}\p{N}])\p{Lu}{2,5}[\s-](?!(?:19|20)\d\d(?!\d))\d{3,8}(?![\p{L}\p{N}.%])/gu;
/** Stages of ionisation; elements that are words as well take none. */
const IONISED =
  /(?<![\p{L}\p{N}])(?:H|C|N|O|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Sc|Ti|V|Cr|Mn|Fe|Co|Ni|Cu|Zn|Sr|Y|Zr|Ba|La|Eu)\s(?:I{1,3}|IV|VI{0,3}|IX|X)(?![\p{L}\p{N}])/gu;
/** Parts joined by hyphens, points or signs, with a capital and a digit among them. */
const JOINED =
  /(?<![\p{L}\p{N}_^.-])\p{L}[\p{L}\p{Nd}]{0,15}(?:[-‐‑](?=[\p{L}]{0,3}[\p{Nd}\p{Lu}])[\p{L}\p{Nd}]{1,12}|\.\p{Nd}{1,3}|[+−]\p{Nd}{1,8}|\+\p{Lu}(?!\p{L})){1,5}(?![\p{L}\p{N}])/gu;
/** Genes and proteins with a Greek letter, spelled out or not: `TNF-α`, `γH2AX`. */
const GREEK_PART =
  /(?<![\p{L}\p{N}])(?:\p{Lu}{2,6}\d{0,2}[-‐‑]?(?:[αβγδκλ]|alpha|beta|gamma|delta|kappa|lambda)\d{0,2}|[αβγδκλ][-‐‑]?\p{Lu}[\p{L}\p{Nd}]{2,8})(?![\p{L}\p{N}])/gu;
/** A name and the number of its version: `Niño 3.4`, `Omicron BA.5`. */
const VERSION =
  /(?<![\p{L}\p{N}])\p{Lu}\p{Ll}{2,15}\s(?:\d\.\d(?![\d.])|\p{Lu}{1,3}\.?\d(?:\.\d{1,2}){0,3}(?![\p{L}\p{N}]))/gu;

/** The designators of a text, in order and without overlaps. Linear in its length. */
export function designators(text: string): Designator[] {
  const found: Designator[] = [];
  for (const pattern of [ENTRY, IONISED, GREEK_PART, JOINED, NUMBERED, VERSION])
    for (const match of text.matchAll(pattern)) {
      if (
        pattern === JOINED &&
        !(/\p{Nd}/u.test(match[0]) && /\p{Lu}/u.test(match[0])) &&
        !/\+/.test(match[0])
      )
        continue;
      if (pattern === VERSION && !isVersion(text, match)) continue;
      if (pattern === NUMBERED && readUnit(text, match.index + match[0].length)) continue;
      found.push({ text: match[0], range: [match.index, match.index + match[0].length] });
    }
  found.sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  let end = 0;
  return found.filter(({ range }) => range[0] >= end && ((end = range[1]), true));
}

/** In "Around 3.5 km" and "Figure 2.1" there is none. */
function isVersion(text: string, match: RegExpExecArray): boolean {
  const [{ text: first } = { text: "" }] = words(match[0]);
  const opens = match.index === 0 || /[.!?:;]\s$/.test(text.slice(Math.max(0, match.index - 2), match.index));
  return !opens && !STOPWORDS.has(first.toLowerCase()) && !readUnit(text, match.index + match[0].length);
}

/** A name as it is compared: the same for `NGC 3741` and `NGC3741`, `TNF-α` and `TNF-alpha`, `Müller` and `Muller`. */
export function canonicalName(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/['’]s?$/, "")
    .replace(/[−–‐‑]/g, "-")
    .replace(/[\s_^{}-](?!\d+$)|[\s_^{}-](?=\d)/g, "")
    .toLowerCase()
    .replace(/alpha|beta|gamma|delta|kappa|lambda/g, (letter) => SPELLED[letter]!);
}

const SPELLED: Readonly<Record<string, string>> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", kappa: "κ", lambda: "λ",
}; // prettier-ignore
