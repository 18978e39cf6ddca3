import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Departure, exitCodeOf } from "../../../../cluster/src/worker/departure.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("exit codes tell the engine whether to start the task again", () => {
  expect(exitCodeOf({ why: "nothing left" })).toBe(0);
  expect(exitCodeOf({ why: "time limit" })).toBe(75);
  expect(exitCodeOf({ why: "terminated" })).toBe(143);
  expect(exitCodeOf({ why: "paused" })).toBe(0);
  expect(exitCodeOf({ why: "gave up", message: "No disk." })).toBe(1);
});

test("before a time limit what is at work gets its grace, and is then given up", () => {
  const departure = new Departure(30);
  departure.leave({ why: "time limit" });
  expect([departure.soon.aborted, departure.now.aborted]).toEqual([true, false]);
  vi.advanceTimersByTime(29_999);
  expect(departure.now.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(departure.now.aborted).toBe(true);
});

test("a pause lets what is at work end, however long that takes; a signal after it does not", () => {
  const departure = new Departure(30);
  departure.leave({ why: "paused" });
  vi.advanceTimersByTime(3_600_000);
  expect([departure.soon.aborted, departure.now.aborted]).toEqual([true, false]);
  departure.leave({ why: "terminated" });
  vi.advanceTimersByTime(10_000);
  expect(departure.now.aborted).toBe(true);
  expect(departure.reason).toEqual({ why: "terminated" });
});

test("a less pressing reason does not put off a more pressing one", () => {
  const departure = new Departure(30);
  departure.leave({ why: "terminated" });
  departure.leave({ why: "time limit" });
  departure.leave({ why: "paused" });
  expect(departure.reason).toEqual({ why: "terminated" });
  vi.advanceTimersByTime(10_000);
  expect(departure.now.aborted).toBe(true);
});

test("a cancelled run gives up what is at work at once", () => {
  const departure = new Departure(30);
  departure.leave({ why: "cancelled" });
  expect(departure.now.aborted).toBe(true);
});
