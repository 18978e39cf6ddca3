import type { Points } from "../views/dataset-service.js";
import { MOST_BINS, MOST_CLASSES, NO_CLASS, ticksOf } from "../views/map.js";
import type { ColumnRef } from "../views/query.js";
import { valueText } from "../views/wording.js";
import { frequencies, type Categories } from "./categories.js";
import type { Frame } from "./frame.js";
import { everyRow } from "./mask.js";

/** What each row's colour is. */
export interface Classes extends Pick<Points, "scale" | "rest"> {
  names: string[];
  /** By position in the frame; 255 is none. */
  of: Uint8Array;
}

/** Longest name of a colour, in characters. */
const NAME_LIMIT = 80;

/** One colour for all. */
export const noClasses = (frame: Frame): Classes => ({
  names: [],
  scale: "category",
  rest: null,
  of: new Uint8Array(frame.size).fill(NO_CLASS),
});

/**
 * Sorts the rows of a frame into colours: the commonest values of a category, with one colour for all others, or bins of
 * a number. They are those of all rows, so that a colour means the same whichever rows are shown.
 */
export async function classesOf(frame: Frame, ref: ColumnRef): Promise<Classes> {
  return frame.info(ref).kind === "number"
    ? binned(await frame.numbers(ref))
    : named(frame, await frame.categories(ref));
}

async function named({ size }: Frame, categories: Categories): Promise<Classes> {
  const { list } = await frequencies(categories, everyRow(size), MOST_CLASSES + 2);
  const found = list.flatMap(({ value }) => (value === null ? [] : [value]));
  const all = found.length <= MOST_CLASSES;
  const values = found.slice(0, all ? MOST_CLASSES : MOST_CLASSES - 1);
  const rest = all ? null : values.length;
  const classes = new Uint8Array(categories.greatest + 1).fill(rest ?? NO_CLASS);
  classes[0] = NO_CLASS;
  // Where a figure has several values, the most frequent gives the colour.
  for (const [number, value] of [...values.entries()].reverse())
    for (const one of await categories.numbersOf([value])) classes[one] = number;
  const of = Uint8Array.from(categories.of, (number) => classes[number]!);
  const names = values.map((value) => value.slice(0, NAME_LIMIT));
  return { names: all ? names : [...names, "all others"], scale: "category", rest, of };
}

/** Bins with round borders where they hold the middle 96 % of the values; the outer ones are open. */
function binned(values: Float32Array): Classes {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  const [low, high] = sorted.length > 0 ? [at(0.02), at(0.98)] : [0, 0];
  const borders = ticksOf(low, high, MOST_BINS - 1)
    .filter((border) => border > low && border < high)
    .slice(0, MOST_BINS - 1);
  const of = Uint8Array.from(values, (value) => {
    if (!Number.isFinite(value)) return NO_CLASS;
    const bin = borders.findIndex((border) => value < border);
    return bin < 0 ? borders.length : bin;
  });
  return { names: sorted.length > 0 ? binNames(borders) : [], scale: "number", rest: null, of };
}

/** `below 0.2`, `0.2 to 0.4`, `0.4 and more` */
function binNames(borders: number[]): string[] {
  const texts = borders.map(valueText);
  if (texts.length === 0) return ["any value"];
  const between = texts.slice(1).map((text, i) => `${texts[i]} to ${text}`);
  return [`below ${texts[0]}`, ...between, `${texts.at(-1)} and more`];
}
