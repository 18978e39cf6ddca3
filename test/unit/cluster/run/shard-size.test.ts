import { expect, test } from "vitest";
import { shardSizeOf } from "../../../../cluster/src/run/shard-size.js";

test("shards are small enough for every worker to have several, and neither tiny nor huge", () => {
  expect(shardSizeOf("recaption", 45, 2)).toBe(50);
  expect(shardSizeOf("recaption", 16_000, 4)).toBe(500);
  expect(shardSizeOf("recaption", 15_500_000, 4)).toBe(10_000);
  expect(shardSizeOf("score", 0, 4)).toBe(50);
});

test("papers take so long that a few make a shard", () => {
  expect(shardSizeOf("ingest", 9, 2)).toBe(4);
  expect(shardSizeOf("ingest", 100, 2)).toBe(7);
  expect(shardSizeOf("ingest", 2_500_000, 64)).toBe(4890);
});
