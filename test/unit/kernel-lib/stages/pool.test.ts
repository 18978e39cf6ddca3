import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { inWorkers, type PooledStage } from "../../../../kernel-lib/src/stages/pool.js";
import type { Stage } from "../../../../kernel-lib/src/stages/stage.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const stage: Stage<string, string> = {
  name: "obey",
  version: 1,
  key: (order) => order,
  run: () => Promise.reject(new Error("runs in a thread only")),
};

/** A worker that does what it is told. */
const WORKER = `
module.exports = async (order) => {
  if (order === "crash") setImmediate(() => { throw new Error("crashed"); });
  if (order === "crash" || order === "hang") await new Promise(() => setInterval(() => {}, 1000));
  if (order === "spin") for (;;);
  if (order === "hoard") for (const all = [];;) all.push(new Array(1e5).fill(all.length));
  if (order === "name yourself") return { result: String(require("node:worker_threads").threadId) };
  if (order === "stop") return { stop: "The disk is full." };
  if (order === "refuse") return { problem: { reason: "no", message: "I will not.", wayOut: "Ask nicely.", raw: "raw" } };
  return { result: order.toUpperCase() };
};`;

let pooled: PooledStage<string, string>;
afterEach(() => pooled.close());

async function pool(
  seconds = 30,
  jobs = 1,
): Promise<(order: string, signal?: AbortSignal) => Promise<string>> {
  const file = join(await freshFolder(), "worker.cjs");
  await writeFile(file, WORKER);
  pooled = inWorkers(stage, { jobs, file, limits: { seconds, heapMegabytes: 64 } });
  return (order, signal = new AbortController().signal) => pooled.run(order, { signal });
}

describe("a stage in worker threads", () => {
  it("gives results and problems as the stage itself would", async () => {
    const run = await pool();
    expect(await run("weave")).toBe("WEAVE");
    await expect(run("refuse")).rejects.toMatchObject({
      name: "ItemError",
      reason: "no",
      message: "I will not.",
      wayOut: "Ask nicely.",
    });
  });

  it("keeps its threads between items", async () => {
    const run = await pool(30, 2);
    const names = new Set<string>();
    for (let round = 0; round < 10; round++) {
      for (const name of await Promise.all([run("name yourself"), run("name yourself")])) names.add(name);
      await delay(20);
    }
    expect(names.size).toBeLessThanOrEqual(2);
  });

  it("stops the whole work where the worker says so", async () => {
    const run = await pool();
    await expect(run("stop")).rejects.toMatchObject({
      name: "ConfigurationError",
      message: "The disk is full.",
    });
  });

  it.each(["hang", "spin"])("gives up an item that takes too long (%s), and goes on", async (order) => {
    const run = await pool(1);
    await expect(run(order)).rejects.toMatchObject({ name: "ItemError", reason: "paper-too-slow" });
    expect(await run("weave")).toBe("WEAVE");
  });

  it("gives up an item that takes too much memory, and goes on", async () => {
    const run = await pool();
    await expect(run("hoard")).rejects.toMatchObject({ name: "ItemError", reason: "paper-too-large" });
    expect(await run("weave")).toBe("WEAVE");
  });

  it("loses only the item whose thread crashes", async () => {
    const run = await pool();
    await expect(run("crash")).rejects.toThrow("crashed");
    expect(await run("weave")).toBe("WEAVE");
  });

  it("stops an item that is cancelled", async () => {
    const run = await pool();
    const cancel = new AbortController();
    const running = run("spin", cancel.signal);
    setTimeout(() => cancel.abort(), 50);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(await run("weave")).toBe("WEAVE");
  });
});
