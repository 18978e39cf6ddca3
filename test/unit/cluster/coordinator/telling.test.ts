import { expect, test } from "vitest";
import {
  atWork,
  newFailures,
  newNotices,
  reasonsOf,
  serversOf,
  shardsAtWork,
  workersOf,
} from "../../../../cluster/src/coordinator/telling.js";
import { shard, worker } from "./samples.js";

const done = new Set(["00000000"]);
const nobody = () => false;
const failure = (item: string, reason = "blurred") => ({
  item,
  reason,
  file: "f",
  message: "m",
  way_out: "w",
});

test("what is at work counts once, as its latest holder says, and not what is done or of another phase", () => {
  const states = [
    worker("dead", { shards: [shard("00000000", 1, 4), shard("00000001", 1, 5)] }),
    worker("next", { shards: [shard("00000001", 2, 7, { failed: 1 }), shard("00000002", 1, 2)] }),
    worker("other", { phase: "2-score", shards: [shard("00000003", 1, 9)] }),
  ];
  expect(atWork("1-recaption", states, done)).toEqual({ done: 9, failed: 1, failedBefore: 0, reused: 0 });
});

test("reasons of all workers are added up, and the rare ones thrown together", () => {
  const states = [
    worker("a", { reasons: { blurred: 2, empty: 1, rude: 1 } }),
    worker("b", { reasons: { blurred: 3, empty: 1 } }),
  ];
  expect(reasonsOf(states, 3)).toEqual({ blurred: 5, empty: 2, rude: 1 });
  expect(reasonsOf(states, 2)).toEqual({ blurred: 5, others: 3 });
});

test("a failure is told once, and so many of a reason", () => {
  const states = [
    worker("a", { failures: [failure("1"), failure("2"), failure("3", "empty")] }),
    worker("b", { failures: [failure("2"), failure("4")] }),
  ];
  const told = [{ reason: "blurred", samples: [failure("1")] }];
  expect(newFailures(states, told, 2).map(({ item }) => item)).toEqual(["2", "3"]);
});

test("what workers have to say is told once, also by the next coordinator", () => {
  const say = (at: number, text: string) => ({ at, text });
  const told = new Set<string>();
  const first = [
    worker("a", { notices: [say(5, "later")] }),
    worker("b", { notices: [say(3, "sooner"), say(4, "later")] }),
  ];
  expect(newNotices(first, told, [])).toEqual(["sooner", "later"]);
  expect(newNotices(first, told, [])).toEqual([]);
  expect(newNotices([worker("a", { notices: [say(5, "later"), say(9, "later")] })], told, [])).toEqual([
    "later",
  ]);
  expect(newNotices(first, new Set(), [{ text: "sooner" }])).toEqual(["later"]);
});

test("a node's servers are named by the node, and are as silent as their worker", () => {
  const server = { health: "up", inFlight: 3, running: 1, waiting: 0, cacheUsage: 0.5, perSecond: 2 };
  const states = [
    worker("a", { servers: [{ ...server, name: "http://127.0.0.1:20001" }] }),
    worker("b", { servers: [{ ...server, name: "http://gpu7:8000" }] }),
    worker("gone", { status: "left", servers: [{ ...server, name: "http://127.0.0.1:20001" }] }),
  ];
  expect(serversOf(states, (name) => name === "b")).toEqual([
    { ...server, name: "node-a:20001" },
    { ...server, name: "http://gpu7:8000", health: "silent", inFlight: 0, perSecond: 0 },
  ]);
});

test("a server that several workers ask is told once, with the questions of all", () => {
  const shared = {
    ...{ name: "http://gpu7:8000", health: "up", inFlight: 3, perSecond: 1.5 },
    ...{ running: 1, waiting: 0, cacheUsage: 0.5 },
  };
  const states = [
    worker("a", { servers: [{ ...shared, health: "down", running: null, inFlight: 0, perSecond: 0 }] }),
    worker("b", { servers: [{ ...shared, running: 7 }] }),
    worker("c", { servers: [{ ...shared, running: 7 }] }),
  ];
  expect(serversOf(states, () => false)).toEqual([{ ...shared, running: 7, inFlight: 6, perSecond: 3 }]);
});

test("workers that are there come first; a silent one does nothing", () => {
  const states = [
    worker("left", { status: "left", started: 9, shards: [shard("00000001", 1, 1)] }),
    worker("old", { started: 1, shards: [shard("00000000", 1, 1), shard("00000002", 1, 1)] }),
    worker("silent", { started: 5, shards: [shard("00000003", 1, 1)] }),
  ];
  const isSilent = (name: string) => name === "silent";
  const told = workersOf(states, { isSilent, perSecond: () => 1.23456, done, most: 3 });
  expect(
    told.map(({ worker, status, perSecond, shards }) => ({ worker, status, perSecond, shards })),
  ).toEqual([
    { worker: "silent", status: "silent", perSecond: 0, shards: ["00000003"] },
    { worker: "old", status: "working", perSecond: 1.235, shards: ["00000002"] },
    { worker: "left", status: "left", perSecond: 0, shards: [] },
  ]);
  expect(workersOf(states, { isSilent, perSecond: () => 0, done, most: 1 })).toHaveLength(1);
  expect([...shardsAtWork("1-recaption", states, { isSilent, done })]).toEqual(["00000002"]);
  expect([...shardsAtWork("1-recaption", states, { isSilent: nobody, done })]).toEqual([
    "00000002",
    "00000003",
  ]);
});
