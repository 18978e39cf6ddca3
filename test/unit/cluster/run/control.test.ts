import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readControl, readStop, stopRun, writeControl } from "../../../../cluster/src/run/control.js";
import {
  collectedShards,
  finishPhase,
  isFinished,
  markCollected,
  standingOf,
} from "../../../../cluster/src/run/finish.js";
import { emptyRun, PHASE } from "./samples.js";

test("what people said last counts; to run, where nothing can be understood", async () => {
  const run = emptyRun();
  expect((await readControl(run)).want).toBe("run");
  await writeControl(run, "pause", "ada@login1");
  expect(await readControl(run)).toMatchObject({ want: "pause", by: "ada@login1" });
  await Promise.all([writeControl(run, "cancel", "a"), writeControl(run, "cancel", "b")]);
  expect((await readControl(run)).want).toBe("cancel");
  for (const wrong of ["", "{", "7", '{"want": "explode"}', '{"want": "__proto__"}']) {
    writeFileSync(run.control, wrong);
    expect((await readControl(run)).want).toBe("run");
  }
});

test("the first reason to stop counts", async () => {
  const run = emptyRun();
  expect(await readStop(run)).toBeNull();
  const reasons = Array.from({ length: 10 }, (_, i) => ({
    ...{ kind: "budget" as const, message: `reason ${i}`, worker: `w${i}` },
  }));
  await Promise.all(reasons.map((reason) => stopRun(run, reason)));
  const first = await readStop(run);
  await stopRun(run, { kind: "configuration", message: "late", worker: "x" });
  expect(await readStop(run)).toEqual(first);
  expect(first?.message).toMatch(/^reason \d$/);
});

test("a reason to stop that cannot be read stops, too", async () => {
  const run = emptyRun();
  writeFileSync(run.stop, "{");
  expect((await readStop(run))?.message).toMatch(/cannot be read; remove it/);
});

test("what was collected, and that all is, may be said twice", async () => {
  const phase = emptyRun().phase(PHASE);
  expect(await standingOf(phase)).toEqual({ done: 0, collected: 0, finished: false });
  await Promise.all([1, 2].map(() => markCollected(phase, ["00000001", "00000002"])));
  expect([...(await collectedShards(phase))]).toEqual(["00000001", "00000002"]);
  await finishPhase(phase, { shards: 2 });
  const said = readFileSync(phase.finished, "utf8");
  await finishPhase(phase, { shards: 3 });
  expect(readFileSync(phase.finished, "utf8")).toBe(said);
  mkdirSync(phase.done);
  for (const name of ["00000001.json", "00000002.json", ".00000003.json", "x"])
    writeFileSync(`${phase.done}/${name}`, "");
  expect(await standingOf(phase)).toEqual({
    done: 2,
    collected: 2,
    finished: true,
  });
  expect(isFinished(phase)).toBe(true);
});
