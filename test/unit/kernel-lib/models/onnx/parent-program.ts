/** Starts a model's process, prints its process id, and stays. */
import { readFileSync } from "node:fs";
import { ModelProcess } from "../../../../../kernel-lib/src/models/onnx/process.js";

const model = new ModelProcess("clip", process.argv[2]!, { threads: 1 });
void model.load(new AbortController().signal).then(() => {
  const [child] = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").split(" ");
  console.log(child);
  setInterval(() => undefined, 1000);
});
