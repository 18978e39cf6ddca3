import type { Range } from "../model.js";

/** A word of a text: a run of letters and digits with its sub- and superscripts, apostrophes and inner hyphens. */
export interface Word {
  text: string;
  range: Range;
}

/**
 * A run of letters, digits and Unicode scripts; `_`/`^` scripts (`T_c`, `x^2`, `T_{eff}`); a hyphen only where it
 * makes a name (`IL-6`, `COVID-19`) or follows a single letter (`X-ray`, `t-test`). Every part is bounded by the
 * class that follows it, so that matching takes linear time.
 */
const WORD =
  /(?:\p{L}-\p{L}{2,}|[\p{L}\p{N}\p{M}⁺⁻₊₋]+(?:['’]\p{L}{1,3}(?![\p{L}]))?(?:[_^](?:\{[\p{L}\p{N},+−-]{1,16}\}|[\p{L}\p{N}+−]{1,16}))*(?:-\d{1,4}(?![\p{L}\p{N}.]))?)/gu;

/** The words of a text in order. Linear in its length. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    found.push({ text: match[0], range: [match.index, match.index + match[0].length] });
  }
  return found;
}

/** English function words: they carry no content of their own. */
export const STOPWORDS: ReadonlySet<string> = new Set(
  `a about above across after again against all almost along also although always am among an and another any are
  around as at away be became because become becomes been before being below beneath beside besides between beyond
  both but by came can cannot could did do does doing done down due during each either else enough etc even ever
  every few for from further had has have having he hence her here hers him his how however i if in indeed instead
  into is it its itself just least less let like many may me might mine more moreover most much must my namely
  near nearly neither never nevertheless no non nor not now of off often on once one only onto or other others otherwise
  our ours out over own per perhaps quite rather really same several shall she should since so some still such than
  that the their theirs them themselves then there thereby therefore these they this those though through throughout
  thus to together too toward towards under until up upon us use used uses using very via was we well were what
  whatever when where whereas wherein whether which while who whole whom whose why will with within without would
  yet you your`.split(/\s+/),
);

/**
 * A word's stem by a light rule: lower case, plural and verb endings (-s, -es, -ies, -ed, -ing), -ly, doubled
 * consonants and a silent -e off, -ise read as -ize. It joins `measures, measured, measuring`; it does not join
 * `analysis` with `analyse`, nor words of different derivation.
 */
export function stem(word: string): string {
  let w = word
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’](?:s|re|ve|ll|t|d)?$/, "");
  if (w.length < 4 || !/^[a-z-]+$/.test(w)) return w;
  if (w.endsWith("ies")) w = w.slice(0, -3) + (w.length > 4 ? "y" : "ie");
  else if (/(?:ss|x|ch|sh|zz)es$/.test(w)) w = w.slice(0, -2);
  else if (w.endsWith("s") && !/(?:ss|us|is)$/.test(w)) w = w.slice(0, -1);
  if (w.length > 5 && w.endsWith("ly")) w = w.slice(0, -2);
  if (w.length > 4 && w.endsWith("ied")) w = w.slice(0, -3) + "y";
  else {
    const cut = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(w)?.[1];
    if (cut !== undefined && cut.length > 2) w = cut.replace(/([bdgmnprt])\1$/, "$1");
  }
  if (w.length > 3) w = w.replace(/e$/, "");
  return w.length > 4 ? w.replace(/is$/, "iz") : w;
}

/** Whether a word carries content: at least three letters and not a function word. */
export function isContentWord(word: string): boolean {
  return word.length > 2 && /^\p{L}[\p{L}'’-]+$/u.test(word) && !STOPWORDS.has(word.toLowerCase());
}

/** The stems of a text's content words. */
export function terms(text: string): Set<string> {
  const found = new Set<string>();
  for (const { text: word } of words(text)) if (isContentWord(word)) found.add(stem(word));
  return found;
}

/** How many terms two sets share. */
export function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const term of a) if (b.has(term)) count++;
  return count;
}
