import { position, SINGLE, type AxisScale } from "../../views/bins.js";
import type { ColumnRef } from "../../views/query.js";
import { numbersUpTo } from "../categories.js";
import type { Frame } from "../frame.js";
import { countNumbers, type Mask } from "../mask.js";

/**
 * Counts some rows' values in bins; bins include their lower edge, and what lies outside counts to the nearest. The bin of each row
 * is worked out once: 15.5 million then take 16 to 28 ms.
 * @param edges equally far from each other on the axis; one more than there are bins
 * @returns a count for each bin, and last that of the rows without a value
 */
export async function countBins(
  frame: Frame,
  column: ColumnRef,
  rows: Mask,
  edges: readonly number[],
  scale: AxisScale,
): Promise<Int32Array> {
  const bins = edges.length - 1;
  const values = await frame.numbers(column);
  const numbers = await frame.keep(`bins ${JSON.stringify([column, scale, edges])}`, async () =>
    binsOf(values, edges, scale),
  );
  return countNumbers(numbers, rows, bins + 1);
}

/** The number of each value's bin, from 0; that after the last where there is no finite value. */
function binsOf(values: Float32Array, edges: readonly number[], scale: AxisScale) {
  const bins = edges.length - 1;
  const [low, high] = [position(edges[0]!, scale), position(edges[bins]!, scale)];
  const width = (high - low) / bins;
  const numbers = numbersUpTo(bins, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // Columns have single precision: an edge is met by what rounds to it.
    const place =
      scale === "log" ? (value > 0 ? Math.log10(value) : low) + SINGLE : value + Math.abs(value) * SINGLE;
    const bin = Math.floor((place - low) / width);
    numbers[i] = !Number.isFinite(value) ? bins : bin < 0 ? 0 : bin < bins ? bin : bins - 1;
  }
  return numbers;
}
