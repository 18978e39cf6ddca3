/** Which paragraphs of a PDF refer to which of its figures and tables. */
import type { Context, Figure, Paragraph } from "../../model.js";
import { references, type Reference } from "../../text/references.js";
import { sentenceRanges, sentencesAt } from "../../text/sentences.js";

/** What text refers to by its number. */
export interface Numbered {
  float: Figure["float"];
  /** `3`, `S1`, `A.2`, `II` */
  number: string | null;
  /** What its caption has before the word "figure": `supplementary`, `extended data`; else empty. */
  series: string;
}

/** What follows on a figure of another paper: "Figure 3 of Smith et al.", "Fig. 2 in [12]". */
const ELSEWHERE =
  /^\)?,?\s(?:of|in|from)\s(?:(?:the\s)?(?:refs?\b|references?\b|\[|companion|original)|\p{Lu}\p{L}+(?:\s(?:et\sal|and\s\p{Lu}|&)|[’']s|\s?[([]\d{4}))/iu;

/** The paragraphs that refer to each float, in the order of the floats; lists and ranges are spelled out. */
export function contextsOf(paragraphs: readonly Paragraph[], floats: readonly Numbered[]): Context[][] {
  const byNumber = new Map<string, number>();
  floats.forEach(({ float, number, series }, i) => {
    const key = `${float} ${keyOf(number ?? "", seriesOf(series))}`;
    if (number !== null && !byNumber.has(key)) byNumber.set(key, i);
  });
  const contexts: Context[][] = floats.map(() => []);
  for (const [position, { text, section }] of paragraphs.entries()) {
    const places = new Map<number, number[]>();
    for (const { kind, numbers, series, range } of references(text)) {
      if ((kind !== "figure" && kind !== "table") || ELSEWHERE.test(text.slice(range[1]))) continue;
      for (const number of numbers) {
        const float = byNumber.get(`${kind} ${keyOf(number, series)}`);
        if (float === undefined) continue;
        if (!places.has(float)) places.set(float, []);
        places.get(float)!.push(range[0]);
      }
    }
    const sentences = places.size ? sentenceRanges(text) : [];
    for (const [float, starts] of places)
      contexts[float]!.push({
        text,
        section,
        paragraph: position,
        sentences: sentencesAt(sentences, starts),
      });
  }
  return contexts;
}

function seriesOf(words: string): Reference["series"] {
  if (/^extended/i.test(words)) return "extended data";
  return /^(?:supp|online|web|additional|s\.?i)/i.test(words) ? "supplementary" : null;
}

/** One name for a number however it is written: `S2` for "Supplementary Figure 2", `Fig. S2` and `S.2`. */
function keyOf(number: string, series: Reference["series"]): string {
  const plain = number.toUpperCase();
  if (series === "extended data") return `ED ${plain}`;
  const supplementary = series === "supplementary" && /^\d/.test(plain) ? `S${plain}` : plain;
  return supplementary.replace(/^([A-Z]{1,2})[.–-](?=\d)/, "$1");
}
