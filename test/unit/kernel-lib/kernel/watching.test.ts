import { expect, test } from "vitest";
import { mendWatching } from "../../../../kernel-lib/src/kernel/mends/watching.js";
import type { Tslab } from "../../../../kernel-lib/src/kernel/mends/tslab.js";

interface Sys {
  setTimeout(callback: (...args: unknown[]) => void, milliseconds: number, ...args: unknown[]): unknown;
  clearTimeout(timer: unknown): void;
}

/** Timers as tslab has them: one at a time, run before a cell. */
function tslabTimers(parent: Sys): { sys: Sys; runBeforeCell(): void } {
  const sys = Object.create(parent) as Sys;
  let pending: { callback(): void } | null = null;
  sys.setTimeout = (callback) => {
    if (pending) throw new Error("Unexpected pending rebuildTimer");
    pending = { callback: () => (callback(), void (pending = null)) };
    return pending;
  };
  sys.clearTimeout = (timer) => {
    if (timer !== pending) throw new Error("clearing unexpected timer");
    pending = null;
  };
  const runBeforeCell = () => {
    if (!pending) throw new Error("rebuildTimer is not set properly");
    pending.callback();
  };
  return { sys, runBeforeCell };
}

function mended() {
  const parent: Sys = { setTimeout: () => "the usual timer", clearTimeout: () => undefined };
  mendWatching({ typescript: { sys: parent } } as unknown as Pick<Tslab, "typescript">);
  return { parent, ...tslabTimers(parent) };
}

test("several things to look at again before a cell are all looked at, those set meanwhile too", () => {
  const { sys, runBeforeCell } = mended();
  const ran: unknown[] = [];
  sys.setTimeout((name) => ran.push(name), 250, "sources");
  sys.setTimeout(() => (ran.push("places"), sys.setTimeout(() => ran.push("program"), 250)), 250);
  runBeforeCell();
  expect(ran).toEqual(["sources", "places", "program"]);
  sys.setTimeout(() => ran.push("next cell"), 250);
  runBeforeCell();
  expect(ran.at(-1)).toBe("next cell");
});

test("one that was taken back is not run, and leaves room", () => {
  const { sys, runBeforeCell } = mended();
  const ran: string[] = [];
  const first = sys.setTimeout(() => ran.push("first"), 250);
  const second = sys.setTimeout(() => ran.push("second"), 250);
  sys.clearTimeout(first);
  runBeforeCell();
  expect(ran).toEqual(["second"]);
  sys.clearTimeout(second);
  const third = sys.setTimeout(() => ran.push("third"), 250);
  sys.clearTimeout(third);
  expect(runBeforeCell).toThrow("not set");
});

test("TypeScript's own timers stay as they are", () => {
  expect(mended().parent.setTimeout(() => undefined, 1)).toBe("the usual timer");
});
