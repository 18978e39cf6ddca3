/** Work done by shards, as workers on other machines do it, without the machines. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectResults, type Part } from "../../../../../kernel-lib/src/dataset/collect.js";
import { readFailures } from "../../../../../kernel-lib/src/dataset/quarantine.js";
import { reading, type Reader } from "../../../../../kernel-lib/src/dataset/query.js";
import type { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { runStage } from "../../../../../kernel-lib/src/stages/run-stage.js";
import type { RunStageName, Shard, StageWork } from "../../../../../kernel-lib/src/stages/work.js";
import { collected } from "../../dataset/samples.js";

export type Work = StageWork<unknown, unknown, RunStageName>;

export const shardsOf = (dataset: Pick<Dataset, "folder">, work: Work, size: number): Promise<Shard[]> =>
  reading(dataset.folder, (reader) => collected(work.shards(reader, size)));

export const keysIn = async (reader: Reader, work: Work, shard?: Shard): Promise<string[]> =>
  (await collected(work.items(reader, shard?.range))).map((item) => work.stage.key(item));

/** Does the shards, and leaves the results of each in files. */
export async function doShards(
  dataset: Dataset,
  work: Work,
  shards: readonly Shard[],
  name = "run",
): Promise<Part[]> {
  const folder = join(dataset.folder, "work", name);
  await mkdir(folder, { recursive: true });
  const failures = await readFailures(dataset.folder, work.name);
  return reading(dataset.folder, async (reader) => {
    const parts: Part[] = [];
    for (const { id, range } of shards) {
      const [entries, settled]: [unknown[], unknown[]] = [[], []];
      await runStage(work.stage, work.items(reader, range), {
        concurrency: work.concurrency,
        signal: new AbortController().signal,
        file: (item) => work.file(item),
        isDone: (item) => work.isDone(item, failures.get(work.subject(item)) ?? null),
        keep(item, result) {
          const outcome = work.outcome(item, result);
          if (outcome.entry !== null) entries.push(outcome.entry);
          settled.push(...outcome.settled);
          return Promise.resolve(!outcome.reused);
        },
        refuse(item, line, error) {
          settled.push(...work.failure(item, line, error));
          return Promise.resolve();
        },
      });
      const path = join(folder, id);
      parts.push({
        id: `${name}/${id}`,
        entries: await written(`${path}.jsonl`, entries),
        settled: await written(`${path}.settled.jsonl`, settled),
      });
    }
    return parts;
  });
}

async function written(path: string, lines: readonly unknown[]): Promise<string | null> {
  if (lines.length === 0) return null;
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

export const collect = (dataset: Dataset, work: Work, parts: readonly Part[]) =>
  collectResults(dataset, { stage: work.name, stage_version: work.stage.version, shelf: work.shelf }, parts);

/** Everything that readers see of a table, runs and times aside. */
export const seen = (folder: string, table: string): Promise<Record<string, unknown>[]> =>
  reading(folder, (reader) =>
    reader.all(`SELECT COLUMNS(c -> c NOT IN ('run', 'seconds')) FROM ${table} ORDER BY ALL`),
  );
