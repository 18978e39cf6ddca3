import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Attempt } from "../../../../cluster/src/run/attempts.js";
import { commitShard, sealShard, takeShard } from "../../../../cluster/src/run/commit.js";
import { doneShards, DoneShards } from "../../../../cluster/src/run/done.js";
import { holdsLease, LeaseLost } from "../../../../cluster/src/run/leases.js";
import { resultFiles } from "../../../../cluster/src/run/finish.js";
import { closing, COUNTS, emptyRun, holder, PHASE, SHARD, taken, watcher } from "./samples.js";

function setUp() {
  const run = emptyRun();
  const phase = run.phase(PHASE);
  const { beats } = watcher(run);
  let restart = 0;
  return {
    ...{ run, phase, beats },
    async next(): Promise<Attempt<unknown>> {
      const lease = await taken(phase, holder(`w.${restart}`, { task: "w", restart: restart++ }), beats);
      return closing(await Attempt.open(run, PHASE, SHARD, lease));
    },
  };
}

const linesOf = (path: string): unknown[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

test("a shard's results, of all its attempts, are committed; nobody takes it any more, and nothing else stays", async () => {
  const { phase, next, beats } = setUp();
  const first = await next();
  const settled = { of: "b", lines: [], key: null };
  await first.keep("a", { of: "a" }, []);
  await sealShard(first, COUNTS);
  const second = await next();
  await second.keep("b", { of: "b" }, [settled]);
  await second.keep("c", null, []);
  expect(await commitShard(second, await sealShard(second, { ...COUNTS, done: 2 }))).toBe("won");

  expect(await takeShard(phase, SHARD, holder("b"), beats)).toBe("done");
  const [done] = [...(await doneShards(phase)).values()];
  expect(done).toMatchObject({
    ...{ shard: SHARD, attempt: 2, worker: "w.1", deaths: 1, counts: { ...COUNTS, done: 2 } },
    results: { name: `${SHARD}.2.jsonl`, lines: 2 },
    settled: { name: `${SHARD}.2.settled.jsonl`, lines: 1 },
  });
  const files = await resultFiles(phase, done!);
  expect(linesOf(files.results!)).toEqual([{ of: "a" }, { of: "b" }]);
  expect(linesOf(files.settled!)).toEqual([settled]);
  expect(readdirSync(phase.results).sort()).toEqual([`${SHARD}.2.jsonl`, `${SHARD}.2.settled.jsonl`]);
  expect(readdirSync(phase.attempts)).toEqual([]);
});

test("a shard without results has no files of them", async () => {
  const { phase, next } = setUp();
  const attempt = await next();
  expect(await commitShard(attempt, await sealShard(attempt, { ...COUNTS, givenUp: "it kept dying" }))).toBe(
    "won",
  );
  const done = (await doneShards(phase)).get(SHARD)!;
  expect(done).toMatchObject({ results: null, settled: null, counts: { givenUp: "it kept dying" } });
  expect(await resultFiles(phase, done)).toEqual({ results: null, settled: null });
  expect(readdirSync(phase.results)).toEqual([]);
});

test("whose lease was taken over commits nothing, even where it had sealed everything before", async () => {
  const { phase, next } = setUp();
  const first = await next();
  await first.keep("a", { by: "first" }, []);
  const late = await sealShard(first, COUNTS);
  const second = await next();
  expect(await commitShard(first, late)).toBe("lost");
  expect(existsSync(phase.done)).toBe(false);
  expect(readdirSync(phase.results)).toEqual([]);
  expect(await commitShard(second, await sealShard(second, COUNTS))).toBe("won");
  expect(await commitShard(first, late)).toBe("lost");
  expect(readdirSync(phase.results)).toEqual([`${SHARD}.2.jsonl`]);
});

test("whose lease was taken over commits nothing, even where its machine's cache still shows the old listing", async () => {
  const { phase, next } = setUp();
  const first = await next();
  await first.keep("a", { by: "first" }, []);
  const sealed = await sealShard(first, COUNTS);
  const second = await next();
  const { readdir } = promises;
  const old = async (path: string): Promise<string[]> =>
    path === phase.leases(SHARD) ? ["1.json"] : readdir(path);
  try {
    promises.readdir = old as typeof readdir;
    syncBuiltinESMExports();
    expect(await holdsLease(first.lease)).toBe(true);
    expect(await commitShard(first, sealed)).toBe("lost");
  } finally {
    promises.readdir = readdir;
    syncBuiltinESMExports();
  }
  expect(await commitShard(second, await sealShard(second, COUNTS))).toBe("won");
});

test("where a marker is there already, whoever put it there, nobody else wins", async () => {
  const { phase, next } = setUp();
  const attempt = await next();
  await attempt.keep("a", { of: "a" }, []);
  const sealed = await sealShard(attempt, COUNTS);
  mkdirSync(phase.done);
  writeFileSync(join(phase.done, `${SHARD}.json`), "a stranger's");
  expect(await commitShard(attempt, sealed)).toBe("lost");
  expect(readdirSync(phase.results)).toEqual([]);
});

test("whose shard was committed by another hears of its loss, whatever it is at", async () => {
  const { run, phase, next } = setUp();
  const first = await next();
  await first.keep("a", { by: "first" }, []);
  const second = await next();
  await commitShard(second, await sealShard(second, COUNTS));
  await expect(sealShard(first, COUNTS)).rejects.toThrow(LeaseLost);
  await expect(first.keep("b", {}, [])).rejects.toThrow(LeaseLost);
  await expect(Attempt.open(run, PHASE, SHARD, { ...first.lease, number: 9 })).rejects.toThrow(LeaseLost);
  expect(readdirSync(phase.results)).toEqual([`${SHARD}.2.jsonl`]);
});

test("of a takeover and a commit at the same time one succeeds", async () => {
  for (let round = 0; round < 20; round++) {
    const { phase, next, beats } = setUp();
    const first = await next();
    const sealed = await sealShard(first, COUNTS);
    const [end, other] = await Promise.all([
      commitShard(first, sealed),
      takeShard(phase, SHARD, holder("w.9", { task: "w", restart: 9 }), beats),
    ]);
    const isTaken = other !== null && other !== "done";
    expect(isTaken).toBe(end === "lost");
    expect((await doneShards(phase)).has(SHARD)).toBe(end === "won");
  }
});

test("a commit whose process was killed before the marker was there is brought to its end by whoever comes next", async () => {
  const { phase, next, beats } = setUp();
  const attempt = await next();
  await attempt.keep("a", { of: "a" }, []);
  await commitShard(attempt, await sealShard(attempt, COUNTS));
  rmSync(join(phase.done, `${SHARD}.json`));
  expect(await takeShard(phase, SHARD, holder("b"), beats)).toBe("done");
  expect((await doneShards(phase)).get(SHARD)).toMatchObject({ attempt: 1, results: { lines: 1 } });
});

test("results that are not as they were committed are no results", async () => {
  const { phase, next } = setUp();
  const attempt = await next();
  await attempt.keep("a", { of: "a" }, []);
  await commitShard(attempt, await sealShard(attempt, COUNTS));
  const done = (await doneShards(phase)).get(SHARD)!;
  writeFileSync(join(phase.results, done.results!.name), '{"of":');
  await expect(resultFiles(phase, done)).rejects.toThrow(/has 6 bytes; 11 were committed/);
});

test("the markers of 10,000 shards are each read once", async () => {
  const { phase, next } = setUp();
  const attempt = await next();
  await commitShard(attempt, await sealShard(attempt, COUNTS));
  const marker = readFileSync(join(phase.done, `${SHARD}.json`), "utf8");
  const mark = (number: number): string => {
    const shard = String(number).padStart(8, "0");
    writeFileSync(join(phase.done, `${shard}.json`), marker.replaceAll(SHARD, shard));
    return shard;
  };
  for (let number = 2; number <= 10_000; number++) mark(number);
  for (const junk of [".draft", "readme", "1.json", "00000001.json~"])
    writeFileSync(join(phase.done, junk), "{");
  const done = new DoneShards(phase);
  expect((await done.look()).length).toBe(10_000);
  expect(await done.look()).toEqual([]);
  // Markers never change; that some did, and nobody sees it, shows that they are not read again.
  for (let number = 2; number <= 10_000; number += 100)
    writeFileSync(join(phase.done, `${String(number).padStart(8, "0")}.json`), "");
  mark(10_001);
  expect((await done.look()).map(({ shard }) => shard)).toEqual(["00010001"]);
  expect(done.all.size).toBe(10_001);
});

test("a marker that is none stops whoever reads it, with the way out", async () => {
  const { phase } = setUp();
  mkdirSync(phase.done, { recursive: true });
  const path = join(phase.done, `${SHARD}.json`);
  for (const wrong of [
    "",
    "{}",
    `{"shard":"${SHARD}","attempt":1,"counts":{},"results":{"name":"../../x"},"settled":null}`,
  ]) {
    writeFileSync(path, wrong);
    await expect(doneShards(phase)).rejects.toThrow(/remove .*leases/);
  }
  linkSync(path, join(phase.done, "00000002.json"));
  rmSync(path);
  await expect(doneShards(phase)).rejects.toThrow("00000002.json is damaged");
});
