/** The work in one plain loop: what it yields goes straight to the dataset. */
import { Dataset, runStage } from "figloom/stages";
import { mainOf, makeWorkOf, type Task } from "./task.js";

async function loop(task: Task): Promise<void> {
  const { signal } = new AbortController();
  const dataset = await Dataset.openOrCreate(task.dataset);
  const work = await makeWorkOf(task)(dataset, task.spec, { signal });
  const about = { stage: work.name, stage_version: work.stage.version, shelf: work.shelf! };
  await dataset.write(about, async ({ append }) => {
    const reader = await dataset.read();
    const end = await runStage(work.stage, work.items(reader), {
      ...{ concurrency: work.concurrency, signal, file: (item) => work.file(item) },
      async keep(item, result) {
        await append(work.outcome(item, result).entry as Parameters<typeof append>[0]);
        return true;
      },
      refuse: (_item, { message }) => Promise.reject(new Error(message)),
    });
    reader.close();
    return end;
  });
}

void mainOf(loop);
