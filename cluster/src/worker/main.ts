/** The worker program: `node worker.cjs RUN_FOLDER PHASE`. */
import { fork } from "node:child_process";
import { ConfigurationError, errorText } from "figloom/errors";
import { readWorkers } from "../run/beats.js";
import { RunFolder } from "../run/places.js";
import { DEFAULT_LIMITS } from "../run/plan.js";
import { guarded } from "./guard.js";
import { identityOf } from "./identity.js";
import { runWorker } from "./run-worker.js";

const [folder, phase] = process.argv.slice(2);

async function main(): Promise<number> {
  if (folder === undefined || phase === undefined)
    throw new ConfigurationError("Usage: worker.cjs RUN_FOLDER PHASE");
  return process.send ? work(folder, phase) : stayWith(folder, phase);
}

/** The worker itself: a child of {@link stayWith}, and leaves when that one is gone. */
function work(folder: string, phase: string): Promise<number> {
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  return runWorker(folder, phase);
}

function stayWith(folder: string, phase: string): Promise<number> {
  const { job, task } = identityOf();
  return guarded({
    start: () => fork(process.argv[1]!, [folder, phase]),
    async progress() {
      const states = await readWorkers(new RunFolder(folder)).catch(() => []);
      const own = states.filter((state) => state.job === job && state.task === task);
      return own.reduce((sum, { done, failed, reused }) => sum + done + failed + reused, 0);
    },
    // A figure that kills its worker may take all deaths of its shard, one after the other.
    most: DEFAULT_LIMITS.deaths + DEFAULT_LIMITS.restarts,
    pauseMs: 1000,
    say: (text) => console.error(text),
  });
}

// A connection or a query that is still open would keep the process.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof ConfigurationError ? errorText(error) : error);
    process.exit(1);
  },
);
