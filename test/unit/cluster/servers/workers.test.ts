import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ServerState } from "../../../../cluster/src/servers/index.js";
import { isAlive, ServersBench } from "./bench.js";
import { until } from "../../../support/until.js";

const bench = new ServersBench("servers-workers");
beforeAll(() => bench.prepare());
afterEach(() => bench.clear());
afterAll(() => bench.remove());

test("two workers of one machine never take the same port", async () => {
  const [one, other] = await Promise.all([
    bench.start("0,1", {}, { logs: bench.file("logs/one") }),
    bench.start("0,1", {}, { logs: bench.file("logs/other") }),
  ]);
  expect(new Set([...one.endpoints, ...other.endpoints]).size).toBe(4);
});

/** A worker of its own with three servers, some of which are loading. */
async function worker() {
  const given = {
    serving: bench.serving(),
    options: { folder: bench.path, logs: bench.file("logs"), gpus: null },
  };
  const child = spawn(process.execPath, [bench.program("worker"), JSON.stringify(given)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: bench.env("0,1,2"),
  });
  for await (const line of createInterface(child.stdout)) {
    const states = JSON.parse(line) as ServerState[];
    // The others start when the first one answers.
    if (states.some(({ pid }) => pid === null)) continue;
    const pids = states.map(({ pid }) => pid!);
    expect(pids.filter(isAlive)).toHaveLength(3);
    return { pid: child.pid!, pids };
  }
  throw new Error("The worker has ended.");
}

test("no server outlives a worker that is killed", async () => {
  const { pid, pids } = await worker();
  process.kill(pid, "SIGKILL");
  await until(() => !pids.some(isAlive));
});

test.runIf(process.platform === "linux")("neither does one whose watchdog was killed before", async () => {
  const { pid, pids } = await worker();
  const [first] = await until(() => watchdogsOf(pid));
  process.kill(first!, "SIGKILL");
  await until(() => watchdogsOf(pid)?.some((other) => other !== first));
  process.kill(pid, "SIGKILL");
  await until(() => !pids.some(isAlive));
});

/** Pids of a worker's shells that look after its servers, if it has any. */
function watchdogsOf(worker: number): number[] | undefined {
  const children = readFileSync(`/proc/${worker}/task/${worker}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  const found = children.filter((pid) => commandOf(pid).includes("while read -r sign group"));
  return found.length > 0 ? found : undefined;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
