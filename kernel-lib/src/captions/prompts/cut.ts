import { sentenceRanges } from "../../text/sentences.js";
import { estimateTokens } from "../../text/tokens.js";

/** A piece of fewer tokens says nothing. */
const LEAST_TOKENS = 24;
/** The text if it fits; else its first sentences, or where the first one is too long its first words, and `…`. */
export function cut(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  if (tokens < 2) return "";
  let [end, left] = [0, tokens - 2];
  for (const [start, stop] of sentenceRanges(text)) {
    left -= estimateTokens(text.slice(start, stop)) + 1;
    if (left < 0) break;
    end = stop;
  }
  if (end > 0) return `${text.slice(0, end)} …`;
  return tokens < LEAST_TOKENS ? "" : cutWords(text, tokens - 2);
}

function cutWords(text: string, tokens: number): string {
  let part = text;
  for (let count = estimateTokens(part); count > tokens; count = estimateTokens(part)) {
    part = part.slice(0, Math.min(part.length - 1, Math.floor((part.length * tokens) / count)));
  }
  const blank = part.lastIndexOf(" ");
  const words = part.length - blank < 64 && blank > 0 ? part.slice(0, blank) : part;
  const whole = words.replace(/[\ud800-\udbff]$/, "").trimEnd();
  return whole === "" ? "" : `${whole} …`;
}

/** Characters without the mark of an omission. */
export const said = (text: string): number => (text.endsWith(" …") ? text.length - 2 : text.length);
