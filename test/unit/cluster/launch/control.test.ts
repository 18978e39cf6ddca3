import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { cancelRun, pauseRun, resumeRun } from "../../../../cluster/src/launch/control.js";
import { look } from "../../../../cluster/src/launch/look.js";
import { planRun } from "../../../../cluster/src/launch/plan.js";
import { openRun, type Launched } from "../../../../cluster/src/launch/read.js";
import { createRun, submitPhases } from "../../../../cluster/src/launch/submit.js";
import { readControl, stopRun } from "../../../../cluster/src/run/control.js";
import { RunFolder } from "../../../../cluster/src/run/places.js";
import { identify } from "../../../../kernel-lib/src/processes/index.js";
import { FakeEngine } from "./fake-engine.js";

const base = mkdtempSync(join(tmpdir(), "figloom-launch-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const RUN = "20261121T143355Z-recaption-score-3f2a9c";
let number = 0;
let engine: FakeEngine;
let launched: Launched;

/** A run of two phases on two workers each, written down and not submitted. */
beforeEach(async () => {
  const dataset = join(base, String(++number));
  mkdirSync(dataset);
  writeFileSync(join(dataset, "dataset.json"), "{}");
  const folder = new RunFolder(join(dataset, "work", RUN));
  const plan = planRun(
    { stages: ["recaption", "score"], workers: 2 },
    {
      ...{ run: RUN, folder: folder.path, dataset, created: new Date(0), version: "0.1.0", nodes: 1 },
      ...{ engine: { name: "local", options: {} }, program: ["/node", "/worker.cjs"], sources: "/none" },
      ...{ ask: null, reads: null, serving: null, items: { recaption: 10, score: 10 }, device: "cpu" },
      measured: [{ metric: "support", scorer: { kind: "support", options: {} }, id: "support-lexical" }],
    },
  );
  await createRun(folder, plan, () => Promise.resolve());
  engine = new FakeEngine();
  launched = await openRun(dataset, RUN);
});

const submit = () =>
  submitPhases(launched.folder, launched.plan, engine, { phases: launched.plan.phases, after: [] });
const submitted = () =>
  engine.jobs.map(
    ({ job }) => `${job.name.replace(`${RUN}.`, "")} after ${job.after?.map(({ id }) => id).join() ?? "-"}`,
  );
const finish = (phase: string) => {
  mkdirSync(launched.folder.phase(phase).path, { recursive: true });
  writeFileSync(launched.folder.phase(phase).finished, "{}");
};
const plan = (phase: string, shards: number, done: number) => {
  const place = launched.folder.phase(phase);
  mkdirSync(place.done, { recursive: true });
  const id = (i: number) => String(i).padStart(8, "0");
  writeFileSync(place.plan, Array.from({ length: shards }, (_, i) => `{"id":"${id(i)}"}\n`).join(""));
  for (let i = 0; i < done; i++) writeFileSync(join(place.done, `${id(i)}.json`), "{}");
};
const standing = async () => (await look(launched, engine)).state;
const events = () => readFileSync(join(launched.folder.path, "events.jsonl"), "utf8");

describe("submitting", () => {
  test("a job for each phase, each after those before it, told apart by name", async () => {
    await submit();
    expect(submitted()).toEqual(["1-recaption.1 after -", "2-score.2 after job-1"]);
    expect(engine.jobs[0]!.job.tasks).toEqual([
      expect.objectContaining({
        id: "w0",
        command: ["/node", "/worker.cjs", launched.folder.path, "1-recaption"],
      }),
      expect.objectContaining({ id: "w1" }),
    ]);
  });

  test("a submitter that died before anything was submitted: resume submits all of it", async () => {
    expect(await standing()).toBe("lost");
    expect(await resumeRun(launched, engine)).toBe(true);
    expect(submitted()).toEqual(["1-recaption.1 after -", "2-score.2 after job-1"]);
  });

  test("one that died when the engine had not heard of the job: resume submits it under a new number", async () => {
    engine.breaks = "before";
    await expect(submit()).rejects.toThrow("broke");
    await resumeRun(launched, engine);
    expect(submitted()).toEqual(["1-recaption.2 after -", "2-score.3 after job-1"]);
    await resumeRun(launched, engine);
    expect(engine.jobs).toHaveLength(2);
  });

  test("one that died after the engine had taken the job: it is found by name, and not submitted again", async () => {
    engine.breaks = "after";
    await expect(submit()).rejects.toThrow("broke");
    expect(await standing()).toBe("waiting");
    await resumeRun(launched, engine);
    expect(submitted()).toEqual(["1-recaption.1 after -", "2-score.2 after job-1"]);
    await resumeRun(launched, engine);
    expect(engine.jobs).toHaveLength(2);
  });

  test("while another process is submitting, nobody else does", async () => {
    engine.breaks = "before";
    await expect(submit()).rejects.toThrow("broke");
    const path = join(launched.folder.jobs, "1.json");
    const record = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...record, by: identify(process.ppid) }));
    await expect(resumeRun(launched, engine)).rejects.toThrow(
      `is being submitted by process ${process.ppid}`,
    );
    expect(engine.jobs).toHaveLength(0);
  });
});

describe("steering", () => {
  beforeEach(submit);

  test("pause: first the word, then what waits leaves the queue; what runs leaves by itself", async () => {
    engine.become(1, "running", "queued");
    expect(await pauseRun(launched, engine)).toBe(true);
    expect((await readControl(launched.folder)).want).toBe("pause");
    expect(engine.asked).toEqual(["cancel job-1 w1", "cancel job-2 w0,w1"]);
    expect(await standing()).toBe("pausing");
    engine.become(1, "succeeded");
    expect(await standing()).toBe("paused");
  });

  test("a run that only waited is paused at once, and says so itself", async () => {
    await pauseRun(launched, engine);
    expect(await standing()).toBe("paused");
    expect(events()).toContain(`"status":"paused"`);
  });

  test("resume after a pause submits new tasks, to begin after those that are still leaving", async () => {
    engine.become(1, "running", "queued");
    await pauseRun(launched, engine);
    await resumeRun(launched, engine);
    expect(submitted().slice(2)).toEqual(["1-recaption.3 after job-1", "2-score.4 after job-1,job-3"]);
    expect((await readControl(launched.folder)).want).toBe("run");
  });

  test("resume submits nothing where tasks are left", async () => {
    engine.become(1, "running", "failed");
    expect(await resumeRun(launched, engine)).toBe(false);
    expect(engine.jobs).toHaveLength(2);
  });

  test("resume of a run that lost its tasks: only what is not finished, and nothing of it before its time", async () => {
    finish("1-recaption");
    plan("2-score", 5, 2);
    engine.become(1, "succeeded", "succeeded");
    engine.become(2, "failed", "lost");
    expect(await look(launched, engine)).toMatchObject({
      state: "lost",
      said: expect.stringContaining("No task is left, and 3 shards are open"),
    });
    await resumeRun(launched, engine);
    expect(submitted().slice(2)).toEqual(["2-score.3 after -"]);
    expect(events()).toContain(`"status":"starting"`);
  });

  test("tasks of a later phase that wait in vain make room for new ones", async () => {
    engine.become(1, "failed", "failed");
    await resumeRun(launched, engine);
    expect(engine.asked).toEqual(["cancel job-2 w0,w1"]);
    expect(submitted().slice(2)).toEqual(["1-recaption.3 after -", "2-score.4 after job-3"]);
  });

  test("cancel takes what waits out of the queue; asked again, it has what runs stopped, too", async () => {
    engine.become(1, "running", "running");
    await cancelRun(launched, engine);
    expect(engine.asked).toEqual(["cancel job-2 w0,w1"]);
    expect(await standing()).toBe("cancelling");
    await cancelRun(launched, engine);
    expect(engine.asked.slice(1)).toEqual(["cancel job-1 w0,w1"]);
    expect(await standing()).toBe("cancelled");
    expect(await cancelRun(launched, engine)).toBe(false);
    expect(await resumeRun(launched, engine)).toBe(true);
    expect(engine.jobs).toHaveLength(4);
  });

  test("a run that stopped for a wrong setting goes on; one whose budget is spent does not", async () => {
    engine.become(1, "failed", "failed");
    engine.become(2, "failed", "failed");
    await stopRun(launched.folder, { kind: "configuration", message: "There is no model x.", worker: "w" });
    expect(await look(launched, engine)).toMatchObject({ state: "failed", said: "There is no model x." });
    await resumeRun(launched, engine);
    expect(await standing()).toBe("waiting");
    await stopRun(launched.folder, { kind: "budget", message: "The budget is spent.", worker: "w" });
    await expect(resumeRun(launched, engine)).rejects.toThrow("Launch again with another budget");
  });

  test("of a run that has finished nothing is asked any more", async () => {
    for (const { id } of launched.plan.phases) finish(id);
    for (const ask of [pauseRun, cancelRun, resumeRun]) expect(await ask(launched, engine)).toBe(false);
    expect(readdirSync(launched.folder.path)).not.toContain("control.json");
  });
});

test("a look at a run of 8,000 shards tells what is done, open and collected", async () => {
  await submit();
  plan("1-recaption", 8000, 5000);
  const { phases, state } = await look(launched, engine);
  expect(state).toBe("waiting");
  expect(phases[0]).toEqual({ id: "1-recaption", shards: 8000, done: 5000, collected: 0, finished: false });
});
