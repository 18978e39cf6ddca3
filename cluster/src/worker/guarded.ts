/** What engines start: `node guarded-worker.cjs RUN_FOLDER PHASE` starts the worker beside it, again where it died. */
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunFolder } from "../run/places.js";
import { DEFAULT_LIMITS, type RunPlan } from "../run/plan.js";
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

/** A dead worker's servers go within seconds, and hold their GPUs until then. */
function pauseMs(): number {
  try {
    const plan = JSON.parse(readFileSync(new RunFolder(args[0]!).plan, "utf8")) as RunPlan;
    const { serving } = plan.phases.find(({ id }) => id === args[1])!;
    return serving && "script" in serving ? 8000 : 1000;
  } catch {
    return 1000; // The worker says what is wrong with it.
  }
}

void guarded({
  start: () => fork(join(dirname(process.argv[1]!), "worker.cjs"), args),
  progress,
  // A figure that kills its worker may take all deaths of its shard, one after the other.
  most: DEFAULT_LIMITS.deaths + DEFAULT_LIMITS.restarts,
  pauseMs: pauseMs(),
  say: (text) => console.error(text),
}).then((code) => process.exit(code));
