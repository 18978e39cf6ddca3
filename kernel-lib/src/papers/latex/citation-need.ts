/** What a sentence needs of the citations in it. */

/** What a citation prints where its sentence cannot do without (`needed`); `null` for one that goes. */
export type CitationText = (command: string, keys: readonly string[], needed: boolean) => string | null;

/** Words in front of a citation that leave a hole when it goes. */
const ASKING =
  /(?:^|[\s~(])(?:in|of|by|from|to|with|see|following|after|as|and|or|than|like|via|using|per|on|for|at|that|between|against|both|than|refs?\.?|references?|eqs?\.?|e\.g\.,?|cf\.?|reads?|adapted|taken)[\s~]*$/i;

/** Characters in which what asks for a citation, or the bracket round it, stands. */
const MAX_LED = 60;
const CITED_BEFORE = /(?:\\[a-zA-Z]*cite[a-zA-Z]*\*?(?:\[[^\]]{0,40}\]){0,2}\{[^{}]{0,120}\}[\s,;–-]{1,6})+$/;

/** Whether the sentence between these texts needs what a citation names: not inside brackets, and not behind a full thought. */
export function asksForName(before: string, behind: string): boolean {
  // What a citation before this one asks for, the next in its list asks for too.
  const led = before.replace(CITED_BEFORE, "").replace(/\[$/, "").slice(-MAX_LED);
  if (led.lastIndexOf("(") > led.lastIndexOf(")") || led.lastIndexOf("[") > led.lastIndexOf("]"))
    return false;
  const opens = /(?:^|[.;:]\s+|\n\s*\n\s*)$/.test(led) && /^[\s~]+[a-z]/.test(behind);
  return opens || ASKING.test(led);
}
