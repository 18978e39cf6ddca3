/** Stands where a citation was, until {@link tidy} has mended the sentence round it. */
export const CITATION = "\uf8f0";
/** Stands before the number of a reference to a figure, so that its sentence is found again. */
export const MENTION = "\uf8f1";

const C = CITATION;
/** White space that is not one blank already, as most of it is. */
export const UNTIDY_SPACE = /\s{2,}|[^\S ]/g;
/** What is mended, by what, and what is quicker to find and without which there is nothing to mend. */
type Rule = readonly [pattern: RegExp, replacement: string, needs?: RegExp];
const CITATIONS: readonly Rule[] = [
  // Several citations in a row are one.
  [new RegExp(`${C}(?:[ ,;&–-]*(?:and|or)? *${C})+`, "g"), C],
  // Brackets that hold nothing but citations and "see", "e.g.", "and references therein".
  [
    new RegExp(
      ` ?[([] ?(?:(?:see|also|e\\.g\\.|eg|i\\.e\\.|cf\\.?|for example|for instance|as in|in|from|refs?\\.?|references?|such as|following|for a review|and references|),? *)*${C}(?:[ ,;]*(?:and references therein|for (?:a )?(?:review|details|more details)|and others|therein|for example|p{1,2}\\. ?[\\d–-]+))?[ ,;.]*[)\\]]`,
      "gi",
    ),
    "",
  ],
  [new RegExp(`([([]) *(?:see(?: also)?|e\\.g\\.,?|cf\\.)? *${C}[ ,;:]*`, "g"), "$1"],
  [
    new RegExp(`[ ,;]*(?:see(?: also)?|e\\.g\\.,?|cf\\.)? *${C} *([)\\]])`, "g"),
    "$1",
    new RegExp(`${C} *[)\\]]`),
  ],
  // "in Ref. [1]", "by [1]." have nothing left to say.
  [
    new RegExp(
      `(?:(?:^|,? )(?:as )?(?:[Ii]n|from|of|by|to|see|and|with|e\\.g\\.,?|cf\\.))?(?:^| )(?:Refs?|References?|refs?)\\.? ?${C}`,
      "g",
    ),
    "",
    new RegExp(`[Rr]ef(?:erence)?s?\\.? ?${C}`),
  ],
  [
    new RegExp(`,? +(?:by|in|of|from|see|following|after|e\\.g\\.,?|cf\\.,?) *${C}(?= *(?:[.,;:)]|$))`, "g"),
    "",
    new RegExp(`${C} *(?:[.,;:)]|$)`),
  ],
  [new RegExp(` *${C}`, "g"), ""],
];
const PUNCTUATION: readonly Rule[] = [
  [/ *\( *[,;.]* *\)/g, "", /\( *[,;.]* *\)/],
  [/ *\[ *[,;.]* *\]/g, "", /\[ *[,;.]* *\]/],
  [/\( +/g, "("],
  [/ +\)/g, ")"],
  [/ +([,;.:!?])(?= |$|\))/g, "$1"],
  [/,(?: *,)+/g, ","],
  [/, *\.(?= |$)/g, "."],
  [/; *\.(?= |$)/g, "."],
  [/ {2,}/g, " "],
];
/** Two characters of which one stands in every place where the punctuation is mended; most texts have none. */
const UNTIDY = / [ ,;.:!?)]|[([][ ,;.)\]]|[,;][,.]/;

/** Collapses white space and mends what taking out citations leaves: empty brackets, spaces before stops, doubled commas. */
export function tidy(text: string): string {
  let tidied = text.replace(UNTIDY_SPACE, " ");
  if (tidied.includes(CITATION)) tidied = mend(tidied, CITATIONS);
  if (UNTIDY.test(tidied)) tidied = mend(tidied, PUNCTUATION);
  return tidied.trim();
}

function mend(text: string, rules: readonly Rule[]): string {
  return rules.reduce(
    (mended, [pattern, replacement, needs]) =>
      needs && !needs.test(mended) ? mended : mended.replace(pattern, replacement),
    text,
  );
}

/** The text without its mention marks, and where each stood. */
export function takeMentions(text: string): { text: string; mentions: number[] } {
  if (!text.includes(MENTION)) return { text, mentions: [] };
  const parts = text.split(MENTION);
  const mentions: number[] = [];
  let length = 0;
  for (const part of parts.slice(0, -1)) mentions.push((length += part.length));
  return { text: parts.join(""), mentions };
}
