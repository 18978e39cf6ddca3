import { thumbOf } from "../dataset/images.js";
import type { Tile, Verdict } from "../views/dataset-service.js";
import type { Sort } from "../views/query.js";
import type { Frame } from "./frame.js";

interface Row extends Omit<Tile, "thumb" | "missing" | "verdict" | "tags" | "flags"> {
  position: number;
  image_path: string | null;
  image_missing: string | null;
  flags: string[] | null;
  verdict: Verdict | null;
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
  const value = sort ? await frame.column(sort.column) : "NULL";
  const [verdict, tags] = [await frame.column("review.verdict"), await frame.column("review.tags")];
  const found = await frame.all<Row>(
    `SELECT position, figure_id, paper_id, paper_title, discipline, float, number, label, caption, image_path,
            image_missing, flags, ${verdict} AS verdict, ${tags} AS tags, ${value} AS value
     FROM frame WHERE position IN (${Array.from(positions).join(",")})`,
  );
  const rows = new Map(found.map((row) => [row.position, row]));
  const wanted = Array.from(positions, (position) => rows.get(position)).filter((row) => row !== undefined);
  return Promise.all(
    wanted.map(async ({ position: _, image_path, image_missing, flags, tags, ...row }): Promise<Tile> => {
      const thumb = await thumbOf(folder, image_path);
      const missing = image_missing ?? (thumb ? null : "There is no thumbnail of this figure.");
      return { ...row, thumb, missing, flags: flags ?? [], tags: tags?.split(", ") ?? [] };
    }),
  );
}
