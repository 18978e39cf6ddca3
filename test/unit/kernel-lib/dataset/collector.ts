/** A program that collects captions, as soon as nobody else does: `node collect.cjs DATASET PARTS-AS-JSON`. */
import { setTimeout as sleep } from "node:timers/promises";
import { collectResults, type Part } from "../../../../kernel-lib/src/dataset/collect.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";

const ABOUT = { stage: "recaption", stage_version: 1, shelf: "extractive" } as const;

async function collect(folder: string, parts: Part[]): Promise<void> {
  const dataset = await Dataset.open(folder);
  while ((await collectResults(dataset, ABOUT, parts)) === "busy") await sleep(5);
}

void collect(process.argv[2]!, JSON.parse(process.argv[3]!) as Part[]);
