import type { Kept } from "./recent.js";
import { countNumbers, rowsWhere, type Mask } from "./mask.js";

/** The values of a category, each row's as a number. */
export interface Categories extends Kept {
  /**
   * By position: 0 for no value, else a number from 1, ascending with the value. Of a column of which a figure has several
   * values, each combination that there is has a number.
   */
  readonly of: Uint8Array | Uint16Array | Int32Array;
  /** The greatest number. */
  readonly greatest: number;
  /** Whether a figure may have several values. */
  readonly several: boolean;
  /** The values that numbers stand for, one each unless there are several; none for 0. */
  valuesOf(numbers: readonly number[]): Promise<Map<number, string[]>>;
  /** The numbers that stand for one of these values, alone or among others. */
  numbersOf(values: readonly string[]): Promise<number[]>;
}

/** An array of the smallest kind that holds numbers up to `greatest`. */
export function numbersUpTo(greatest: number, size: number): Uint8Array | Uint16Array | Int32Array {
  return greatest < 2 ** 8
    ? new Uint8Array(size)
    : greatest < 2 ** 16
      ? new Uint16Array(size)
      : new Int32Array(size);
}

/** Rows with one of these values; `null` is "no value". */
export async function rowsWithValue(
  categories: Categories,
  values: readonly (string | null)[],
): Promise<Mask> {
  const wanted = new Uint8Array(categories.greatest + 1);
  for (const number of await categories.numbersOf(values.filter((value) => value !== null)))
    wanted[number] = 1;
  if (values.includes(null)) wanted[0] = 1;
  return rowsWhere(categories.of, wanted);
}

/** How many of the rows have a value. */
export interface Frequency {
  value: string | null;
  count: number;
}

/**
 * The most frequent values among some rows, those of equal count by name and "no value" last.
 * @returns them, and how many there are altogether
 */
export async function frequencies(
  categories: Categories,
  rows: Mask,
  limit: number,
): Promise<{ list: Frequency[]; values: number }> {
  const { of, greatest, several } = categories;
  const counts = countNumbers(of, rows, greatest + 1);
  const found: number[] = [];
  counts.forEach((count, number) => count > 0 && found.push(number));
  // Numbers ascend with their values.
  const most = found.sort((a, b) => counts[b]! - counts[a]! || (a || Infinity) - (b || Infinity));
  const named = several ? most : most.slice(0, limit);
  const values = await categories.valuesOf(named);
  const sums = new Map<string | null, number>();
  for (const number of named)
    for (const value of values.get(number) ?? [null])
      sums.set(value, (sums.get(value) ?? 0) + counts[number]!);
  const list = Array.from(sums, ([value, count]) => ({ value, count }));
  if (several)
    list.sort(
      (a, b) =>
        b.count - a.count ||
        Number(a.value === null) - Number(b.value === null) ||
        (a.value! < b.value! ? -1 : 1),
    );
  return { list: list.slice(0, limit), values: several ? list.length : found.length };
}
