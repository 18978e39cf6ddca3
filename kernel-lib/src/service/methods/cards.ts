import { oneOf } from "../../dataset/sql.js";
import type { RowMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import type { MethodsOf } from "../service.js";
import { cardsFor, storedFigure } from "../stored-figures.js";
import { tilesAt } from "../tiles.js";

/** Copies of a figure that are shown. */
const DUPLICATES_LIMIT = 100;

/** All about single figures. */
export const cardMethods: MethodsOf<Pick<RowMethods, "cards" | "duplicates">> = (service) => ({
  async cards(argument) {
    const { figure_ids } = ask.checked(ask.figures, argument);
    const frame = await service.frame();
    return cardsFor(frame, service.folder, figure_ids);
  },

  async duplicates(argument) {
    const { figure_id } = ask.checked(ask.figure, argument);
    const frame = await service.frame();
    const own = await storedFigure(frame, figure_id);
    if (!own?.sha256) return [];
    const alike = await frame.all<{ file: string }>(
      `SELECT CASE WHEN first = $1 THEN second ELSE first END AS file FROM likenesses
       WHERE first = $1 OR second = $1 ORDER BY likeness DESC LIMIT ${DUPLICATES_LIMIT}`,
      [own.sha256],
    );
    const files = [own.sha256, ...alike.map(({ file }) => file)];
    const copies = await frame.all<{ position: number; sha256: string }>(
      `SELECT frame.rowid::INTEGER AS position, sha256
       FROM (SELECT figure_id, sha256 FROM stored_figures JOIN paper USING (paper_id, run) WHERE ${oneOf("sha256", files)})
       JOIN frame USING (figure_id) WHERE figure_id <> $1 ORDER BY paper, frame.ordinal`,
      [figure_id],
    );
    copies.sort((a, b) => files.indexOf(a.sha256) - files.indexOf(b.sha256));
    return tilesAt(
      service.folder,
      frame,
      copies.slice(0, DUPLICATES_LIMIT).map(({ position }) => position),
    );
  },
});
