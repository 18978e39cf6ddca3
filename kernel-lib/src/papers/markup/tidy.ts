/** Stands where a citation was, until {@link tidy} has mended the sentence round it. */
export const CITATION = "\uf8f0";
/** Stands before the number of a reference to a figure, so that its sentence is found again. */
export const MENTION = "\uf8f1";

const C = CITATION;
/** White space that is not one blank already, as most of it is. */
const UNTIDY_SPACE = /\s{2,}|[^\S ]/g;
/** What is mended, by what, and a character without which there is nothing to mend: most texts lack most of them. */
type Rule = readonly [pattern: RegExp, replacement: string, needs: string];
const RULES: readonly Rule[] = [
  [UNTIDY_SPACE, " ", ""],
  // Several citations in a row are one.
  [new RegExp(`${C}(?:[\\s,;&–-]*(?:and|or)?\\s*${C})+`, "g"), C, C],
  // Brackets that hold nothing but citations and "see", "e.g.", "and references therein".
  [
    new RegExp(
      ` ?[([] ?(?:(?:see|also|e\\.g\\.|eg|i\\.e\\.|cf\\.?|for example|for instance|as in|in|from|refs?\\.?|references?|such as|following|for a review|and references|),?\\s*)*${C}(?:[\\s,;]*(?:and references therein|for (?:a )?(?:review|details|more details)|and others|therein|for example|p{1,2}\\. ?[\\d–-]+))?[\\s,;.]*[)\\]]`,
      "gi",
    ),
    "",
    C,
  ],
  [new RegExp(`([([])\\s*(?:see(?: also)?|e\\.g\\.,?|cf\\.)?\\s*${C}[\\s,;:]*`, "g"), "$1", C],
  [new RegExp(`[\\s,;]*(?:see(?: also)?|e\\.g\\.,?|cf\\.)?\\s*${C}\\s*([)\\]])`, "g"), "$1", C],
  // "in Ref. [1]", "by [1]." have nothing left to say.
  [
    new RegExp(
      `(?:(?:^|,?\\s)(?:as\\s)?(?:[Ii]n|from|of|by|to|see|and|with|e\\.g\\.,?|cf\\.))?(?:^|\\s)(?:Refs?|References?|refs?)\\.?\\s?${C}`,
      "g",
    ),
    "",
    C,
  ],
  [
    new RegExp(
      `,?\\s+(?:by|in|of|from|see|following|after|e\\.g\\.,?|cf\\.,?)\\s*${C}(?=\\s*(?:[.,;:)]|$))`,
      "g",
    ),
    "",
    C,
  ],
  [new RegExp(`\\s*${C}`, "g"), "", C],
  [/\s*\(\s*[,;.]*\s*\)/g, "", "("],
  [/\s*\[\s*[,;.]*\s*\]/g, "", "["],
  [/\(\s+/g, "(", "("],
  [/\s+\)/g, ")", ")"],
  [/\s+([,;.:!?])(?=\s|$|\))/g, "$1", ""],
  [/,(?:\s*,)+/g, ",", ","],
  [/,\s*\.(?=\s|$)/g, ".", ","],
  [/;\s*\.(?=\s|$)/g, ".", ";"],
  [UNTIDY_SPACE, " ", ""],
];

/** Collapses white space and mends what taking out citations leaves: empty brackets, spaces before stops, doubled commas. */
export function tidy(text: string): string {
  return RULES.reduce(
    (mended, [pattern, replacement, needs]) =>
      mended.includes(needs) ? mended.replace(pattern, replacement) : mended,
    text,
  ).trim();
}

/** The text without its mention marks, and where each stood. */
export function takeMentions(text: string): { text: string; mentions: number[] } {
  const parts = text.split(MENTION);
  const mentions: number[] = [];
  let length = 0;
  for (const part of parts.slice(0, -1)) mentions.push((length += part.length));
  return { text: parts.join(""), mentions };
}
