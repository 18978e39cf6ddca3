const FLOAT_WORD = /^(?:fig(?:ure)?s?|tab(?:le)?s?)\b\.?\s*/iu;
const SUPPLEMENTARY = /^(?:supplementary|supplemental|supporting|supp?l?\.?)\s+(?:information\s+)?/iu;

/**
 * The number of a float as its readers see it: `3` of "Figure 3.", `S2` of "Fig. S2" and of "Supplementary Figure 2",
 * `2—figure supplement 1` of eLife's supplements; the whole label where it counts something else ("Scheme 1").
 */
export function numberOf(label: string): string | null {
  const printed = label
    .slice(0, 200)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.:|\s]+$/u, "");
  const main = printed.replace(SUPPLEMENTARY, "");
  const number = main.replace(FLOAT_WORD, "");
  if (main !== printed && number !== main) return /^\d/.test(number) ? `S${number}` : number || null;
  return number || null;
}

/** The letter of a panel: `b` of "(b)", "B." and "Figure 3B". */
export function letterOf(label: string): string | null {
  return /(?:^|[\d\s(])\(?([A-Za-z])\)?[.:\s]*$/u.exec(label.trim())?.[1] ?? null;
}
