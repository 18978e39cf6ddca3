/** What engines start: `node guarded-worker.cjs RUN_FOLDER PHASE` starts the worker beside it, again where it died. */
import { fork } from "node:child_process";
import { dirname, join } from "node:path";
import { RunFolder } from "../run/places.js";
import { DEFAULT_LIMITS } from "../run/plan.js";
import { guarded } from "./guard.js";
import { identityOf } from "./identity.js";

const { job, task } = identityOf();
const args = process.argv.slice(2);

/** Loads figloom only once a worker has died: this process may stay for days. */
async function progress(): Promise<number> {
  const { readWorkers } = await import("../run/beats.js");
  const states = await readWorkers(new RunFolder(args[0]!)).catch(() => []);
  const own = states.filter((state) => state.job === job && state.task === task);
  return own.reduce((sum, { done, failed, reused }) => sum + done + failed + reused, 0);
}

void guarded({
  start: () => fork(join(dirname(process.argv[1]!), "worker.cjs"), args),
  progress,
  // A figure that kills its worker may take all deaths of its shard, one after the other.
  most: DEFAULT_LIMITS.deaths + DEFAULT_LIMITS.restarts,
  pauseMs: 1000,
  say: (text) => console.error(text),
}).then((code) => process.exit(code));
