import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Captioner } from "../../../../kernel-lib/src/captions/captioner.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { ItemError } from "../../../../kernel-lib/src/errors.js";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import type { Run } from "../../../../kernel-lib/src/lab/runs.js";
import { runsDesk } from "../../../../kernel-lib/src/desks/runs.js";
import { foldRuns, type RunState } from "../../../../kernel-lib/src/views/run.js";
import type { RunMethods, RunServiceEvents } from "../../../../kernel-lib/src/views/run-service.js";
import { inProcessLink } from "../../../support/in-process-link.js";
import { bundleCommand, run, start } from "../cli/bundle.js";
import { writePapers } from "../cli/papers.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry, sampleRecaption } from "../dataset/samples.js";

const FIGURES = 30;
/** So many that there is time to pause. */
const PAPERS = 150;

async function lab(): Promise<Lab> {
  const path = join(await freshFolder(), "d");
  const dataset = await Dataset.openOrCreate(path);
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) =>
    writer.append(sampleEntry("p", FIGURES)),
  );
  return openLab(path);
}

/** Captions a figure whenever it is told to; every tenth fails. */
class Steered implements Captioner {
  readonly id = "steered";
  readonly version = 1;
  readonly variant = "steered";
  readonly concurrency = 2;
  readonly asked: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #free = false;

  async caption({ figure: { figure_id } }: Parameters<Captioner["caption"]>[0]) {
    this.asked.push(figure_id);
    if (!this.#free) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (/[05]$/.test(figure_id))
      throw new ItemError({ reason: "blurred", message: `${figure_id} is blurred.`, wayOut: "None." });
    return sampleRecaption(figure_id, { variant: "steered" });
  }

  /** Finishes those at work. */
  step(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  finish(): void {
    this.#free = true;
    this.step();
  }
}

const newest = async (open: Lab): Promise<Run> => (await open.runs())[0]!;
const status = async (open: Lab) => (await newest(open)).state.status;

describe("the runs of a dataset", () => {
  it("are listed while they go on and afterwards, with what failed and why", async () => {
    const open = await lab();
    const captioner = new Steered();
    const work = open.recaption({ captioner });
    await vi.waitFor(async () => expect(captioner.asked).toHaveLength(2));
    expect((await newest(open)).state).toMatchObject({ verb: "recaption", title: "recaption with steered" });
    captioner.finish();
    const result = await work;
    const [only, ...others] = await open.runs();
    expect(others).toEqual([]);
    expect(only!.state).toMatchObject({ status: "finished", pid: process.pid });
    expect(only!.state.message).toBe(`${String(result)} · why: await lab.quarantine()`);
    const { state } = await only!.refresh();
    expect(state.parts).toMatchObject([{ stage: "recaption", total: FIGURES, done: result.made }]);
    expect(state.failures).toMatchObject([{ reason: "blurred", count: result.quarantined }]);
    expect(state.failures[0]!.samples[0]!.message).toMatch(/is blurred/);
    expect(String(only)).toContain(": finished. ");
  });

  it("say of several metrics which each part measures", async () => {
    const open = await lab();
    await open.score(["support", "form"], { variant: "raw" });
    expect((await newest(open)).state.parts).toMatchObject([
      { stage: "score support", done: FIGURES },
      { stage: "score form", done: FIGURES },
    ]);
  });

  it("leave no trace where nothing was to be done", async () => {
    const open = await lab();
    const captioner = new Steered();
    captioner.finish();
    await open.recaption({ captioner });
    await open.recaption({ captioner });
    expect(await open.runs()).toHaveLength(1);
  });

  it("are no hindrance where they cannot be written down", async () => {
    const open = await lab();
    await writeFile(join(open.path, "work"), "a file where a folder should be");
    const captioner = new Steered();
    captioner.finish();
    expect(await open.recaption({ captioner })).toMatchObject({ made: expect.any(Number) as number });
  });

  it("say that they stopped by an error, and which", async () => {
    const open = await lab();
    await expect(open.recaption({ where: "no_such_column = 1" })).rejects.toThrow(/no_such_column/);
    expect((await newest(open)).state).toMatchObject({ status: "failed" });
    expect((await newest(open)).state.message).toMatch(/^Stopped by an error\. .*no_such_column/);
  });
});

describe("a run that is paused", () => {
  it("finishes what is at work, begins nothing, and goes on when it is resumed", async () => {
    const open = await lab();
    const captioner = new Steered();
    const work = open.recaption({ captioner });
    await vi.waitFor(() => expect(captioner.asked).toHaveLength(2));
    captioner.step();
    await vi.waitFor(() => expect(captioner.asked).toHaveLength(4));
    const handle = await newest(open);
    await handle.pause();
    expect(await status(open)).toBe("pausing");
    captioner.step();
    await vi.waitFor(async () => expect(await status(open)).toBe("paused"));
    await delay(50);
    expect(captioner.asked).toHaveLength(4);
    await handle.resume();
    expect(await status(open)).toBe("running");
    captioner.finish();
    expect(await work).toMatchObject({ quarantined: expect.any(Number) as number });
    expect(captioner.asked).toHaveLength(FIGURES);
    await expect(handle.pause()).rejects.toThrow(/has ended; there is nothing to pause/);
  });

  it("can be cancelled, keeps what it has, and is gone on with by the same call", async () => {
    const open = await lab();
    const captioner = new Steered();
    const work = open.recaption({ captioner });
    const ended = expect(work).rejects.toThrow(/^Cancelled\. What is done is kept/);
    await vi.waitFor(() => expect(captioner.asked).toHaveLength(2));
    await (await newest(open)).pause();
    await (await newest(open)).cancel();
    await ended;
    expect((await newest(open)).state).toMatchObject({ status: "cancelled" });
    captioner.finish();
    await open.recaption({ captioner });
    expect((await open.runs()).map(({ state }) => state.status)).toEqual(["finished", "cancelled"]);
  });
});

describe("a page that watches a run", () => {
  it("folds what it hears into the state that the kernel has, and steers it", async () => {
    const open = await lab();
    const captioner = new Steered();
    const work = open.recaption({ captioner });
    await vi.waitFor(() => expect(captioner.asked).toHaveLength(2));
    const { name } = await newest(open);
    const link = inProcessLink<RunMethods, RunServiceEvents>((emit) => runsDesk(emit));
    const about = { dataset: open.path, run: name };
    let seen: RunState | null = await link.ask("watch", about);
    link.on("run", ({ events }) => (seen = foldRuns(events, seen)));
    await link.ask("pause", about);
    await vi.waitFor(() => expect(seen!.status).toBe("pausing"));
    await link.ask("resume", about);
    captioner.finish();
    await work;
    await vi.waitFor(() => expect(seen!.status).toBe("finished"));
    expect(seen).toEqual((await (await newest(open)).refresh()).state);
    expect(await link.ask("runs", { datasets: [open.path] })).toMatchObject([{ run: name }]);
    expect(await link.ask("cancel", about)).toBe(false);
    await expect(link.ask("watch", { dataset: open.path, run: "../../etc" })).rejects.toThrow(
      /cannot be asked/,
    );
  });
});

describe("a run of another process", () => {
  let command: string;
  beforeAll(async () => {
    command = await bundleCommand();
  });

  it("is paused from here, lost when its process is killed, and done by the same command again", async () => {
    const folder = await freshFolder();
    const [papers, dataset] = [join(folder, "papers"), join(folder, "dataset")];
    await writePapers(papers, PAPERS);
    const ingest = ["ingest", papers, "--out", dataset, "--jobs", "1"];
    const child = start(command, ingest);
    const exit = once(child, "exit");
    const limit = { timeout: 30_000, interval: 50 };
    const seen = await vi.waitFor(async () => {
      const found = await newest(await openLab(dataset, { create: false }));
      expect(found.state.status).toBe("running");
      return found;
    }, limit);
    const link = inProcessLink<RunMethods, RunServiceEvents>((emit) => runsDesk(emit));
    let followed = await link.ask("watch", { dataset, run: seen.name });
    link.on("run", ({ events }) => (followed = foldRuns(events, followed)));
    await seen.pause();
    await vi.waitFor(() => expect(followed!.status).toBe("paused"), limit);
    const done = (await seen.refresh()).state.parts[0]!.done;
    expect(done).toBeLessThan(PAPERS);
    child.kill("SIGKILL");
    await exit;
    await vi.waitFor(() => expect(followed!.status).toBe("lost"), limit);
    expect((await seen.refresh()).state.message).toMatch(
      new RegExp(
        `^Lost with its process .*: ${done} new results? (is|are) kept; run the same again to go on`,
      ),
    );
    expect(await run(command, ingest)).toMatchObject({ code: 0 });
    const listed = await run(command, ["runs", dataset]);
    expect(listed.stdout.trim().split("\n")).toEqual([
      expect.stringMatching(/ingest 150 papers: finished\. 150 papers/),
      expect.stringMatching(/ingest 150 papers: lost\. /),
      "2 runs, 0 under way",
    ]);
  });
});
