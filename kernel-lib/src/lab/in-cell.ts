import type { Settled } from "../dataset/quarantine.js";
import type { Writer } from "../dataset/store.js";
import type { RunStageOptions } from "../stages/run-stage.js";
import type { RunStageName, StageWork } from "../stages/work.js";

/** How a cell does a stage's work on all of its items: what comes of each goes straight into the dataset. */
export function inCell<In, Out, S extends RunStageName>(
  work: StageWork<In, Out, S>,
  { append, quarantine }: Writer<S>,
): Pick<RunStageOptions<In, Out>, "concurrency" | "file" | "isDone" | "keep" | "refuse"> {
  const settle = (settled: Settled[]) =>
    Promise.all(settled.map(({ of, lines, key }) => quarantine.settle(of, lines, key)));
  return {
    concurrency: work.concurrency,
    file: (item) => work.file(item),
    isDone: (item) => work.isDone(item, quarantine.failedWith(work.subject(item))),
    async keep(item, result) {
      const { entry, settled, reused } = work.outcome(item, result);
      if (entry !== null) await append(entry);
      await settle(settled);
      return !reused;
    },
    async refuse(item, line, error) {
      await settle(work.failure(item, line, error));
    },
  };
}
