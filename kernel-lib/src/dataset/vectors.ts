import type { Reader } from "./query.js";
import { literal, oneOf } from "./sql.js";

/** A figure's picture, as it is now. */
export interface Pictured {
  figure_id: string;
  sha256: string | null;
}

/**
 * Vectors that a model gave of just these pictures, by figure. For some hundred figures that stand near each other: each
 * vector has some kilobytes, and other parts of files are passed over.
 */
export async function pictureVectors(
  reader: Reader,
  model: string,
  pictures: readonly Pictured[],
): Promise<Map<string, number[]>> {
  const now = new Map(
    pictures.flatMap(({ figure_id, sha256 }) => (sha256 === null ? [] : [[figure_id, sha256]])),
  );
  if (now.size === 0) return new Map();
  const rows = await reader.all<{ figure_id: string; sha256: string | null; vector: number[] }>(
    `SELECT figure_id, sha256, vector FROM embeddings
     WHERE caption IS NULL AND model = ${literal(model)} AND ${oneOf("figure_id", [...now.keys()])}`,
  );
  return new Map(
    rows
      .filter(({ figure_id, sha256 }) => sha256 === now.get(figure_id))
      .map(({ figure_id, vector }) => [figure_id, vector]),
  );
}
