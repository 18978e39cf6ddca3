import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Attempt } from "../../../../cluster/src/run/attempts.js";
import { Beats } from "../../../../cluster/src/run/beats.js";
import { commitShard, sealShard, takeShard } from "../../../../cluster/src/run/commit.js";
import { DoneShards } from "../../../../cluster/src/run/done.js";
import { RunFolder } from "../../../../cluster/src/run/places.js";
import { COUNTS, holder } from "./samples.js";

const path = mkdtempSync(join(tmpdir(), "figloom-run-"));
afterEach(() => rmSync(path, { recursive: true, force: true }));

test("a shard's results are committed, and nobody takes it any more", async () => {
  const run = new RunFolder(path);
  const phase = run.phase("1-score");
  const beats = new Beats(run, 1000);
  const lease = await takeShard(phase, "00000001", holder("a"), beats);
  if (lease === null || lease === "done") throw new Error("not taken");
  expect(await takeShard(phase, "00000001", holder("b"), beats)).toBeNull();
  const attempt = await Attempt.open<{ of: string }>(run, "1-score", "00000001", lease);
  attempt.begin("x");
  await attempt.keep("x", { of: "x" }, [{ of: "x", lines: [], key: null }]);
  const sealed = await sealShard(attempt, COUNTS);
  expect(await commitShard(attempt, sealed)).toBe("won");
  await attempt.leave();
  expect(await takeShard(phase, "00000001", holder("b"), beats)).toBe("done");
  const done = new DoneShards(phase);
  expect((await done.look()).map(({ results }) => results)).toEqual([
    { name: "00000001.1.jsonl", lines: 1, bytes: 11 },
  ]);
  expect(await done.look()).toEqual([]);
  expect(readFileSync(join(phase.results, "00000001.1.jsonl"), "utf8")).toBe('{"of":"x"}\n');
  expect(readdirSync(phase.attempts)).toEqual([]);
});
