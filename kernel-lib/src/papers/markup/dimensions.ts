/** Lengths as TeX takes them outside braces. */

/** Commands in front of a length that TeX takes without braces. */
export const BEFORE_LENGTH = new Set(
  "hskip vskip kern mskip mkern raise lower moveleft moveright vglue hglue hrule vrule epsfxsize epsfysize hsize vsize parindent parskip baselineskip leftskip rightskip textwidth textheight columnsep abovecaptionskip belowcaptionskip lineskip tabcolsep unitlength topskip itemsep topsep fboxsep fboxrule jot arraycolsep".split(
    " ",
  ),
);

const LENGTH =
  /\s{0,9}=?\s{0,9}(?:[-+]\s?){0,3}(?:\d{0,9}[.,]?\d{0,9}\s{0,9}(?:true\s{0,9})?(?:pt|mm|cm|in|ex|em|bp|pc|dd|cc|sp|mu|fil+|truein|truecm)(?![a-zA-Z])|[\d.]{0,9}\s{0,9}\\[a-zA-Z@]{0,30}?(?:width|height|size|skip|indent|sep|depth|dimen\d?|ht|wd|dp)\b)/y;
const STRETCH =
  /\s{0,9}(?:plus|minus|width|height|depth)\s{0,9}-?(?:\d{0,9}[.,]?\d{0,9}\s{0,9}(?:true\s{0,9})?(?:pt|mm|cm|in|ex|em|bp|pc|dd|cc|sp|mu|fil+)(?![a-zA-Z])|[\d.]{0,9}\s{0,9}\\[a-zA-Z@]{1,30})/y;

/** Position behind the length that stands at `at`, with what it may stretch and shrink; `at` where none stands there. */
export function behindLength(text: string, at: number): number {
  let next = behind(LENGTH, text, at);
  for (let more = behind(STRETCH, text, next); more > next; more = behind(STRETCH, text, next)) next = more;
  return next > at && text[next] === " " ? next + 1 : next;
}

/** Position behind the `to 3cm` or `spread 2pt` in front of a box. */
export function behindBoxSize(text: string, at: number): number {
  const size = /\s*(?:to|spread)(?![a-z])/y;
  const next = behind(size, text, at);
  return next > at ? behindLength(text, next) : at;
}

function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
