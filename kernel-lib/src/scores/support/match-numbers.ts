import type { NumberMention } from "../../text/numbers.js";
import type { NumberOccurrence, Place } from "./evidence.js";

/** Relative slack for floating point: `5 ms` and `0.005 s` are the same number. */
const EPSILON = 1e-9;
/** Candidates looked at around one value; more distinct numbers within half a digit are no paper. */
const MAX_CANDIDATES = 256;

interface Entry {
  value: number;
  granularity: number;
  occurrence: NumberOccurrence;
}

/**
 * Finds a caption's numbers among those of the evidence.
 *
 * Two numbers match when they are equal, or when the caption's is the other rounded to the caption's last printed
 * digit; rounding needs two significant digits or the same kind of unit on both sides, so that "3 peaks" is not
 * supported by "3.4 keV". Where both have a unit it must measure the same thing, and values are compared in base units
 * (`5 ms` = `0.005 s`). A number without unit matches by its printed value, and a share matches its percentage
 * (`0.5` = `1/2` = `50 %`). A caption's number is never supported by a coarser one.
 */
export class NumberIndex {
  readonly #all: Entry[];
  readonly #unitless: Entry[];
  readonly #byUnit = new Map<string, Entry[]>();

  constructor(occurrences: readonly NumberOccurrence[]) {
    this.#all = occurrences.map((occurrence) => entry(occurrence, 1)).sort(byValue);
    this.#unitless = this.#all.filter(({ occurrence }) => occurrence.mention.unit === null);
    for (const occurrence of occurrences) {
      const unit = occurrence.mention.unit;
      if (!unit) continue;
      const list = this.#byUnit.get(unit.base) ?? [];
      list.push(entry(occurrence, unit.factor));
      this.#byUnit.set(unit.base, list);
    }
    for (const list of this.#byUnit.values()) list.sort(byValue);
  }

  /** Where the number stands, or why it does not count as standing anywhere. */
  find(number: NumberMention): { place: Place } | { reason: string } {
    const found = number.unit ? this.#withUnit(number) : this.#withoutUnit(number);
    if (found) return { place: { source: found.source, quote: found.mention.text } };
    return { reason: this.#whyNot(number) };
  }

  #withUnit(number: NumberMention): NumberOccurrence | null {
    const { base, factor } = number.unit!;
    const rounding = number.digits >= 2;
    const found = [
      match(this.#byUnit.get(base), number, factor, true),
      match(this.#unitless, number, 1, rounding),
    ];
    if (base === "" && number.value * factor <= 1)
      found.push(match(this.#unitless, number, factor, rounding));
    return best(found);
  }

  #withoutUnit(number: NumberMention): NumberOccurrence | null {
    const rounding = number.digits >= 2;
    const found = [match(this.#all, number, 1, rounding)];
    if (Math.abs(number.value) <= 1) found.push(match(this.#byUnit.get(""), number, 1, rounding));
    return best(found);
  }

  #whyNot(number: NumberMention): string {
    const elsewhere = match(this.#all, number, 1, false);
    if (elsewhere?.mention.unit) {
      return `the number ${number.text} appears, but with another unit (${elsewhere.mention.unit.text})`;
    }
    const coarser = this.#coarser(number);
    if (coarser) return `the paper's text gives the number ${number.text} only as ${coarser.mention.text}`;
    return `the number ${number.text} stands nowhere in the paper's text about this figure`;
  }

  /** A number of the evidence that the caption's would round to. */
  #coarser(number: NumberMention): NumberOccurrence | null {
    const list = number.unit ? this.#byUnit.get(number.unit.base) : this.#unitless;
    const value = number.value * (number.unit?.factor ?? 1);
    const window = Math.abs(value) * 0.1;
    for (const candidate of near(list ?? [], value, window)) {
      if (candidate.granularity > 0 && Math.abs(candidate.value - value) <= candidate.granularity / 2) {
        return candidate.occurrence;
      }
    }
    return null;
  }
}

function match(
  list: readonly Entry[] | undefined,
  number: NumberMention,
  factor: number,
  rounding: boolean,
): NumberOccurrence | null {
  if (!list) return null;
  const value = number.value * factor;
  const slack = Math.abs(value) * EPSILON;
  const granularity = number.granularity * factor;
  const window = rounding ? granularity / 2 + slack : slack;
  const matching = near(list, value, window).filter(
    (entry) => Math.abs(entry.value - value) <= slack || entry.granularity <= granularity * (1 + EPSILON),
  );
  return best(matching.map((entry) => entry.occurrence));
}

function best(found: readonly (NumberOccurrence | null)[]): NumberOccurrence | null {
  let first: NumberOccurrence | null = null;
  for (const one of found) if (one && (!first || one.rank < first.rank)) first = one;
  return first;
}

function near(sorted: readonly Entry[], value: number, window: number): Entry[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.value < value - window) low = middle + 1;
    else high = middle;
  }
  const found: Entry[] = [];
  while (low < sorted.length && sorted[low]!.value <= value + window && found.length < MAX_CANDIDATES) {
    found.push(sorted[low++]!);
  }
  return found;
}

function entry(occurrence: NumberOccurrence, factor: number): Entry {
  const { value, granularity } = occurrence.mention;
  return { value: value * factor, granularity: granularity * factor, occurrence };
}

function byValue(a: Entry, b: Entry): number {
  return a.value - b.value;
}
