import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Attempt } from "../../../../cluster/src/run/attempts.js";
import type { Beats } from "../../../../cluster/src/run/beats.js";
import { commitShard, sealShard, takeShard } from "../../../../cluster/src/run/commit.js";
import { doneShards } from "../../../../cluster/src/run/done.js";
import { resultFiles } from "../../../../cluster/src/run/finish.js";
import { LeaseLost, releaseLease } from "../../../../cluster/src/run/leases.js";
import type { PhaseFolder, RunFolder } from "../../../../cluster/src/run/places.js";
import { bury, makeMortal, stoppingAt, type Moment } from "./mortal.js";
import { COUNTS, emptyRun, holder, PHASE, SHARD, watcher } from "./samples.js";

interface Entry {
  item: string;
  by: string;
}

let undo: () => void;
beforeAll(() => {
  undo = makeMortal();
});
afterAll(() => undo());

const ITEMS = ["a", "b", "c", "d"];
const REFUSED = "c";

/** One start of the one task, from taking the shard to letting it go. Tells what it was told to be kept. */
async function work(run: RunFolder, beats: Beats, restart: number, tell: (item: string) => void) {
  const by = `w.${restart}`;
  const lease = await takeShard(run.phase(PHASE), SHARD, holder(by, { task: "w", restart }), beats);
  if (lease === "done" || lease === null) return lease;
  const attempt = await Attempt.open<Entry>(run, PHASE, SHARD, lease);
  const end = async (item: string): Promise<void> => {
    attempt.begin(item);
    const settled = [{ of: item, lines: [], key: null }];
    await (item === REFUSED ? attempt.refuse(item, settled) : attempt.keep(item, { item, by }, settled));
    tell(item);
  };
  const [first, ...others] = ITEMS.filter((item) => !attempt.isEnded(item));
  if (first !== undefined) await end(first);
  await Promise.all(others.map(end));
  const result = await commitShard(attempt, await sealShard(attempt, COUNTS));
  await releaseLease(lease);
  return result;
}

async function linesIn<T>(path: string | null): Promise<T[]> {
  const text = path === null ? "" : readFileSync(path, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}

async function expectWhole(phase: PhaseFolder, kept: ReadonlyMap<string, string>): Promise<void> {
  const done = (await doneShards(phase)).get(SHARD)!;
  const { results, settled } = await resultFiles(phase, done);
  const entries = await linesIn<Entry>(results);
  expect(entries.map(({ item }) => item).sort()).toEqual(ITEMS.filter((item) => item !== REFUSED));
  for (const { item, by } of entries) expect(by).toBe(kept.get(item) ?? by);
  expect((await linesIn<{ of: string }>(settled)).map(({ of }) => of).sort()).toEqual(ITEMS);
  expect(readdirSync(phase.results).filter((name) => !name.startsWith("."))).toEqual(
    [done.results!.name, done.settled!.name].sort(),
  );
}

test.each<Moment>(["before", "after"])(
  "wherever a worker dies, %s any of its calls, the next one ends the shard, with what was kept",
  async (moment) => {
    let at = 1;
    for (let isOver = false; !isOver; at++) {
      const run = emptyRun();
      const phase = run.phase(PHASE);
      const { beats } = watcher(run);
      const kept = new Map<string, string>();
      const first = stoppingAt(at, moment, () => work(run, beats, 0, (item) => void kept.set(item, "w.0")));
      isOver = (await first.end) !== "stopped";
      await bury();
      const next = await work(run, beats, 1, (item) => {
        expect(kept.has(item), `${item} was kept, and is done again after a death at call ${at}`).toBe(false);
      });
      expect(isOver ? ["done"] : ["done", "won"]).toContain(next);
      await expectWhole(phase, kept);
    }
    // Fewer calls would mean that some are not seen.
    expect(at).toBeGreaterThan(50);
  },
);

/** Calls at which the one that takes over is itself stopped, so that the other goes on meanwhile; or not at all. */
const LATER = [Infinity, 12, 40];

test.each(LATER.flatMap((later) => (["before", "after"] as const).map((moment) => [moment, later] as const)))(
  "wherever a worker stops, %s any of its calls, and goes on when another has taken over (up to call %d), one wins",
  async (moment, later) => {
    for (let [at, isOver] = [1, false]; !isOver; at += later === Infinity ? 1 : 4) {
      const run = emptyRun();
      const phase = run.phase(PHASE);
      const { beats } = watcher(run);
      const kept = new Map<string, string>();
      const start = (restart: number, stopAt: number) =>
        stoppingAt(stopAt, moment, () =>
          work(run, beats, restart, (item) => {
            expect(kept.has(item), `${item} was kept twice; stopped at call ${at}`).toBe(false);
            kept.set(item, `w.${restart}`);
          }).catch((error: unknown) => {
            if (error instanceof LeaseLost) return "lost";
            throw error;
          }),
        );
      const first = start(0, at);
      isOver = (await first.end) !== "stopped";
      const second = start(1, later);
      await second.end;
      const ends = [await first.resume(), await second.resume()];
      expect(ends.filter((end) => end === "won").length, `${ends.join()} at call ${at}`).toBeLessThanOrEqual(
        1,
      );
      // Whoever was stopped before it had taken anything may have come too late for all.
      if (!ends.includes("won")) expect(ends).toContain("done");
      await expectWhole(phase, kept);
    }
  },
);
