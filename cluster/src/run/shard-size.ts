import type { RunStageName } from "figloom/stages";

/**
 * Bounds of a shard's items. Fewer are not worth a lease, which for papers, and pictures that Tesseract reads, at a second or more each, a few are; more are
 * too much to lose sight of. A node of eight GPUs asks about some hundred figures a second; with two shards at hand it
 * idles when one's last answers take longer than all questions of the next, see docs/scale.md.
 */
const LEAST: Record<RunStageName, number> = { ingest: 4, ocr: 4, recaption: 50, score: 50 };
const MOST = 10_000;
/** Shards that each worker gets, so that all end at about the same time. */
const SHARDS_EACH = 8;

/**
 * How many items a shard gets unless the user says otherwise: enough shards for every worker to have several, none too
 * small or too large; a round number.
 * @param items of the phase
 */
export function shardSizeOf(stage: RunStageName, items: number, workers: number): number {
  const size = Math.min(MOST, Math.max(LEAST[stage], items / (workers * SHARDS_EACH)));
  return size < 10 ? Math.ceil(size) : Math.ceil(size / 10) * 10;
}
