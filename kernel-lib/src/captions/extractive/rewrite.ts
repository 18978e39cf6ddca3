import type { Figure } from "../../model.js";
import { isFigureWord } from "../../text/figure-words.js";
import { isContentWord, words } from "../../text/words.js";
import {
  ANNOUNCEMENT,
  CONNECTIVE,
  DANGLING,
  DANGLING_WITHIN,
  FIRST_PERSON,
  HOLE,
  POINTING,
  SEEN,
  SHOW,
  SHOWN,
} from "./lexicon.js";
import { mark, OTHER, OWN, PANEL, unmark, type Marked } from "./mentions.js";
import { asSentence, mendSpacing, plainText } from "./tidy.js";

/** A sentence of the paper made fit to stand in a caption. */
export interface Rewritten {
  text: string;
  /** It points back ("This …") and may stand only right after the sentence before it. */
  dangling: boolean;
}

const SELF = `(?:${OWN}|${PANEL})`;
const MAX_CHARACTERS = 420;
const MIN_WORDS = 4;
const MIN_INFORMATIVE = 2;
/** Share of letters among a sentence's printed characters: less, and it is a formula. */
const MIN_LETTERS = 0.65;

const rule = (pattern: string) => new RegExp(pattern, "iu");
const AS_SHOWN = String.raw`as (?:it )?(?:(?:can|may|could) be |is |are |was |were |we (?:can )?)?(?:also |clearly |already |best )?(?:${SEEN}|see|show) (?:in|from|by|on)`;

/** Brackets about other places, and brackets that hold nothing but a reference to this figure. */
const OTHER_BRACKET = new RegExp(String.raw`\s?[([][^()[\]]{0,200}${OTHER}[^()[\]]{0,200}[)\]]`, "gu");
const OWN_BRACKET = new RegExp(
  String.raw`\s?[([](?:see |cf\.? |see also |also |e\.g\.,? |${AS_SHOWN} |shown in |in )*${OWN}[)\]]`,
  "giu",
);
const OWN_IN_BRACKET = new RegExp(
  String.raw`(?:[,;]\s?(?:see |in )?${OWN}|${OWN}[,;:]\s?| (?:in|of) ${OWN})(?=[^()]{0,200}\))`,
  "gu",
);
const PANEL_LEAD = new RegExp(String.raw`([([])(?:see |cf\.? |see also |in )+(?=${PANEL})`, "giu");
/** ", as shown in Figure 3," inside a sentence or at its end. */
const ASIDE = new RegExp(
  String.raw`,? (?:${AS_SHOWN}|see(?: also)?|cf\.?|which (?:is|are) (?:${SHOWN}) in) ${SELF}(?:,(?= )|(?=[.;)]|$))`,
  "giu",
);
const LEADING_ASIDE = rule(
  String.raw`^(?:${AS_SHOWN}|according to|looking at|based on|judging from|with reference to|see) (${SELF}),?\s+`,
);
const LEADING_PLACE = rule(String.raw`^(?:in|from|on|by|for) (${SELF})(,?)\s+`);
const SAYS_THAT = rule(
  String.raw`^${OWN} (?:also |clearly |further |thus |then )?(?:shows?|demonstrates?|illustrates?|reveals?|makes? (?:it )?clear) (?:clearly |also )?that\s+`,
);
const SHOWS_PHRASE = rule(
  String.raw`^(?:${OWN} (?:also |then |clearly )?(?:${SHOW})|(?:${OWN},? )?we (?:also |then |now |further )?(?:show|present|display|depict|illustrate|plot|give|provide|report)(?:ed)?)\s+(?=(?:the|a|an|how|two|three|four|five|six|some|several|examples?|results?)\s)`,
);
const WE_SHOW_PANEL = rule(
  String.raw`^(${PANEL}),? we (?:also |then |now |further )?(?:show|present|display|depict|illustrate|plot)(?:ed)?\s+`,
);
const SHOWN_AT_END = rule(
  String.raw`^(.{20,}) (?:is|are|was|were) (?:also |then )?(?:${SHOWN}) (?:in|by|on) ${OWN}\.?$`,
);
const SHOWN_IN_OWN = new RegExp(String.raw`\b(${SHOWN}|seen|visible|used) (?:in|by|on) ${OWN}`, "giu");
const TRAILING_PLACE = rule(String.raw`,? (?:in|of|from|on|by) ${OWN}\.?$`);

/** What hides a second verb: stripping "Figure 3 shows" would leave half a sentence. */
const COMPOUND =
  /[,;:]|\b(?:and|but|while|whereas|or|as well as|which|that|is|are|was|were|has|have|can|will)\b/i;

/**
 * Makes a sentence fit for a caption by trimming alone, or says `null` where that cannot be done: it is about another
 * figure, speaks of its authors, points elsewhere in the paper, or would lose its grammar. The rules and their order
 * stand in docs/baselines.md.
 */
export function rewrite(sentence: string, figure: Pick<Figure, "float" | "number">): Rewritten | null {
  const clean = plainText(sentence);
  if (!isWholeSentence(clean)) return null;
  const marked = mark(clean, figure);
  marked.text = trimBrackets(marked.text);
  if (marked.text.includes(OTHER)) return null;
  marked.text = trimPhrases(marked);
  const text = asSentence(unmark(marked, figure.float));
  if (!isFit(text)) return null;
  return { text, dangling: DANGLING.test(text) || DANGLING_WITHIN.test(text) };
}

function isWholeSentence(text: string): boolean {
  if (text.length > 2 * MAX_CHARACTERS || !/^["“(]?[\p{Lu}\p{N}]|^\p{L}{1,2}[\p{Lu}\p{N}-]/u.test(text))
    return false;
  if (/[?:;]["”)]?$|^\(?\d+[.)]\s|^[•*–—-]\s|[•|§©]/.test(text)) return false;
  return /[.!]["”)]?$/.test(text);
}

function trimBrackets(text: string): string {
  return mendSpacing(
    text
      .replace(/\s?\([^()]{0,80}\b(?:1[89]|20)\d\d[a-z]?(?:[,;][^()]{0,60})?\)/g, (found) => (/\bet al|\p{Lu}\p{Ll}+,? (?:and|&|\d{4})/u.test(found) ? "" : found))
      .replace(OTHER_BRACKET, "")
      .replace(OWN_BRACKET, "")
      .replace(OWN_IN_BRACKET, "")
      .replace(PANEL_LEAD, "$1"),
  ); // prettier-ignore
}

function trimPhrases(marked: Marked): string {
  let text = mendSpacing(marked.text.replace(CONNECTIVE, "").replace(ASIDE, (aside) => keepPanel(aside)));
  text = text.replace(LEADING_ASIDE, (_, self: string) => (self === OWN ? "" : `In ${self}, `));
  text = text.replace(LEADING_PLACE, (lead, self: string, comma: string) => {
    const after = text.slice(lead.length);
    if (/^(?:is|are|was|were|has|shows?|that)\s/i.test(after)) return lead;
    if (/^(?:we|one|it)\s/i.test(after)) return self === OWN ? "" : `${self} `;
    return self === OWN ? "" : `In ${self}${comma} `;
  });
  text = text.replace(CONNECTIVE, "").replace(WE_SHOW_PANEL, "$1 shows ");
  text = text.replace(new RegExp(`^(${PANEL}) (?=\\p{L})`, "u"), (lead, self: string) =>
    ANNOUNCEMENT.test(text.slice(lead.length)) ? `In ${self}, ` : lead,
  );
  const place = /^In [\ue100-\ue1ff],? /u.exec(text)?.[0] ?? "";
  text = place + text.slice(place.length).replace(SAYS_THAT, "").replace(ANNOUNCEMENT, "");
  text = text.replace(CONNECTIVE, "");
  const phrase = text.replace(SHOWS_PHRASE, "").replace(TRAILING_PLACE, ".");
  if (SHOWS_PHRASE.test(text) && !COMPOUND.test(phrase)) return phrase;
  const shown = SHOWN_AT_END.exec(text)?.[1];
  if (shown && !COMPOUND.test(shown) && /^(?:the|an?|examples?)\s/i.test(shown)) return shown;
  return text.replace(SHOWN_IN_OWN, "$1 here");
}

/** An aside goes, but not the panel that it names. */
function keepPanel(aside: string): string {
  const panel = /[\ue100-\ue1ff]/u.exec(aside)?.[0];
  if (!panel) return "";
  return ` (${panel})${aside.endsWith(",") && !aside.startsWith(",") ? "," : ""}`;
}

function isFit(text: string): boolean {
  if (words(text).length < MIN_WORDS || text.length > MAX_CHARACTERS) return false;
  if (FIRST_PERSON.test(text) || POINTING.test(text) || HOLE.test(text)) return false;
  if (informative(text) < MIN_INFORMATIVE) return false;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= MIN_LETTERS * text.replaceAll(" ", "").length && isBalanced(text);
}

/** Content words that say more than that there is a figure: "The results are shown in panel b." has none. */
function informative(text: string): number {
  return words(text).filter(
    ({ text: word }) => isContentWord(word) && !isFigureWord(word) && !/^results?$/i.test(word),
  ).length;
}

function isBalanced(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === "(") open++;
    else if (character === ")" && --open < 0) return false;
  }
  return open === 0 && (text.match(/["“”]/g)?.length ?? 0) % 2 === 0;
}
