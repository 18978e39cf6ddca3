/** A program that collects: `node collect.cjs DATASET`, with what is to be collected in `work/parts.json`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { collectResults } from "../../../../kernel-lib/src/dataset/collect.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";

const folder = process.argv[2]!;
const { about, parts } = JSON.parse(readFileSync(join(folder, "work", "parts.json"), "utf8")) as {
  about: Parameters<typeof collectResults>[1];
  parts: Parameters<typeof collectResults>[2];
};
void Dataset.open(folder).then((dataset) => collectResults(dataset, about, parts));
