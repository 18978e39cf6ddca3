import { thumbOf } from "../dataset/images.js";
import { literal } from "../dataset/sql.js";
import type { Tile } from "../views/dataset-service.js";
import type { Sort } from "../views/query.js";
import { oneOf } from "./clauses.js";
import type { Frame } from "./frame.js";

type Row = Omit<Tile, keyof FromPaper | keyof Review | "thumb" | "missing" | "flags"> & {
  position: number;
  image_path: string | null;
  image_missing: string | null;
  flags: string | null;
};
type FromPaper = Pick<Tile, "paper_title" | "discipline">;
type Review = Pick<Tile, "verdict" | "tags">;

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
  const flags = frame.catalogue.has("figure.flags") ? await frame.column("figure.flags") : "NULL";
  const value = sort ? await frame.column(sort.column) : "NULL";
  const found = await frame.all<Row>(
    `SELECT position, figure_id, paper_id, float, number, label, caption, image_path, image_missing, ${flags} AS flags,
            ${value} AS value
     FROM frame WHERE position IN (${Array.from(positions).join(",")})`,
  );
  const [papers, reviews] = [await papersOf(frame, found), await reviewsOf(frame, found)];
  const rows = new Map(found.map((row) => [row.position, row]));
  const wanted = Array.from(positions, (position) => rows.get(position)).filter((row) => row !== undefined);
  return Promise.all(
    wanted.map(async ({ position: _, image_path, image_missing, flags, ...row }): Promise<Tile> => {
      const thumb = await thumbOf(folder, image_path);
      return {
        ...row,
        ...(papers.get(row.paper_id) ?? { paper_title: null, discipline: null }),
        ...(reviews.get(row.figure_id) ?? { verdict: null, tags: [] }),
        thumb,
        missing: image_missing ?? (thumb ? null : "There is no thumbnail of this figure."),
        flags: flags?.split(", ") ?? [],
      };
    }),
  );
}

async function papersOf(frame: Frame, rows: readonly Row[]): Promise<Map<string, FromPaper>> {
  const ids = [...new Set(rows.map(({ paper_id }) => paper_id))].map(literal);
  const papers = await frame.all<FromPaper & { paper_id: string }>(
    `SELECT paper_id, title AS paper_title, discipline FROM paper WHERE paper_id IN (${ids.join(", ")})`,
  );
  return new Map(papers.map(({ paper_id, ...paper }) => [paper_id, paper]));
}

async function reviewsOf(frame: Frame, rows: readonly Row[]): Promise<Map<string, Review>> {
  const reviews = await frame.all<Review & { figure_id: string }>(
    `SELECT figure_id, verdict, tags FROM reviews WHERE ${oneOf(rows.map(({ figure_id }) => figure_id))}`,
  );
  return new Map(reviews.map(({ figure_id, ...review }) => [figure_id, review]));
}
