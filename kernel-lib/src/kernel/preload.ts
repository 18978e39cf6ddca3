/**
 * Mends tslab 1.0 from outside; load with `node --require` before `tslab kernel`. Each file in `mends/` names the
 * defect that it mends. Without this file everything in figloom still works in a notebook, with tslab's defects.
 *
 * Worker threads and child processes inherit `--require`: there, this does nothing.
 */
import { basename } from "node:path";
import { isMainThread } from "node:worker_threads";
import { mendErrors } from "./mends/errors.js";
import { mendGlobalTypes } from "./mends/global-types.js";
import { mendIopub } from "./mends/iopub.js";
import { mendOrphan } from "./mends/orphan.js";
import { mendOutput } from "./mends/output.js";
import { mendProtocol } from "./mends/protocol.js";
import { loadTslab, misfit } from "./mends/tslab.js";
import { mendWatching } from "./mends/watching.js";
import { kernelState } from "./state.js";

const [, program, command] = process.argv;
if (isMainThread && program && /^tslab(\.cmd)?$/.test(basename(program)) && command === "kernel")
  mend(program);

function mend(program: string): void {
  mendOrphan();
  const tslab = loadTslab(program, process.cwd());
  const reason = misfit(tslab);
  if (reason) {
    console.error(`figloom mends tslab 1.0, and this tslab does not fit: ${reason}. It runs as it is.`);
    return;
  }
  mendIopub(tslab);
  mendErrors(tslab);
  mendOutput(tslab);
  mendProtocol(tslab);
  mendWatching(tslab);
  mendGlobalTypes(tslab);
  kernelState.mended = tslab.version;
}
