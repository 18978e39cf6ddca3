import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdsLease, latestLease, releaseLease, takeLease } from "../../../../cluster/src/run/leases.js";
import { beat, emptyRun, holder, watcher } from "./samples.js";

/** A folder of leases, and somebody who asks for them. */
function setUp() {
  const run = emptyRun();
  const { beats, waitFor, pass } = watcher(run);
  const folder = join(run.path, "role");
  return {
    ...{ run, beats, waitFor, pass, folder },
    take: (worker: string, more = {}) => takeLease(folder, holder(worker, more), beats),
  };
}

/** As from another machine: nothing can be said of its process from here. */
function moveAway(folder: string, number: number): void {
  const path = join(folder, `${number}.json`);
  const claim = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(path, JSON.stringify({ ...claim, process: undefined }));
}

test("a lease is one process's until it is released", async () => {
  const { folder, take } = setUp();
  const first = (await take("a"))!;
  expect(await take("b")).toBeNull();
  expect(await take("a")).toBeNull();
  expect(await holdsLease(first)).toBe(true);
  await releaseLease(first);
  expect(await holdsLease(first)).toBe(false);
  expect((await take("b"))?.number).toBe(2);
  expect(await latestLease(folder)).toMatchObject({ number: 2, holder: { worker: "b" } });
});

test("of many who ask at the same time one gets it, also after a release", async () => {
  const { take } = setUp();
  for (const number of [1, 2, 3]) {
    const asked = Array.from({ length: 30 }, (_, i) => take(`w${i}`));
    const got = (await Promise.all(asked)).filter((lease) => lease !== null);
    expect(got.map((lease) => lease.number)).toEqual([number]);
    await releaseLease(got[0]!);
  }
});

test("a holder whose heartbeat stands still is followed, and its release then changes nothing", async () => {
  const { run, take, waitFor } = setUp();
  beat(run, "a", { beat: 1 });
  const first = (await take("a"))!;
  await waitFor(59_000);
  expect(await take("b")).toBeNull();
  beat(run, "a", { beat: 2 });
  await waitFor(59_000);
  expect(await take("b")).toBeNull();
  await waitFor(10_000);
  const second = (await take("b"))!;
  expect(second.number).toBe(2);
  expect(await holdsLease(first)).toBe(false);
  await releaseLease(first);
  expect(await holdsLease(second)).toBe(true);
  expect(await take("c")).toBeNull();
});

test("a holder that was never heard of gets as long as any other, from the first question on", async () => {
  const { take, waitFor } = setUp();
  await take("a");
  await waitFor(300_000);
  expect(await take("b")).toBeNull();
  await waitFor(55_000);
  expect(await take("b")).toBeNull();
  await waitFor(5_000);
  expect(await take("b")).not.toBeNull();
});

test("a long time between two looks makes nobody silent: whoever looks may have been stopped itself", async () => {
  const { run, take, waitFor, pass } = setUp();
  beat(run, "a");
  await take("a");
  await waitFor(1);
  pass(3_600_000);
  await waitFor(1);
  expect(await take("b")).toBeNull();
});

test("no clock but one's own is compared", async () => {
  const { run, take, waitFor } = setUp();
  for (const [worker, at] of [
    ["past", 0],
    ["future", Date.now() + 1e9],
  ] as const) {
    beat(run, worker, { at, started: at });
    await take(worker, { at: new Date(at).toISOString() });
    await waitFor(1);
    expect(await take("b")).toBeNull();
    await waitFor(70_000);
    const next = await take("b");
    expect(next).not.toBeNull();
    await releaseLease(next!);
  }
});

test("a holder that has left is followed at once", async () => {
  const { run, take, waitFor } = setUp();
  beat(run, "a");
  await take("a");
  beat(run, "a", { status: "left", beat: 2 });
  await waitFor(1);
  expect(await take("b")).not.toBeNull();
});

test("a later start of the same task follows its earlier self at once, but never the reverse", async () => {
  const { take } = setUp();
  await take("a.0", { task: "3", restart: 0 });
  expect(await take("a.1", { task: "4", restart: 1 })).toBeNull();
  expect((await take("a.1", { task: "3", restart: 1 }))?.number).toBe(2);
  expect(await take("a.0", { task: "3", restart: 0 })).toBeNull();
});

test("a holder that is seen to have died on this machine is followed at once; another machine's is not", async () => {
  const { folder, take } = setUp();
  await take("a");
  const path = join(folder, "1.json");
  const claim = JSON.parse(readFileSync(path, "utf8")) as { process: Record<string, string> };
  const write = (process: object) =>
    writeFileSync(path, JSON.stringify({ ...claim, process: { ...claim.process, ...process } }));
  write({ boot: "another run of a machine that has the same name", started: "1" });
  expect(await take("b")).toBeNull();
  write({ space: "a container's", started: "1" });
  expect(await take("b")).toBeNull();
  write({ started: "1" });
  expect((await take("b"))?.number).toBe(2);
});

test("files of others in the folder are let alone", async () => {
  const { folder, take } = setUp();
  mkdirSync(join(folder, "7.json"), { recursive: true });
  for (const name of ["0.json", "x.json", "01.json", "99999999999999999999.json", ".nfs0001", "3.json~"])
    writeFileSync(join(folder, name), "what is this");
  writeFileSync(join(folder, "8.json"), "\u0000\u0000\u0000");
  writeFileSync(join(folder, "9.json"), '{"worker": 7}');
  const lease = (await take("a"))!;
  expect(lease.number).toBe(10);
  expect(await holdsLease(lease)).toBe(true);
  expect(await take("b")).toBeNull();
});

test("a stranger's number above one's own ends the lease", async () => {
  const { folder, take } = setUp();
  const lease = (await take("a"))!;
  writeFileSync(join(folder, "44.json"), "");
  expect(await holdsLease(lease)).toBe(false);
});

test("a holder without word of its process is judged by its heartbeat alone", async () => {
  const { run, folder, take, waitFor } = setUp();
  beat(run, "a");
  await take("a");
  moveAway(folder, 1);
  expect(await take("b")).toBeNull();
  await waitFor(70_000);
  expect(await take("b")).not.toBeNull();
});
