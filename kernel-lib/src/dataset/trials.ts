import type { Recaption, TrialCaption } from "../model.js";
import type { Reader } from "./query.js";

/**
 * Captions that were made under these keys, in trials or in runs over the dataset, however long ago: the same key stands
 * for the same question, whoever asked it.
 */
export async function answersTo(reader: Reader, keys: readonly string[]): Promise<Map<string, TrialCaption>> {
  const asked = "result_key IN (SELECT unnest($1::JSON::VARCHAR[]))";
  const rows = await reader.all<TrialCaption & { result_key: string }>(
    `SELECT * EXCLUDE (run), 0 AS repeat FROM stored_recaptions WHERE ${asked}
     UNION ALL BY NAME SELECT * EXCLUDE (run) FROM trials WHERE ${asked}`,
    [JSON.stringify(keys)],
  );
  return new Map(rows.map(({ result_key, ...answer }) => [result_key, answer]));
}

/** A variant's captions that were made in trials, by key: what a run over the dataset need not ask again. */
export async function triedCaptions(reader: Reader, variant: string): Promise<Map<string, Recaption>> {
  const rows = await reader.all<Recaption & { result_key: string }>(
    "SELECT * EXCLUDE (run, repeat) FROM trials WHERE variant = $1 AND repeat = 0",
    [variant],
  );
  return new Map(rows.map(({ result_key, ...caption }) => [result_key, caption]));
}
