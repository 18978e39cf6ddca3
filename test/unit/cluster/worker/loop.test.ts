import { expect, test } from "vitest";
import { Departure } from "../../../../cluster/src/worker/departure.js";
import { workThrough } from "../../../../cluster/src/worker/loop.js";

const listOf = (...names: string[]) => {
  const left = [...names];
  return {
    next: () => Promise.resolve(left.shift() ?? null),
    outlook: () => Promise.resolve("leave" as const),
  };
};

test("a worker does all shards that it can take, and ends when nothing is left for it", async () => {
  const done: string[] = [];
  await workThrough({
    ...{ board: listOf("a", "b", "c"), departure: new Departure(1), idleMs: 1 },
    workOn: (shard) => Promise.resolve(void done.push(shard)),
  });
  expect(done).toEqual(["a", "b", "c"]);
});

test("the next shard is taken when the last item of one is begun, and no more than two are at work", async () => {
  const happened: string[] = [];
  const ends = new Map<string, () => void>();
  const begun = new Map<string, () => void>();
  const ended = workThrough({
    ...{ board: listOf("a", "b", "c"), departure: new Departure(1), idleMs: 1 },
    async workOn(shard, lastBegun) {
      happened.push(`take ${shard}`);
      begun.set(shard, lastBegun);
      await new Promise<void>((resolve) => ends.set(shard, resolve));
      happened.push(`end ${shard}`);
    },
  });
  const at = (step: string) => expect.poll(() => happened.at(-1)).toBe(step);
  await at("take a");
  begun.get("a")!();
  await at("take b");
  begun.get("b")!();
  ends.get("b")!();
  await at("take c");
  expect(happened).toEqual(["take a", "take b", "end b", "take c"]);
  ends.get("c")!();
  ends.get("a")!();
  await ended;
});

test("a worker that is to leave takes nothing any more and ends what it is at", async () => {
  const departure = new Departure(60);
  const done: string[] = [];
  await workThrough({
    ...{ board: listOf("a", "b"), departure, idleMs: 1 },
    async workOn(shard) {
      departure.leave({ why: "paused" });
      await Promise.resolve();
      done.push(shard);
    },
  });
  departure.close();
  expect(done).toEqual(["a"]);
});

test("a worker waits while a shard is with somebody silent, and takes it when it can", async () => {
  const turns = [null, null, "late", null];
  const outlooks = ["wait", "wait", "leave"] as const;
  let asked = 0;
  const done: string[] = [];
  await workThrough({
    board: {
      next: () => Promise.resolve(turns.shift() ?? null),
      outlook: () => Promise.resolve(outlooks[asked++]!),
    },
    ...{ departure: new Departure(1), idleMs: 1 },
    workOn: (shard) => Promise.resolve(void done.push(shard)),
  });
  expect(done).toEqual(["late"]);
  expect(asked).toBe(3);
});

test("an error that no other shard would fare better with ends the loop after what is at work", async () => {
  const done: string[] = [];
  let fail = () => {};
  const ended = workThrough({
    ...{ board: listOf("a", "b", "c"), departure: new Departure(1), idleMs: 1 },
    async workOn(shard, lastBegun) {
      lastBegun();
      if (shard === "b") throw new Error("The disk is full.");
      await new Promise<void>((resolve) => (fail = resolve));
      done.push(shard);
    },
  });
  await new Promise(setImmediate);
  fail();
  await expect(ended).rejects.toThrow("The disk is full.");
  expect(done).toEqual(["a"]);
});
