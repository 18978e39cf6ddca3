/**
 * What a reader of plain text cannot read: U+FFFD, control characters, private use and unassigned code points and halves
 * of characters; TeX commands (`\alpha`, `\mathrm`) with their backslash; HTML entities; glyph numbers of PDF fonts
 * (`(cid:12)`); and UTF-8 that was read as Windows-1252 (`Ã©`, `â€™`).
 */
const UNREADABLE =
  /[\ufffd\p{Co}\p{Cn}\p{Cs}]|(?![\t\n\v\f\r\u0085])\p{Cc}|\\[A-Za-z]+|&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#x[\dA-Fa-f]{1,6});|\(cid:\d{1,6}\)|[ÂÃ][\u0080-\u00bf]|â€[\u0080-\u00bf‘’“”™œž¢¦\u009d]/gu;

/**
 * Share of the characters, white space aside, that can be read.
 * @returns 0 … 1, 1 where all can be; `null` without a character
 */
export function readableShare(text: string): number | null {
  const all = characterCount(text);
  if (all === 0) return null;
  let broken = 0;
  for (const [found] of text.matchAll(UNREADABLE)) broken += characterCount(found);
  return 1 - broken / all;
}

const characterCount = (text: string): number => {
  let count = 0;
  for (const character of text) if (!/\s/.test(character)) count++;
  return count;
};
