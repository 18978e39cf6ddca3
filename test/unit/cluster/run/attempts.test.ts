import { appendFileSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import { Attempt } from "../../../../cluster/src/run/attempts.js";
import { LeaseLost, releaseLease } from "../../../../cluster/src/run/leases.js";
import { beat, closing, emptyRun, holder, PHASE, SHARD, taken, watcher } from "./samples.js";

interface Entry {
  of: string;
}

/** One shard and whoever works on it, one after the other. */
function setUp() {
  const run = emptyRun();
  const phase = run.phase(PHASE);
  const { beats, waitFor } = watcher(run);
  let restart = 0;
  return {
    ...{ run, phase, beats, waitFor, folder: join(phase.attempts, SHARD) },
    /** As a later start of the same task, which follows the earlier ones at once. */
    async next(): Promise<Attempt<Entry>> {
      const lease = await taken(phase, holder(`w.${restart}`, { task: "w", restart: restart++ }), beats);
      return closing(await Attempt.open<Entry>(run, PHASE, SHARD, lease));
    },
  };
}

async function outcomesOf(attempt: Attempt<Entry>): Promise<Record<string, Entry | null>> {
  const all: Record<string, Entry | null> = {};
  for await (const { item, entry } of attempt.outcomes()) {
    expect(item in all).toBe(false);
    all[item] = entry;
  }
  return all;
}

const entry = (of: string): Entry => ({ of });
const line = (item: string) => ({
  ...{ stage: "score", item, file: "f", reason: "r", message: "m", way_out: "w", raw: null },
});

test("what an attempt kept or refused is there for the next, however it ended", async () => {
  const { next } = setUp();
  const first = await next();
  for (const item of ["a", "b", "c"]) first.begin(item);
  await first.keep("a", entry("a"), []);
  await first.keep("b", null, []);
  await first.refuse("c", [{ of: "c", lines: [line("c")], key: "k" }]);

  const second = await next();
  expect([...second.before.ended]).toEqual([
    ["a", "done"],
    ["b", "done"],
    ["c", "failed"],
  ]);
  expect(second.before.suspects).toEqual([]);
  await second.keep("d", entry("d"), []);
  expect(second.isEnded("a") && second.isEnded("d")).toBe(true);
  expect(await outcomesOf(second)).toEqual({ a: entry("a"), b: null, c: null, d: entry("d") });

  const third = await next();
  expect([...third.before.ended.keys()].sort()).toEqual(["a", "b", "c", "d"]);
  expect(await outcomesOf(third)).toEqual({ a: entry("a"), b: null, c: null, d: entry("d") });
});

test("results that come at the same time are all kept", async () => {
  const { next } = setUp();
  const items = Array.from({ length: 500 }, (_, i) => `item ${i} “ü”\n`);
  const first = await next();
  await Promise.all(items.map((item) => first.keep(item, entry(item), [])));
  expect(Object.keys(await outcomesOf(await next()))).toEqual(items);
});

test("a half-written last line, and lines that are none of ours, are passed over", async () => {
  const { next, folder } = setUp();
  const first = await next();
  await first.keep("a", entry("a"), []);
  appendFileSync(
    join(folder, "1.jsonl"),
    '\u0000\u0000\n{"item": 5}\n[]\n\n{"item":"b","entry":{"of":"b"},"settl',
  );
  appendFileSync(join(folder, "1.begun.jsonl"), '"a"\n"c"\n{}\n"half a na');
  writeFileSync(join(folder, "x.jsonl"), "junk");
  const second = await next();
  expect([...second.before.ended.keys()]).toEqual(["a"]);
  expect(second.before.suspects).toEqual([{ item: "c", deaths: 1, alone: 1 }]);
  expect(await outcomesOf(second)).toEqual({ a: entry("a") });
});

test("whose lease was taken over keeps nothing more, and does not take the place of what others kept", async () => {
  const { next } = setUp();
  const first = await next();
  await first.keep("a", entry("by the first"), []);
  const second = await next();
  await expect(first.keep("b", entry("by the first"), [])).rejects.toThrow(LeaseLost);
  await expect(first.refuse("c", [])).rejects.toThrow(LeaseLost);
  expect(first.isEnded("b")).toBe(false);
  await second.keep("b", entry("by the second"), []);
  const all = { a: entry("by the first"), b: entry("by the second") };
  expect(await outcomesOf(second)).toEqual(all);
  expect(await outcomesOf(await next())).toMatchObject(all);
});

test("what was at work when attempts died is under suspicion until it ends", async () => {
  const { next } = setUp();
  const first = await next();
  expect(first.before).toEqual({ ended: new Map(), deaths: 0, suspects: [] });
  for (const item of ["a", "b", "c"]) first.begin(item);
  await first.keep("a", entry("a"), []);

  const second = await next();
  expect(second.before).toMatchObject({
    deaths: 1,
    suspects: [
      { item: "b", deaths: 1, alone: 0 },
      { item: "c", deaths: 1, alone: 0 },
    ],
  });
  for (const item of ["b", "c"]) second.begin(item);
  await second.keep("b", entry("b"), []);

  // It was alone by then, though the first attempt had two at work.
  const third = await next();
  expect(third.before).toMatchObject({ deaths: 2, suspects: [{ item: "c", deaths: 2, alone: 1 }] });
  await third.refuse("c", []);

  expect((await next()).before).toMatchObject({ deaths: 3, suspects: [] });
});

test("an attempt that leaves has not died, and casts no suspicion on what it had at work", async () => {
  const { next, folder } = setUp();
  const first = await next();
  for (const item of ["a", "b"]) first.begin(item);
  await first.keep("a", entry("a"), []);
  await first.leave();
  await first.leave();
  await releaseLease(first.lease);
  const second = await next();
  expect(second.before).toMatchObject({ deaths: 0, suspects: [] });
  expect([...second.before.ended.keys()]).toEqual(["a"]);
  expect(readdirSync(folder).sort()).toEqual(["1.jsonl", "2.begun.jsonl", "2.jsonl"]);
  await expect(first.keep("b", entry("b"), [])).rejects.toThrow("has left");
});

test("a worker that was only silent takes the suspicion back when it hears of its loss", async () => {
  const { run, phase, beats, waitFor } = setUp();
  beat(run, "a");
  const lease = await taken(phase, holder("a"), beats);
  const silent = await Attempt.open<Entry>(run, PHASE, SHARD, lease);
  silent.begin("x");
  await waitFor(70_000);
  const second = await Attempt.open<Entry>(run, PHASE, SHARD, await taken(phase, holder("b"), beats));
  expect(second.before).toMatchObject({ deaths: 1, suspects: [{ item: "x" }] });
  await expect(silent.keep("x", entry("x"), [])).rejects.toThrow(LeaseLost);
  await silent.leave();
  await second.leave();
  await releaseLease(second.lease);
  const third = closing(await Attempt.open<Entry>(run, PHASE, SHARD, await taken(phase, holder("c"), beats)));
  expect(third.before).toMatchObject({ deaths: 0, suspects: [] });
});

test("leases that were removed by hand are found out before anything is written twice", async () => {
  const { next, phase, folder } = setUp();
  await (await next()).keep("a", entry("a"), []);
  rmSync(phase.leases(SHARD), { recursive: true });
  await expect(next()).rejects.toThrow(ConfigurationError);
  expect(existsSync(join(folder, "1.jsonl"))).toBe(true);
});

test("a full disk stops the work with the way out, and the attempt still leaves", async () => {
  const { run, phase, beats, folder, next } = setUp();
  await (await next()).keep("a", entry("a"), []);
  symlinkSync("/dev/full", join(folder, "2.jsonl"));
  const second = await next();
  second.begin("b");
  const keeping = second.keep("b", entry("b"), []);
  await expect(keeping).rejects.toThrow(ConfigurationError);
  await expect(keeping).rejects.toThrow(/^The disk is full in .*mend that and start the same again\.$/);
  await second.leave();
  await releaseLease(second.lease);
  rmSync(join(folder, "2.jsonl"));
  const third = closing(
    await Attempt.open<Entry>(run, PHASE, SHARD, await taken(phase, holder("other"), beats)),
  );
  expect(third.before).toMatchObject({ deaths: 1, suspects: [] });
  expect(await outcomesOf(third)).toEqual({ a: entry("a") });
});
