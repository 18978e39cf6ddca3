import type { Reader } from "../../dataset/query.js";
import { pictureVectors } from "../../dataset/vectors.js";
import type { ScoreItem } from "./score-items.js";

/** Figures whose vectors are looked for together: each look reads a part of a file, each vector has some kilobytes. */
const TOGETHER = 256;

/**
 * Captions, each with the vector of its picture that a model gave in an earlier run. Nothing is read for those that are
 * done.
 */
export async function* withPictureVectors(
  reader: Reader,
  model: string,
  items: AsyncIterable<ScoreItem>,
): AsyncGenerator<ScoreItem> {
  for await (const some of byFigures(items)) {
    const open = some.filter(({ key, known }) => key !== known);
    const vectors = await pictureVectors(
      reader,
      model,
      open.map(({ figure }) => figure),
    );
    for (const item of some) yield { ...item, picture_vector: vectors.get(item.figure.figure_id) ?? null };
  }
}

/** The captions of some figures at a time. A figure's stand together. */
async function* byFigures(items: AsyncIterable<ScoreItem>): AsyncGenerator<ScoreItem[]> {
  let some: ScoreItem[] = [];
  let figures = 0;
  for await (const item of items) {
    if (item.figure.figure_id !== some.at(-1)?.figure.figure_id && ++figures > TOGETHER) {
      yield some;
      [some, figures] = [[], 1];
    }
    some.push(item);
  }
  yield some;
}
