import { numbers } from "../../text/numbers.js";
import { shared, terms } from "../../text/words.js";

/** Two sentences say the same when this share of the shorter one's terms stands in the other. */
const SAME = 0.6;
/** A sentence is already said when this share of its terms stands in the caption so far. */
const SAID = 0.8;
const MIN_NEW_TERMS = 2;
/** Tells a number from a term; no term begins with it. */
const NUMBER = "#";

/** What a sentence says, to tell whether another one says it too: its terms, and its numbers by their value. */
export function content(text: string): Set<string> {
  const found = terms(text);
  for (const { value } of numbers(text)) found.add(`${NUMBER}${value}`);
  return found;
}

/** Whether this content repeats one of the sets, or adds too little to all of them together. */
export function isSaid(own: ReadonlySet<string>, said: readonly ReadonlySet<string>[]): boolean {
  if (own.size === 0) return true;
  const all = new Set(said.flatMap((set) => [...set]));
  const added = [...own].filter((one) => !all.has(one));
  if (added.length < MIN_NEW_TERMS || 1 - added.length / own.size >= SAID) return true;
  const newNumber = added.some((one) => one.startsWith(NUMBER));
  return !newNumber && said.some((other) => other.size > 3 && isSame(own, other));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return shared(a, b) / Math.min(a.size, b.size) >= SAME;
}
