import type { Reader, RunStageName } from "figloom/stages";

/** By whom, and how, some results were made. */
export interface Way {
  /** What is the same of all of them: captioner, model, prompt and its hash, sampling; reader; or scorer. */
  by: Record<string, string | number | null>;
  results: number;
  /** Captions by why they ended. */
  finish_reasons?: Record<string, number>;
}

/** Columns that tell one way from another. */
const COLUMNS = {
  ingest: ["kind"],
  ocr: ["reader"],
  recaption: ["variant", "captioner", "captioner_version", "model", "prompt_id", "prompt_hash", "sampling"],
  score: ["metric", "caption", "scorer", "scorer_version"],
} satisfies Record<RunStageName, string[]>;
const TABLE = {
  ingest: "papers",
  ocr: "picture_texts",
  recaption: "recaptions",
  score: "scores",
} satisfies Record<RunStageName, string>;

/** Counts what some of the dataset's runs hold. @param runs their names */
export async function waysOf(reader: Reader, stage: RunStageName, runs: readonly string[]): Promise<Way[]> {
  if (runs.length === 0) return [];
  const columns = COLUMNS[stage].join(", ");
  const picked = runs.map((run) => `'${run.replaceAll("'", "''")}'`).join(", ");
  const from = `FROM stored_${TABLE[stage]} WHERE run IN (${picked})`;
  type Row = Record<string, string | number | null>;
  const rows = await reader.all<Row & { results: number; finish_reason?: string | null }>(
    stage === "recaption"
      ? `SELECT ${columns}, finish_reason, count(*)::INTEGER AS results ${from} GROUP BY ALL ORDER BY ALL`
      : `SELECT ${columns}, count(*)::INTEGER AS results ${from} GROUP BY ALL ORDER BY ALL`,
  );
  const ways = new Map<string, Way>();
  for (const { results, finish_reason, ...by } of rows) {
    const way = ways.get(JSON.stringify(by)) ?? { by: by as Row, results: 0 };
    way.results += results;
    if (finish_reason != null) (way.finish_reasons ??= {})[finish_reason] = results;
    ways.set(JSON.stringify(by), way);
  }
  return [...ways.values()];
}
