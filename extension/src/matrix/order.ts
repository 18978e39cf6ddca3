import { captionsOf, comparable, figureName, rowMeasures, type MatrixRow, type Side } from "figloom/views";

/** What rows are sorted by: how far a column lies above the baseline by a measure. */
export interface GainSort {
  column: number;
  measure: string;
  descending: boolean;
}

export interface Arrangement {
  /** @default the trial's order */
  sort: GainSort | null;
  /** Words of which each must stand somewhere in a row. */
  words: string;
  /** Whether only rows are shown whose captions differ from the baseline's. */
  differentOnly: boolean;
}

/** Positions of the rows that are shown, in their order; rows without a value stand last. */
export function arrange(
  rows: readonly MatrixRow[],
  base: Side,
  { sort, words, differentOnly }: Arrangement,
): number[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.flatMap((row, i) => {
    if (differentOnly && !differsFrom(row, base)) return [];
    return wanted.every((word) => textOf(row).includes(word)) ? [i] : [];
  });
  if (!sort) return shown;
  const values = new Map(shown.map((i) => [i, gainOf(rows[i]!, base, sort)]));
  const sign = sort.descending ? -1 : 1;
  return shown.sort((a, b) => {
    const [one, other] = [values.get(a)!, values.get(b)!];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || a - b;
    return sign * (one - other) || a - b;
  });
}

/**
 * How far a column lies above the baseline for one figure; its value alone where the two cannot be subtracted, or it is
 * the baseline. `null` without a value.
 */
export function gainOf(
  row: MatrixRow,
  base: Side,
  { column, measure }: Pick<GainSort, "column" | "measure">,
): number | null {
  const value = rowMeasures(row, column)[measure] ?? null;
  if (column === base || !comparable(measure, String(base), String(column))) return value;
  const from = rowMeasures(row, base)[measure] ?? null;
  if (value === null || from === null) return measure === "tokens" || measure === "seconds" ? value : null;
  return value - from;
}

/** Whether any caption of a row is other than the baseline's first one. */
export function differsFrom({ card, replies }: MatrixRow, base: Side): boolean {
  const [first] = base === "raw" ? card.captions : captionsOf(replies[base]!);
  return replies.some((cell) => captionsOf(cell).some(({ text }) => text !== first?.text));
}

function textOf({ card, replies }: MatrixRow): string {
  const captions = [...card.captions, ...replies.flatMap(captionsOf)].map(({ text }) => text);
  return [figureName(card), card.figure_id, card.paper_title, card.discipline, ...captions]
    .join("\n")
    .toLowerCase();
}
