import type { Settled } from "../dataset/quarantine.js";
import type { Dataset, Writer } from "../dataset/store.js";
import { runStage, type RunStageOptions } from "../stages/run-stage.js";
import type { Progress } from "../stages/stage.js";
import type { RunStageName, StageWork } from "../stages/work.js";
import type { Work } from "./work.js";

/** How a cell does a stage's work on all of its items: what comes of each goes straight into the dataset. */
export function inCell<In, Out, S extends RunStageName>(
  work: StageWork<In, Out, S>,
  { append, quarantine }: Writer<S>,
): Pick<RunStageOptions<In, Out>, "concurrency" | "basis" | "file" | "isDone" | "keep" | "refuse"> {
  const settle = (settled: Settled[]) =>
    Promise.all(settled.map(({ of, lines, key }) => quarantine.settle(of, lines, key)));
  return {
    concurrency: work.concurrency,
    basis: () => work.basis,
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

/** Does a stage's work on all of its items, and closes it. */
export function workAll<In, Out, S extends "ocr" | "score">(
  dataset: Dataset,
  work: StageWork<In, Out, S>,
  how: Work,
): Promise<Progress> {
  const about = { stage: work.name, stage_version: work.stage.version, shelf: work.shelf ?? undefined };
  return dataset.write(
    about,
    async (writer) => {
      const reader = await dataset.read(how.signal);
      try {
        return await runStage(work.stage, work.items(reader), {
          ...inCell(work, writer),
          ...how,
          total: await work.count(reader),
        });
      } finally {
        reader.close();
        await work.close();
      }
    },
    how.signal,
  );
}
