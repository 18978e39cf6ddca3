/** A worker of a run, as an engine would start it. */
import { runWorker } from "../../../cluster/src/worker/run-worker.js";
import { mainOf, makeWorkOf } from "./task.js";

void mainOf(async (task) => {
  const code = await runWorker(task.run, "1-bench", makeWorkOf(task));
  if (code !== 0) process.exit(code);
});
