import { basename } from "node:path";
import type { RowMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import type { MethodsOf } from "../service.js";
import { idsAt, tilesAt } from "../tiles.js";

type Methods = Pick<RowMethods, "about" | "rows" | "tiles" | "locate" | "ids">;

/** Rows of a query: how many, which, and where. */
export const rowMethods: MethodsOf<Methods> = (service) => ({
  async about() {
    const frame = await service.frame();
    const [counts] = await frame.all<{ figures: number; tables: number; papers: number }>(
      `SELECT (count(*) FILTER (float = 'figure'))::INTEGER AS figures,
              (count(*) FILTER (float = 'table'))::INTEGER AS tables,
              count(DISTINCT paper)::INTEGER AS papers FROM frame`,
    );
    const columns = [...frame.catalogue.values()];
    const named = (prefix: string) =>
      columns.filter(({ ref }) => ref.startsWith(prefix)).map(({ ref }) => ref.slice(prefix.length));
    return {
      name: basename(service.folder),
      folder: service.folder,
      ...counts!,
      columns: columns.map(({ ref, label, kind }) => ({ ref, label, kind })),
      captions: named("length."),
      metrics: [...new Set(named("score.").map((score) => score.slice(0, score.indexOf("@"))))],
    };
  },

  async rows(argument) {
    const { positions, groups } = await service.order(ask.checked(ask.rows, argument));
    return { total: positions.length, groups };
  },

  async tiles(argument) {
    const { from, count, ...rows } = ask.checked(ask.stretch(ask.TILES_LIMIT), argument);
    const { frame, positions } = await service.order(rows);
    return tilesAt(service.folder, frame, positions.subarray(from, from + count), rows.query.sort);
  },

  async locate(argument) {
    const { figure_id, ...rows } = ask.checked(ask.figureOfRows, argument);
    const { frame, positions } = await service.order(rows);
    const [found] = await frame.all<{ position: number }>(
      "SELECT rowid::INTEGER AS position FROM frame WHERE figure_id = $1",
      [figure_id],
    );
    const row = found ? positions.indexOf(found.position) : -1;
    return row < 0 ? null : row;
  },

  async ids(argument) {
    const { from, count, ...rows } = ask.checked(ask.stretch(ask.IDS_LIMIT), argument);
    const { frame, positions } = await service.order(rows);
    return idsAt(frame, positions.subarray(from, from + count));
  },
});
