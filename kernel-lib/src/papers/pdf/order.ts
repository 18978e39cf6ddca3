/** The order in which floats are listed. */
import type { Caption } from "./captions.js";

/** A float, as far as its place in the list goes. */
interface Listed {
  float: string;
  number: string;
  caption: Caption;
}

/** As printed, with a digit to count by: not Roman numbers. */
const COUNTED = /\d/;
const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * Floats that begin on one page and are numbered together, in the order of their numbers: from the top of the page down,
 * as they come, those of its columns are mixed.
 */
export function inPrintedOrder<F extends Listed>(floats: readonly F[]): F[] {
  const ordered = [...floats];
  const series = new Map<string, number[]>();
  for (const [place, { float, number, caption }] of floats.entries()) {
    if (!COUNTED.test(number)) continue;
    const key = `${caption.page.page.number} ${float} ${caption.series}`;
    series.set(key, [...(series.get(key) ?? []), place]);
  }
  for (const places of series.values()) {
    const sorted = places.map((place) => floats[place]!).sort((a, b) => compare(a.number, b.number));
    for (const [i, place] of places.entries()) ordered[place] = sorted[i]!;
  }
  return ordered;
}
