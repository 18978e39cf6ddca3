import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { guarded } from "../../../../cluster/src/worker/guard.js";

/** Starts these programs one after the other, the last again and again. */
function starting(...scripts: string[]) {
  const started: ChildProcess[] = [];
  const start = () => {
    const child = spawn("/bin/sh", ["-c", scripts[Math.min(started.length, scripts.length - 1)]!]);
    started.push(child);
    return child;
  };
  return { started, start };
}

const DIES = "kill -9 $$";
const noProgress = () => Promise.resolve(0);

test("a worker that died is started again, until it ends by itself", async () => {
  const { started, start } = starting(DIES, "exit 139", "exit 75");
  const said: string[] = [];
  const code = await guarded({
    start,
    progress: noProgress,
    most: 5,
    pauseMs: 1,
    say: (text) => said.push(text),
  });
  expect(code).toBe(75);
  expect(started).toHaveLength(3);
  expect(said).toEqual([
    "The worker died (SIGKILL) and is started again.",
    "The worker died (exit code 139) and is started again.",
  ]);
});

test("one that keeps dying is given up, but not as long as something is done in between", async () => {
  const { started, start } = starting(DIES);
  const said: string[] = [];
  let looks = 0;
  // Something new at each of the first four looks.
  const progress = () => Promise.resolve(Math.min(4, ++looks));
  expect(await guarded({ start, progress, most: 3, pauseMs: 1, say: (text) => said.push(text) })).toBe(1);
  expect(started).toHaveLength(4 + 3);
  expect(said.at(-1)).toBe(
    "The worker died 3 times in a row (SIGKILL) and nothing was done in between; it is given up.",
  );
});

test("an exit code of its own goes to the engine", async () => {
  const { started, start } = starting("exit 1");
  expect(await guarded({ start, progress: noProgress, most: 3, pauseMs: 1, say: () => undefined })).toBe(1);
  expect(started).toHaveLength(1);
});

test("signals are handed on, and whoever was told to leave is not started again, however it ends", async () => {
  const { started, start } = starting(
    'trap "echo told; kill -9 $$" TERM; echo ready; while :; do sleep 0.05; done',
  );
  const ended = guarded({ start, progress: noProgress, most: 3, pauseMs: 1, say: () => undefined });
  await expect.poll(() => started.length).toBe(1);
  await once(started[0]!.stdout!, "data");
  process.emit("SIGTERM", "SIGTERM");
  expect(await ended).toBe(128 + 9);
  expect(started).toHaveLength(1);
});
