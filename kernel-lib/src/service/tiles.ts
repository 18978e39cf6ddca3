import { thumbOf } from "../dataset/images.js";
import type { Tile } from "../views/dataset-service.js";
import type { ColumnRef, Sort } from "../views/query.js";
import { atRows } from "../dataset/sql.js";
import type { Frame } from "./frame.js";

type Row = Omit<Tile, keyof Paper | "thumb" | "missing" | "flags" | "value"> & {
  position: number;
  image_path: string | null;
  image_missing: string | null;
};
type Paper = Pick<Tile, "paper_id" | "paper_title" | "discipline">;

/**
 * The figures at some positions, in that order.
 * @param sort gives the tiles' `value`
 */
export async function tilesAt(
  folder: string,
  frame: Frame,
  positions: ArrayLike<number>,
  sort: Sort | null = null,
): Promise<Tile[]> {
  const wanted = Array.from(positions);
  if (wanted.length === 0) return [];
  const [rows, papers, flags, values] = await Promise.all([
    rowsAt(frame, wanted),
    papersOf(frame, wanted),
    frame.catalogue.has("figure.flags") ? textsAt(frame, "figure.flags", wanted) : null,
    sort && valuesAt(frame, sort.column, wanted),
  ]);
  const thumbs = await Promise.all(rows.map(({ image_path }) => thumbOf(folder, image_path)));
  return rows.map(({ position, image_path: _, image_missing, ...row }, i): Tile => {
    const thumb = thumbs[i]!;
    return {
      ...row,
      ...papers.get(frame.papers[position]!)!,
      thumb,
      missing: image_missing ?? (thumb ? null : "There is no thumbnail of this figure."),
      flags: flags?.[i] ?? [],
      value: values?.[i] ?? null,
    };
  });
}

async function rowsAt(frame: Frame, positions: readonly number[]): Promise<Row[]> {
  const found = await frame.all<Row>(
    `SELECT picked.*, verdict, coalesce(tags, []) AS tags FROM (
       SELECT rowid::INTEGER AS position, figure_id, float, number, label, caption, image_path, image_missing
       FROM frame ${atRows(positions)}) AS picked LEFT JOIN reviews USING (figure_id)`,
  );
  const rows = new Map(found.map((row) => [row.position, row]));
  return positions.map((position) => rows.get(position)!);
}

/** The ids of the figures at some positions, in that order. */
export async function idsAt(frame: Frame, positions: Int32Array): Promise<string[]> {
  if (positions.length === 0) return [];
  const found = await frame.all<{ position: number; figure_id: string }>(
    `SELECT rowid::INTEGER AS position, figure_id FROM frame ${atRows([...positions])}`,
  );
  const ids = new Map(found.map(({ position, figure_id }) => [position, figure_id]));
  return Array.from(positions, (position) => ids.get(position)!);
}

async function valuesAt(
  frame: Frame,
  column: ColumnRef,
  positions: readonly number[],
): Promise<Tile["value"][]> {
  if (frame.info(column).kind === "category")
    return (await textsAt(frame, column, positions)).map((texts) => texts.join(", ") || null);
  const values = await frame.numbers(column);
  return positions.map((position) => (Number.isNaN(values[position]) ? null : values[position]!));
}

async function textsAt(frame: Frame, column: ColumnRef, positions: readonly number[]): Promise<string[][]> {
  const categories = await frame.categories(column);
  const numbers = positions.map((position) => categories.of[position]!);
  const values = await categories.valuesOf([...new Set(numbers)]);
  return numbers.map((number) => values.get(number) ?? []);
}

async function papersOf(frame: Frame, positions: readonly number[]): Promise<Map<number, Paper>> {
  const numbers = [...new Set(positions.map((position) => frame.papers[position]!))];
  const papers = await frame.all<Paper & { paper: number }>(
    `SELECT rowid::INTEGER AS paper, paper_id, title AS paper_title, discipline FROM paper ${atRows(numbers)}`,
  );
  return new Map(papers.map(({ paper, ...about }) => [paper, about]));
}
