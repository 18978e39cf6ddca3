const FLOAT_WORD =
  /^(?:fig(?:ure|ura|uur)?s?|figur|abb(?:ildung)?|рис(?:унок)?|图|図|tab(?:le|ela|la|leau|elle)?s?|табл(?:ица)?|表)(?![\p{L}])\.?\s*/iu;
const SUPPLEMENTARY = /^(?:supplementary|supplemental|supporting|supp?l?\.?)\s+(?:information\s+)?/iu;
const EXTENDED = /^(extended data)\s+/iu;
const CONTINUED = /\bcont(?:inued|inuation|['’]?d)?\b\.?\s?\)?$/iu;

/**
 * The number of a float as its readers see it: `3` of "Figure 3.", `S2` of "Fig. S2", "S2 Fig." and "Supplementary
 * Figure 2", `2—figure supplement 1` of eLife's supplements, `Extended Data 1` of Nature's; the whole label where it
 * counts something else ("Scheme 1").
 */
export function numberOf(label: string): string | null {
  const printed = cleaned(label).replace(CONTINUED, "").replace(TAIL, "");
  const main = printed.replace(SUPPLEMENTARY, "");
  const extended = EXTENDED.exec(main);
  const rest = extended ? main.slice(extended[0].length) : main;
  const number = rest.replace(FLOAT_WORD, "");
  if (number === "") return null;
  if (extended && number !== rest) return `${extended[1]} ${number}`;
  if (main !== printed && number !== main) return /^\d/.test(number) ? `S${number}` : number;
  return /^(S\d+)\s+(?:fig|table)\.?$/i.exec(number)?.[1] ?? number;
}

/** Whether a label says that the float goes on with one begun before: "Figure 3 (continued)", "Figure 3. Cont." */
export function isContinued(label: string): boolean {
  return CONTINUED.test(cleaned(label));
}

/** The letter of a panel: `b` of "(b)", "B." and "Figure 3B". */
export function letterOf(label: string): string | null {
  return /(?:^|[\d\s(])\(?([A-Za-z])\)?[.:\s]*$/u.exec(label.trim())?.[1] ?? null;
}

/** The label that a caption begins with where the float has none of its own: "Fig. 3." of "Fig. 3. Growth curves". */
export function labelInCaption(caption: string): string | null {
  return (
    /^(?:(?:supplementary|supplemental|extended data)\s)?(?:fig(?:ure)?s?|tab(?:le)?|scheme|chart|plate|map)\b\.?\s?[A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,3})?[A-Za-z]?\s?(?:[.:|]|[-–—]\s|$)\s*/iu.exec(
      caption,
    )?.[0] ?? null
  );
}

const TAIL = /[.:|,(\s]+$/u;
const cleaned = (label: string) => label.slice(0, 200).replace(/\s+/g, " ").trim().replace(TAIL, "");
