import type { Figure } from "../../model.js";
import { references } from "../../text/references.js";
import { sentenceRanges } from "../../text/sentences.js";
import { shared, terms } from "../../text/words.js";
import { asSentence, plainText, withoutCaptionNumber } from "./tidy.js";

/**
 * The raw caption as sentences: whole, without the printed number, markup, "(see Fig. 2)" and "See also …"; a bare
 * noun phrase gets its full stop. Empty where there is none.
 */
export function rawSentences(caption: string): string[] {
  const numberless = withoutCaptionNumber(plainText(caption));
  const text = numberless.replace(/\s?\((?:see|cf\.|compare)\s[^()]{0,80}\)/gi, (found) =>
    references(found).length > 0 ? "" : found,
  );
  const tidy = asSentence(text);
  return sentenceRanges(tidy)
    .map(([start, end]) => tidy.slice(start, end))
    .filter((sentence) => !/^see\s.{0,80}$/i.test(sentence));
}

/** One sentence for each panel caption that the raw caption does not hold already: `(b) Residuals.` */
export function panelSentences(panels: Figure["panels"], raw: string): string[] {
  const known = terms(raw);
  const found: string[] = [];
  for (const { number, caption } of panels) {
    const text = asSentence(plainText(caption).replace(/^\(?[a-zA-Z]\)\s*/, ""));
    const own = terms(text);
    if (text === "" || (own.size > 0 && shared(own, known) / own.size >= 0.8)) continue;
    found.push(number ? `(${number}) ${text}` : text);
  }
  return found;
}
