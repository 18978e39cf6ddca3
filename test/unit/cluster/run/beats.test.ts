import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { beatFile, Heart, readWorkers } from "../../../../cluster/src/run/beats.js";
import { beat, emptyRun, watcher } from "./samples.js";

const HOUR = 3_600_000;

async function firstState(run = emptyRun()) {
  beat(run, "a");
  return { run, path: beatFile(run, "a"), state: (await readWorkers(run))[0]! };
}

test("a heart says what its worker is at, counts its beats, and says goodbye once", async () => {
  const { run, path, state } = await firstState();
  const heart = new Heart(path, state, HOUR);
  heart.state = { ...heart.state, done: 5 };
  await Promise.all([heart.beatNow(), heart.beatNow()]);
  const [said] = await readWorkers(run);
  expect(said).toMatchObject({ done: 5, beat: 3, status: "working" });
  await heart.stop("left");
  await heart.beatNow();
  await heart.stop("gave-up");
  expect(await readWorkers(run)).toMatchObject([{ done: 5, beat: 4, status: "left" }]);
  expect(readdirSync(run.workers)).toEqual(["a.json"]);
});

test("a heart beats by itself", async () => {
  const { run, path, state } = await firstState();
  const heart = new Heart(path, state, 5);
  const beats = async () => (await readWorkers(run))[0]!.beat;
  while ((await beats()) < 4);
  await heart.stop("left");
  expect(heart.problem).toBeNull();
});

test("a beat that cannot be written says why, and the next one may go well", async () => {
  const { run, path, state } = await firstState();
  const heart = new Heart(path, state, HOUR);
  rmSync(run.workers, { recursive: true });
  writeFileSync(run.workers, "in the way");
  await expect(heart.beatNow()).rejects.toThrow();
  expect(heart.problem).not.toBeNull();
  rmSync(run.workers);
  await heart.beatNow();
  expect(heart.problem).toBeNull();
  await heart.stop("left");
});

test("a worker is stale when its counter stood still for long enough, and not any more when it moves again", async () => {
  const { run } = await firstState();
  const { beats, waitFor } = watcher(run);
  await waitFor(60_000);
  expect(beats.isStale("a")).toBe(false);
  await waitFor(5_000);
  expect(beats.isStale("a")).toBe(true);
  beat(run, "a", { beat: 2 });
  await waitFor(5_000);
  expect(beats.isStale("a")).toBe(false);
});

test("a counter that starts anew has moved", async () => {
  const { run } = await firstState();
  const { beats, waitFor } = watcher(run);
  await waitFor(55_000);
  beat(run, "a", { pid: 2, started: 5, beat: 1 });
  await waitFor(30_000);
  expect(beats.isStale("a")).toBe(false);
});

test("the heartbeats of workers that have left are read once, those of others at every look", async () => {
  const run = emptyRun();
  for (const worker of ["a", "b"]) beat(run, worker, { status: worker === "a" ? "left" : "working" });
  const { beats } = watcher(run);
  await beats.look();
  for (const worker of ["a", "b"]) beat(run, worker, { done: 7 });
  expect((await beats.look()).map(({ done }) => done)).toEqual([0, 7]);
});

test("what is no heartbeat is passed over, and one of another version says what it can", async () => {
  const run = emptyRun();
  mkdirSync(run.workers);
  const files: Record<string, string> = {
    "half.json": '{"worker": "half", "be',
    "other.json": '{"worker": "another"}',
    "list.json": "[]",
    ".hidden.json": '{"worker": ".hidden"}',
    "notes.txt": "hello",
    "b.json": JSON.stringify({
      worker: "b",
      done: -5,
      beat: "x",
      failures: [7],
      shards: {},
      status: "asleep",
    }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(`${run.workers}/${name}`, content);
  mkdirSync(`${run.workers}/folder.json`);
  const states = await readWorkers(run);
  expect(states).toMatchObject([{ worker: "b", done: 0, beat: 0, shards: [], status: "working" }]);
  expect(states[0]!.failures).toMatchObject([{ item: "", reason: "" }]);
});
