// `node guardian.mjs FOLDER`: waits for the end of its input, which comes when the test stops its cluster and also when
// the test's process dies in whatever way; then ends all of the cluster in FOLDER and removes the folder.
import { rmSync } from "node:fs";
import { endAll, processesOf } from "./processes.mjs";

const [folder = ""] = process.argv.slice(2);
// A terminal's Ctrl-C is for the tests; their end is what counts here.
process.on("SIGINT", () => undefined).on("SIGTERM", () => undefined);
process.stdin.resume().on("end", async () => {
  await endAll(() => processesOf(`${folder}/slurm.conf`));
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
