import { resolve } from "node:path";
import { z } from "zod";
import { answerOn, type Desk, type Emit } from "../kernel/answer.js";
import { RUN_TARGET, type RunMethods, type RunName, type RunServiceEvents } from "../views/run-service.js";
import { clusterRuns } from "../work/cluster-runs.js";
import { readRuns } from "../work/events-file.js";
import { askRun, followRun } from "../work/follow.js";
import { isRunName } from "../work/places.js";
import type { RunRequest } from "../work/requests.js";
import { checked, folder } from "../service/arguments.js";
import { datasetsBelow } from "./prompt-lab/workspace.js";

const LIST = z.object({ datasets: z.array(folder).max(1000).nullable() });
/** How long the datasets that were found are taken for all there are. */
const FOUND_MS = 30_000;
const NAME = z.object({
  dataset: folder.nullable(),
  run: z.string().refine(isRunName, "that is no run's name"),
});

const LOG = NAME.extend({ dataset: folder, phase: z.string().max(200), task: z.string().max(200) });

/** Answers pages that ask about runs, see `views/run-service.ts`. @returns ends it */
export const answerAboutRuns = (): (() => void) =>
  answerOn<RunMethods, RunServiceEvents>(RUN_TARGET, (_, emit) => runsDesk(emit));

/** What answers one page. */
export function runsDesk(emit: Emit<RunServiceEvents>): Desk<RunMethods> {
  let found: { at: number; datasets: Promise<string[]> } | null = null;
  const all = (): Promise<string[]> => {
    const now = performance.now();
    if (!found || now - found.at > FOUND_MS) found = { at: now, datasets: datasetsBelow(process.cwd()) };
    return found.datasets;
  };
  const watching = new Map<string, AbortController>();
  const ask = (request: RunRequest) => (name: RunName) => {
    const { dataset, run } = nameOf(name);
    return askRun(dataset, run, request);
  };
  return {
    handlers: {
      async runs(argument) {
        const { datasets } = checked(LIST, argument);
        const folders = new Set((datasets ?? (await all())).map((one) => resolve(one)));
        const runs = await Promise.all([...folders].map((folder) => readRuns(folder)));
        return runs.flat().sort((a, b) => b.started - a.started);
      },
      watch(name) {
        const { dataset, run } = nameOf(name);
        watching.get(run)?.abort();
        const controller = new AbortController();
        watching.set(run, controller);
        return followRun(dataset, run, (events) => emit("run", { run, events }), controller.signal);
      },
      pause: ask("pause"),
      resume: ask("resume"),
      cancel: ask("cancel"),
      async log(argument) {
        const { phase, task, ...name } = checked(LOG, argument);
        const cluster = await clusterRuns();
        const logs = await cluster.logs(resolve(name.dataset), name.run, { task });
        const log = logs.find((one) => one.phase === phase);
        return { stdout: log?.stdout ?? "", stderr: log?.stderr ?? "" };
      },
    },
    close() {
      for (const controller of watching.values()) controller.abort();
    },
  };
}

function nameOf(name: RunName): RunName {
  const { dataset, run } = checked(NAME, name);
  return { dataset: dataset === null ? null : resolve(dataset), run };
}
