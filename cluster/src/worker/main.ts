/** The worker program: `node worker.cjs RUN_FOLDER PHASE`. */
import { ConfigurationError, errorText } from "figloom/errors";
import { runWorker } from "./run-worker.js";

const [folder, phase] = process.argv.slice(2);

async function main(): Promise<number> {
  if (folder === undefined || phase === undefined)
    throw new ConfigurationError("Usage: worker.cjs RUN_FOLDER PHASE");
  return runWorker(folder, phase);
}

// A connection or a query that is still open would keep the process.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof ConfigurationError ? errorText(error) : error);
    process.exit(1);
  },
);
