/** SQL over the columns of a frame. Numbers in it are ours, checked to be finite. */
import { ConfigurationError } from "../../errors.js";
import { position, SINGLE, type AxisScale } from "../../views/bins.js";
import type { ColumnRef } from "../../views/query.js";
import type { Frame } from "../frame.js";

/** A number as an SQL literal of type DOUBLE. */
export function double(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`No number for SQL: ${value}`);
  return value.toExponential();
}

/**
 * The SQL expression of a column's values, `NULL` where there is none, in double precision.
 * @throws {ConfigurationError} when the column holds words
 */
export async function numbers(frame: Frame, ref: ColumnRef): Promise<string> {
  const column = await frame.column(ref);
  const [row] = await frame.all<{ type: string }>(`SELECT typeof(${column}) AS type FROM frame LIMIT 1`);
  if (row && !/^(?:FLOAT|DOUBLE|U?(?:TINY|SMALL|BIG)?INT(?:EGER)?)$/.test(row.type))
    throw new ConfigurationError(
      `${ref} holds words, not numbers: give it as \`by\`, beside a column of numbers.`,
    );
  return `(CASE WHEN isfinite(${column}::FLOAT) THEN ${column}::DOUBLE END)`;
}

/**
 * The number, from 0, of the bin that `value` falls into; bins include their lower edge, and what lies outside counts to
 * the nearest. Columns have single precision: an edge is met by what rounds to it.
 * @param edges equally far from each other on the axis; one more than there are bins
 */
export function binOf(value: string, edges: readonly number[], scale: AxisScale): string {
  const bins = edges.length - 1;
  const [low, high] = [position(edges[0]!, scale), position(edges[bins]!, scale)];
  const width = (high - low) / bins;
  const [at, slack] =
    scale === "log"
      ? [`log10(CASE WHEN ${value} > 0 THEN ${value} ELSE ${double(edges[0]!)} END)`, double(SINGLE)]
      : [value, `abs(${value}) * ${double(SINGLE)}`];
  const bin = `floor((${at} - ${double(low)} + ${slack}) / ${double(width)})`;
  return `CAST(least(greatest(${bin}, 0), ${bins - 1}) AS INTEGER)`;
}
