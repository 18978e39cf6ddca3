import { thumbOf } from "../dataset/images.js";
import { list } from "../dataset/sql.js";
import type { Tile } from "../views/dataset-service.js";
import type { ColumnRef, Sort } from "../views/query.js";
import type { Frame } from "./frame.js";

interface Row extends Omit<Tile, "paper_title" | "thumb" | "missing" | "tags" | "flags"> {
  position: number;
  image_path: string | null;
  image_missing: string | null;
  flags: string | null;
  tags: string | null;
}

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
  if (positions.length === 0) return [];
  const column = (ref: ColumnRef) => frame.column(ref);
  const [value, discipline, flags, verdict, tags] = [
    sort ? await column(sort.column) : "NULL",
    await column("figure.discipline"),
    await column("figure.flags"),
    await column("review.verdict"),
    await column("review.tags"),
  ];
  const found = await frame.all<Row>(
    `SELECT position, figure_id, paper_id, ${discipline} AS discipline, float, number, label,
            caption, image_path, image_missing, ${flags} AS flags, ${verdict} AS verdict, ${tags} AS tags, ${value} AS value
     FROM frame WHERE position IN (${Array.from(positions).join(",")})`,
  );
  const titles = await titlesOf(frame, found);
  const rows = new Map(found.map((row) => [row.position, row]));
  const wanted = Array.from(positions, (position) => rows.get(position)).filter((row) => row !== undefined);
  return Promise.all(
    wanted.map(async ({ position: _, image_path, image_missing, flags, tags, ...row }): Promise<Tile> => {
      const thumb = await thumbOf(folder, image_path);
      const missing = image_missing ?? (thumb ? null : "There is no thumbnail of this figure.");
      const paper_title = titles.get(row.paper_id) ?? null;
      return { ...row, paper_title, thumb, missing, flags: named(flags), tags: named(tags) };
    }),
  );
}

async function titlesOf(frame: Frame, rows: readonly Row[]): Promise<Map<string, string | null>> {
  const ids = list([...new Set(rows.map(({ paper_id }) => paper_id))]).slice(1, -1);
  const papers = await frame.all<{ paper_id: string; title: string | null }>(
    `SELECT paper_id, title FROM paper WHERE paper_id IN (${ids})`,
  );
  return new Map(papers.map(({ paper_id, title }) => [paper_id, title]));
}

/** The names in such a column as `review.tags`. */
const named = (joined: string | null): string[] => joined?.split(", ") ?? [];
