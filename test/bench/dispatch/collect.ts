import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectResults, Dataset, type Part as Results } from "figloom/stages";
import type { Part } from "../support/report.js";
import { timed } from "../support/timing.js";
import { idleWork } from "./idle-work.js";

const SHARDS = 20;
const FIGURES = 10_000;

/** Bringing the results of shards into the dataset, which one worker does while the others go on. */
export async function benchCollect(rounds: number, scratch: string): Promise<Part> {
  const { outcome, stage } = idleWork(SHARDS * FIGURES, 1);
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    const folder = join(scratch, `collect-${round}`);
    mkdirSync(folder, { recursive: true });
    const dataset = await Dataset.openOrCreate(join(folder, "dataset"));
    const parts: Results[] = [];
    let bytes = 0;
    for (let shard = 0; shard < SHARDS; shard++) {
      const lines: string[] = [];
      for (let figure = shard * FIGURES; figure < (shard + 1) * FIGURES; figure++) {
        const made = await stage.run(figure, { signal: new AbortController().signal });
        lines.push(JSON.stringify(outcome(figure, made).entry));
      }
      const entries = join(folder, `${shard}.jsonl`);
      const text = `${lines.join("\n")}\n`;
      bytes += text.length;
      writeFileSync(entries, text);
      parts.push({ id: `bench/1-bench/${shard}`, entries, settled: null });
    }
    const about = { stage: "score", stage_version: 1, shelf: "idle" } as const;
    const seconds = (await timed(() => collectResults(dataset, about, parts))) / 1000;
    rows.push({ MB: bytes / 1e6, seconds, "results a second": (SHARDS * FIGURES) / seconds });
  }
  return {
    ...{ title: "Collecting the results of done shards into the dataset", commands: {}, figures: {}, rows },
    items: `${SHARDS} shards of ${FIGURES.toLocaleString("en")} figures`,
  };
}
