import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRun } from "../../../../kernel-lib/src/lab/runs.js";
import type { RunEvent } from "../../../../kernel-lib/src/views/run.js";
import { EventLog } from "../../../../kernel-lib/src/work/event-log.js";
import { newRunName } from "../../../../kernel-lib/src/work/places.js";
import { freshFolder } from "../../../support/fresh-folder.js";

/** A run that a process of another machine does, and the hand that writes its events. */
async function elsewhere() {
  const dataset = await freshFolder();
  await writeFile(join(dataset, "dataset.json"), "{}");
  const name = newRunName("score", new Date(0));
  const log = new EventLog(dataset, name);
  const write = async (event: RunEvent) => {
    log.write(event);
    await log.flush();
  };
  await write({
    ...{ at: 1, event: "start", run: name, dataset, verb: "score", title: "score" },
    ...{ host: "elsewhere", pid: 1, process: null },
  });
  return { run: await findRun(dataset, name), write };
}
const END: RunEvent = { at: 9, event: "end", status: "finished", message: "9 scores" };

test("waiting for a run ends with it", async () => {
  const { run, write } = await elsewhere();
  const ended = run.wait({ signal: AbortSignal.timeout(50_000) });
  await write({ at: 2, event: "status", status: "running" });
  await write(END);
  expect((await ended).state).toMatchObject({ status: "finished", message: "9 scores" });
  expect((await (await run.refresh()).wait()).state.status).toBe("finished");
});

test("a wait that is interrupted leaves the run alone", async () => {
  const { run, write } = await elsewhere();
  const interrupt = new AbortController();
  const waiting = run.wait({ signal: interrupt.signal });
  interrupt.abort(new DOMException("Interrupted", "AbortError"));
  await expect(waiting).rejects.toThrow("Interrupted");
  await write({ at: 2, event: "status", status: "running" });
  expect((await run.refresh()).state.status).toBe("running");
});

test("what only runs on many workers have is refused with what to ask instead", async () => {
  const { run } = await elsewhere();
  for (const asked of [run.status(), run.logs(7), run.report()])
    await expect(asked).rejects.toThrow("was done by one process, which says all of it: await run.show()");
});
