/** Which rows of a page are titles of sections. */
import type { Row } from "./rows.js";

export interface Heading {
  /** Without its number. */
  title: string;
  /** `2.1`, `IV`, `A`; empty where there is none. */
  number: string;
}

const NUMBER =
  /^(?:(?:(?:[Ss]ection|SECTION|[Aa]ppendix|APPENDIX|[Cc]hapter|CHAPTER|[Pp]art|PART)\s+)?((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3}|[IVX]{1,5})(?:[.:)]|\s*\|)?\s+)(?=[\p{Lu}\p{Lt}\p{Lo}“"])/u;
const ORNAMENT = /^[■●▪•►▶◆□*|]\s*/u;
const SPACED = /^(?:\p{L} ){3,}\p{L}$/u;
/** Titles that need no number and no gap to be known for what they are. */
const KNOWN =
  /^(?:abstract|summary|introduction|background|related work|(?:materials? and )?methods?(?: and materials?)?|methodology|theory|data|observations|experiments?|results?(?: and discussion)?|discussion(?: and conclusions?)?|conclusions?(?: and (?:outlook|discussion|future work))?|concluding remarks|summary and conclusions?|outlook|acknowledge?ments?|references(?: and notes)?|references cited|literature cited|bibliography|works cited|notes and references|appendix(?:es)?|appendices|supplementary (?:materials?|information)|supporting information|data availability(?: statement)?|code availability|funding(?: information)?|author contributions?|competing interests?|conflicts? of interest|declarations?|keywords?|index terms|contents|nomenclature|abbreviations)[.:]?$/iu;

const MAX_LENGTH = 160;

export interface HeadingSurroundings {
  bodySize: number;
  /** Free height above the row in parts of the usual one; infinite at a column's top. */
  gap: number;
  /** Width of its column. */
  width: number;
}

/** Whether a row may be a title, or the first of its rows. */
export function isHeading(row: Row, { bodySize, gap, width }: HeadingSurroundings): boolean {
  const text = row.text.trim().replace(ORNAMENT, "");
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 3 || text.length > MAX_LENGTH || /[,;]$|\.{4,}|[=∑∫]/u.test(text)) return false;
  if (letters < 0.55 * text.replace(/\s/g, "").length) return false;
  if (KNOWN.test(unspaced(text).replace(NUMBER, "")) && gap > 1.02) return row.size > 0.75 * bodySize;
  if (
    /^(?:fig(?:ure)?|table|algorithm|listing|scheme)\b|^key ?words?\s*[:—–-]|^index terms\s*[:—–-]/i.test(
      text,
    )
  )
    return false;
  const numbered = NUMBER.test(text);
  const short = row.box[2] - row.box[0] < 0.92 * width;
  const caps = letters > 4 && text === text.toUpperCase() && /^[\p{Lu}\P{L}]+$/u.test(text);
  if (row.size > 1.06 * bodySize) return gap > 1.05 || numbered || (row.bold && short);
  // Small capitals are made of small letters where the font has none.
  if (row.size < (caps ? 0.75 : 0.9) * bodySize) return false;
  if (/[.:]$/.test(text) && !numbered) return false;
  if (row.bold) return (gap > 1.15 && short) || (numbered && gap > 1.05);
  if (caps || isSmallCaps(row)) return gap > 1.15 && (numbered || short);
  return row.italic && short && gap > 1.2 && (numbered || letters > 5) && /^[\p{Lu}\d]/u.test(text);
}

const isSmallCaps = ({ font }: Row) => /CSC|caps|[-_]SC\b/i.test(font);

/** Title and number of a heading out of its text. */
export function headingOf(text: string): Heading {
  const plain = unspaced(text.trim().replace(ORNAMENT, ""));
  const number = NUMBER.exec(plain);
  return {
    title: plain.slice(number?.[0].length ?? 0).replace(/[.:]\s*$/, ""),
    number: number?.[1] ?? "",
  };
}

/** `A B S T R A C T` as some journals print it. */
const unspaced = (text: string) => (SPACED.test(text) ? text.replaceAll(" ", "") : text);
