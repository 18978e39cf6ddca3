/**
 * Plain text without leftovers of markup: TeX commands, dollar signs (a price keeps its own), braces (so does a set),
 * common HTML tags, control characters and private-use characters; white space in one line.
 */
export function plainText(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ue000-\uf8ff\u200b-\u200f\u2028-\u202e\ufeff]/g, " ")
    .replace(/<\/?(?:i|b|em|strong|su[bp]|italic|bold|span|sc|xref|br|p)\b[^<>]{0,80}>/gi, "")
    .replace(/\\(?:[a-zA-Z]{1,30}\*?|[,;:! ])/g, " ")
    .replace(/([_^])\{([^{}]{1,40})\}/g, "$1$2")
    .replace(/\\|\$(?!\d)|(?<=[^\s(])\$/g, "")
    .replace(/(?<!\w)(?<![∈=⊂⊆:]\s?)\{([^{}\s,]{1,40})\}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** Mends what a removal leaves behind: empty brackets, doubled spaces and commas, a space before a full stop. */
export function mendSpacing(text: string): string {
  return text
    .replace(/\s*[([]\s*[,;.]*\s*[)\]]/g, "")
    .replace(/([([])\s*[,;]\s*/g, "$1")
    .replace(/\s*[,;]\s*([)\]])/g, "$1")
    .replace(/\s{2,}/g, " ")
    .replace(/\s+([,;.!?)\]])(?!\d)/g, "$1")
    .replace(/[,;](?:\s?[,;])+/g, ",")
    .replace(/[,;:]+\.(?!\d)/g, ".")
    .replace(/(?<!\.)\.\.(?!\.)/g, ".")
    .trim();
}

/** Upper case for the first letter, unless the first word is a symbol or a name (`p53`, `x`, `mRNA`, `α`). */
function capitalised(text: string): string {
  const first = /^(["“‘'(]*)(\p{Ll}[\p{Ll}'’]*)(?![\p{L}\p{N}_^=)]|-\p{Lu}|\()/u.exec(text);
  const word = first?.[2];
  if (!first || !word || (word.length === 1 && word !== "a") || /\p{Script=Greek}/u.test(word)) return text;
  const at = first[1]!.length;
  return text.slice(0, at) + text[at]!.toUpperCase() + text.slice(at + 1);
}

/** A sentence as it stands in print: capital first, full stop last. Empty stays empty. */
export function asSentence(text: string): string {
  const body = mendSpacing(text).replace(/[\s,;:–—-]+$/, "");
  if (!/[\p{L}\p{N}]/u.test(body)) return "";
  return capitalised(/[.!?…][)\]"'”’]*$/.test(body) ? body : `${body}.`);
}

/** The caption's own words without the number that the paper prints before them. */
export function withoutCaptionNumber(caption: string): string {
  return caption.replace(
    /^(?:supplementary\s|extended data\s)?(?:fig(?:ure)?|tab(?:le)?|scheme)\.?\s?[A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,2}){0,2}\s?[:.|–—-]\s*(?=\S)/i,
    "",
  );
}
