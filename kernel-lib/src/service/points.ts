import { literal } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import type { Points } from "../views/dataset-service.js";
import { MOST_BINS, MOST_CLASSES, NO_CLASS, ticksOf } from "../views/map.js";
import type { ColumnRef } from "../views/query.js";
import { valueText } from "../views/wording.js";
import type { Frame } from "./frame.js";

/** What each row's colour is. */
export interface Classes extends Pick<Points, "scale" | "rest"> {
  names: string[];
  /** By position in the frame; 255 is none. */
  of: Uint8Array;
}

/** Longest name of a colour, in characters. */
const NAME_LIMIT = 80;

/**
 * The values of a column by position, NaN where there is none.
 * @throws {ConfigurationError} when it is no number column
 */
export async function coordinates(frame: Frame, ref: ColumnRef): Promise<Float32Array> {
  await frame.column(ref);
  if (frame.catalogue.get(ref)?.kind === "number") return frame.numbers(ref);
  throw new ConfigurationError(
    `"${ref}" is no number, and the axes of a map are numbers; colour by it instead.`,
  );
}

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
  const column = await frame.column(ref);
  return frame.catalogue.get(ref)!.kind === "number"
    ? binned(await frame.numbers(ref))
    : named(frame, column);
}

async function named(frame: Frame, column: string): Promise<Classes> {
  const found = await frame.all<{ value: string }>(
    `SELECT ${column}::VARCHAR AS value FROM frame WHERE ${column} IS NOT NULL
     GROUP BY 1 ORDER BY count(*) DESC, value LIMIT ${MOST_CLASSES + 1}`,
  );
  const all = found.length <= MOST_CLASSES;
  const values = found.slice(0, all ? MOST_CLASSES : MOST_CLASSES - 1).map(({ value }) => value);
  const rest = all ? null : values.length;
  const cases = values.map((value, i) => `WHEN ${literal(value)} THEN ${i}`).join(" ");
  const kind = cases === "" ? `${NO_CLASS}` : `CASE ${column}::VARCHAR ${cases} ELSE ${rest ?? NO_CLASS} END`;
  const of = await frame.integers(
    `SELECT (CASE WHEN ${column} IS NULL THEN ${NO_CLASS} ELSE ${kind} END)::INTEGER FROM frame ORDER BY position`,
  );
  const names = values.map((value) => value.slice(0, NAME_LIMIT));
  return { names: all ? names : [...names, "all others"], scale: "category", rest, of: Uint8Array.from(of) };
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
