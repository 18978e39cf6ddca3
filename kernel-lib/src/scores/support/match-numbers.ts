import type { NumberOccurrence, Place } from "./evidence.js";
import type { QualifiedNumber } from "./qualifiers.js";

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
 *
 * Of those that match, the ones are left out that the words around say something else of: the opposite bound, another
 * quantity's uncertainty, the value or count of something else.
 */
export class NumberIndex {
  readonly #all: Entry[];
  readonly #unitless: Entry[];
  readonly #byUnit = new Map<string, Entry[]>();
  readonly #symbols: ReadonlySet<string>;
  readonly #counted: ReadonlySet<string>;

  constructor(all: readonly NumberOccurrence[]) {
    const distinct = new Map<string, NumberOccurrence>();
    for (const one of all) {
      const says = whatItSays(one);
      if (!distinct.has(says)) distinct.set(says, one);
    }
    const occurrences = [...distinct.values()];
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
    this.#symbols = new Set(occurrences.flatMap(({ mention }) => mention.symbol ?? []));
    this.#counted = new Set(occurrences.flatMap(({ mention }) => mention.counted));
  }

  /** Where the number stands, or why it does not count as standing anywhere. */
  find(number: QualifiedNumber): { place: Place } | { reason: string } {
    let first: NumberOccurrence | null = null;
    let objection: string | null = null;
    for (const occurrence of this.#matching(number)) {
      if (first && occurrence.rank >= first.rank) continue;
      const against = this.#objection(number, occurrence);
      if (against === null) first = occurrence;
      objection ??= against;
    }
    return first
      ? { place: { source: first.source, quote: first.mention.text } }
      : { reason: objection ?? this.#whyNot(number) };
  }

  #matching(number: QualifiedNumber): NumberOccurrence[] {
    return number.unit ? this.#withUnit(number) : this.#withoutUnit(number);
  }

  #withUnit(number: QualifiedNumber): NumberOccurrence[] {
    const { base, factor } = number.unit!;
    const rounding = number.digits >= 2;
    const share = base === "" && number.value * factor <= 1;
    return [
      ...match(this.#byUnit.get(base), number, factor, true),
      ...match(this.#unitless, number, 1, rounding),
      ...(share ? match(this.#unitless, number, factor, rounding) : []),
    ];
  }

  #withoutUnit(number: QualifiedNumber): NumberOccurrence[] {
    const rounding = number.digits >= 2 || isShare(number);
    // What counts things is no measured quantity: "3 mice" are not "3 mJy".
    const among = number.counted.length > 0 ? this.#unitless : this.#all;
    return [
      ...match(among, number, 1, rounding),
      ...(Math.abs(number.value) <= 1 ? match(this.#byUnit.get(""), number, 1, rounding) : []),
    ];
  }

  /** What the words around an occurrence of the number have against it; `null` for nothing. */
  #objection(number: QualifiedNumber, { mention }: NumberOccurrence): string | null {
    if (number.bound && mention.bound && number.bound !== mention.bound)
      return `the paper's text says ${mention.bound} ${mention.text}, not ${number.bound} ${number.text}`;
    const of = number.uncertaintyOf;
    if (of && mention.uncertaintyOf && !this.#same(of, mention.uncertaintyOf))
      return `the paper's text gives ± ${mention.text} for ${mention.uncertaintyOf.text}, not for ${of.text}`;
    if (!of && mention.uncertaintyOf && !number.spread)
      return `the paper's text has ${mention.text} only as the uncertainty of ${mention.uncertaintyOf.text}`;
    const { symbol, counted } = number;
    if (symbol && mention.symbol && symbol !== mention.symbol && this.#symbols.has(symbol))
      return `the paper's text gives ${mention.text} for ${mention.symbol}, and another value for ${symbol}`;
    const known = counted.filter((noun) => this.#counted.has(noun));
    if (
      known.length > 0 &&
      mention.counted.length > 0 &&
      !counted.some((noun) => mention.counted.includes(noun))
    )
      return `the paper's text counts something else with ${mention.text} (${mention.counted.join(" ")}), and other numbers of what is counted here`;
    return null;
  }

  #same(number: QualifiedNumber, other: QualifiedNumber): boolean {
    const isOther = ({ value, unit }: QualifiedNumber) =>
      value === other.value && unit?.base === other.unit?.base;
    return isOther(number) || this.#matching(number).some(({ mention }) => isOther(mention));
  }

  #whyNot(number: QualifiedNumber): string {
    const [elsewhere] = match(this.#all, number, 1, false);
    if (elsewhere?.mention.unit)
      return `the number ${number.text} appears, but with another unit (${elsewhere.mention.unit.text})`;
    const coarser = this.#coarser(number);
    if (coarser) return `the paper's text gives the number ${number.text} only as ${coarser.mention.text}`;
    return `the number ${number.text} stands nowhere in the paper's text about this figure`;
  }

  /** A number of the evidence that the caption's would round to. */
  #coarser(number: QualifiedNumber): NumberOccurrence | null {
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

/** The same for occurrences that support and contradict the same. */
function whatItSays({ mention, rank }: NumberOccurrence): string {
  const { value, granularity, unit, bound, uncertaintyOf, symbol, counted } = mention;
  return [
    rank,
    value,
    granularity,
    unit?.base,
    unit?.factor,
    bound,
    uncertaintyOf?.value,
    symbol,
    ...counted,
  ].join(" ");
}

/** Written shares such as `a third` are rounded by themselves. */
const isShare = ({ digits, granularity }: QualifiedNumber): boolean => digits === 1 && granularity === 0.01;

/** Place value of the last digit that counts: in `about 1,500` it is the 5. */
function granularityOf({ value, granularity, about }: QualifiedNumber): number {
  if (!about || granularity !== 1 || value === 0) return granularity;
  const zeros = /0*$/.exec(String(Math.abs(value)))![0].length;
  return 10 ** Math.min(zeros, String(Math.abs(value)).length - 1);
}

function match(
  list: readonly Entry[] | undefined,
  number: QualifiedNumber,
  factor: number,
  rounding: boolean,
): NumberOccurrence[] {
  if (!list) return [];
  const value = number.value * factor;
  const slack = Math.abs(value) * EPSILON;
  const granularity = granularityOf(number) * factor;
  const window = rounding || number.about ? granularity / 2 + slack : slack;
  const close = near(list, value, slack);
  if (window > slack) close.push(...near(list, value, window));
  return close
    .filter(
      (entry) => Math.abs(entry.value - value) <= slack || entry.granularity <= granularity * (1 + EPSILON),
    )
    .map((entry) => entry.occurrence);
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
