import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { bundlePrograms } from "../support/bundle-programs.js";
import { randomOf } from "../support/synthetic/words.js";
import { doneShards } from "../../cluster/src/run/done.js";
import { Crew, expectRight } from "./shards-crew.js";
import { until } from "../support/until.js";
import { PHASE } from "./shards-rules.js";

const SEED = Number(process.env.FIGLOOM_CHAOS_SEED ?? 20_260_101);

let folder: string;
let program: string;
let crew: Crew | undefined;

beforeAll(async () => {
  program = join(await bundlePrograms("shards", { shards: "test/chaos/shards-program.ts" }), "shards.cjs");
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-shards-"));
});
afterEach(() => {
  crew?.end();
  rmSync(folder, { recursive: true, force: true });
});

test("workers are killed and stopped while they share shards: each has one winner, and nothing is done twice", async () => {
  const [shards, items] = [8, 30];
  crew = new Crew(folder, program, { seed: SEED, staleMs: 600, beatMs: 50, pauseMs: 80, weight: 300 });
  const random = randomOf(SEED);
  await crew.plan(shards, items);
  for (const task of ["1", "2", "3", "4"]) crew.start(task);

  /** Ended items at which a worker is killed, or every third time stopped. */
  const strokes = Array.from({ length: 6 }, () => Math.floor(random() * shards * items * 0.7));
  let struck = 0;
  for (const at of strokes.sort((a, b) => a - b)) {
    let working: string[] = [];
    await until(async () => {
      working = await crew!.working();
      return (crew!.ended() >= at && working.length > 0) || (await crew!.isOver());
    });
    const victim = working[Math.floor(random() * working.length)];
    if (victim === undefined) break;
    if (struck++ % 3 === 2) crew.stop(victim);
    else {
      await crew.kill(victim);
      crew.start(victim);
    }
    await crew.resumeLosers();
  }
  expect(struck).toBeGreaterThan(2);
  // Whoever was stopped goes on after its shard was committed by another.
  await until(() => crew!.isOver());
  await crew.resumeLosers();
  await crew.rest();
  await expectRight(crew.run, crew.evidence, crew.words());
  const deaths = [...(await doneShards(crew.run.phase(PHASE))).values()].map((done) => done.deaths);
  expect(Math.max(...deaths)).toBeGreaterThan(0);
});

test("where everybody takes everybody for dead at every look, each shard still has one winner", async () => {
  crew = new Crew(folder, program, { seed: SEED, staleMs: 0, beatMs: 30, pauseMs: 4, weight: 10 });
  await crew.plan(8, 5);
  for (const task of ["1", "3", "5"]) crew.start(task);
  await until(() => crew!.isOver());
  await crew.rest();
  await expectRight(crew.run, crew.evidence, crew.words());
});
