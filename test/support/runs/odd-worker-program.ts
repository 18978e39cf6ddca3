/**
 * The worker program with stages in which something odd happens, as FIGLOOM_TEST_ODDITIES says: so that tests find
 * workers in the middle of their work, and figures that kill them.
 */
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { workOf } from "figloom/stages";
import { runWorker } from "../../../cluster/src/worker/run-worker.js";
import type { MakeWork } from "../../../cluster/src/worker/materials.js";

export interface Oddities {
  /** Milliseconds that each item takes longer. */
  slowMs?: number;
  /** While this file is there no item ends. */
  hold?: string;
  /** Items that end all the same, the first ones. @default none */
  before?: number;
  /** A file that gets a line with the name of each item that is worked on. */
  log?: string;
  /** Items that kill their worker. */
  deadly?: string[];
}

const {
  slowMs = 0,
  hold,
  before = 0,
  log,
  deadly = [],
} = JSON.parse(process.env.FIGLOOM_TEST_ODDITIES ?? "{}") as Oddities;
let begun = 0;

const oddWork: MakeWork = async (dataset, spec, options) => {
  const work = await workOf(dataset, spec, options);
  const { stage } = work;
  return {
    ...work,
    concurrency: work.concurrency,
    stage: {
      ...stage,
      key: (item) => stage.key(item),
      async run(item, context) {
        const isHeld = ++begun > before;
        if (log !== undefined) appendFileSync(log, `${stage.key(item)}\n`);
        await sleep(slowMs, undefined, { signal: context.signal });
        while (isHeld && hold !== undefined && existsSync(hold))
          await sleep(10, undefined, { signal: context.signal });
        if (deadly.includes(stage.key(item))) process.kill(process.pid, "SIGKILL");
        return stage.run(item, context);
      },
    },
  };
};

const [folder, phase] = process.argv.slice(2) as [string, string];
runWorker(folder, phase, oddWork).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
