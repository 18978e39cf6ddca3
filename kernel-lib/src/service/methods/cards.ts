import { list } from "../../dataset/sql.js";
import { cardsOf } from "../../lab/cards.js";
import type { RowMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import { oneOf } from "../clauses.js";
import type { Frame } from "../frame.js";
import type { MethodsOf } from "../service.js";
import { storedFigures } from "../stored-figures.js";
import { tilesAt } from "../tiles.js";

/** Copies of a figure that are shown. */
const DUPLICATES_LIMIT = 100;

/** All about single figures. */
export const cardMethods: MethodsOf<Pick<RowMethods, "cards" | "duplicates">> = (service) => ({
  async cards(argument) {
    const { figure_ids } = ask.checked(ask.figures, argument);
    const frame = await service.frame();
    const figures = await storedFigures(frame, oneOf(figure_ids));
    const cards = await cardsOf(frame.reader, service.folder, [...figures.values()]);
    const byId = new Map(cards.map((card) => [card.figure_id, card]));
    return figure_ids.map((id) => byId.get(id)).filter((card) => card !== undefined);
  },

  async duplicates(argument) {
    const { figure_id } = ask.checked(ask.figure, argument);
    const frame = await service.frame();
    const [own] = await frame.reader.all<{ sha256: string | null }>(
      "SELECT sha256 FROM figures WHERE figure_id = $1 AND paper_id = $2",
      [figure_id, await paperOf(frame, figure_id)],
    );
    if (!own?.sha256) return [];
    const alike = await frame.reader.all<{ file: string }>(
      `SELECT CASE WHEN first = $1 THEN second ELSE first END AS file FROM likenesses
       WHERE first = $1 OR second = $1 ORDER BY likeness DESC LIMIT ${DUPLICATES_LIMIT}`,
      [own.sha256],
    );
    const files = [own.sha256, ...alike.map(({ file }) => file)];
    const copies = await frame.reader.all<{ figure_id: string; sha256: string }>(
      `SELECT figure_id, sha256 FROM stored_figures WHERE sha256 IN (${inList(files)}) AND figure_id <> $1`,
      [figure_id],
    );
    const rank = new Map(copies.map((copy) => [copy.figure_id, files.indexOf(copy.sha256)]));
    const found = await frame.all<{ position: number; figure_id: string }>(
      `SELECT position, figure_id FROM frame WHERE ${oneOf([...rank.keys()])} ORDER BY position`,
    );
    found.sort((a, b) => rank.get(a.figure_id)! - rank.get(b.figure_id)!);
    return tilesAt(
      service.folder,
      frame,
      found.slice(0, DUPLICATES_LIMIT).map(({ position }) => position),
    );
  },
});

const inList = (texts: string[]): string => list(texts).slice(1, -1);

async function paperOf(frame: Frame, figure_id: string): Promise<string | null> {
  const [row] = await frame.all<{ paper_id: string }>("SELECT paper_id FROM frame WHERE figure_id = $1", [
    figure_id,
  ]);
  return row?.paper_id ?? null;
}
