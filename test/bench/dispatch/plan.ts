/** Planning a run's shards, as the coordinator does it. */
import { writePlan } from "../../../cluster/src/run/plan-file.js";
import { RunFolder } from "../../../cluster/src/run/places.js";
import { Dataset } from "figloom/stages";
import { mainOf, makeWorkOf } from "./task.js";

void mainOf(async (task) => {
  const dataset = await Dataset.open(task.dataset);
  const work = await makeWorkOf(task)(dataset, task.spec, { signal: new AbortController().signal });
  const reader = await dataset.read();
  await writePlan(new RunFolder(task.run).phase("1-bench"), work.shards(reader, 10_000));
  reader.close();
});
