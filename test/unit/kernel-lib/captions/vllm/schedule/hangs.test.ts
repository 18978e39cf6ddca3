import { expect, it } from "vitest";
import {
  Scheduler,
  type SchedulerOptions,
  type ServerEvent,
} from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";
import { draws } from "./draws.js";
import { Engine } from "./engine.js";
import { VirtualClock } from "./virtual-clock.js";

/** Servers with asks for them that can be waited for. */
function open(count: number, options: Partial<SchedulerOptions> = {}) {
  const clock = new VirtualClock();
  const engines = Array.from({ length: count }, () => new Engine(clock, { slots: 32 }));
  const events: (ServerEvent & { second: number })[] = [];
  const scheduler = new Scheduler({
    endpoints: engines.map((_, index) => `${index}`),
    probe: async (endpoint) => engines[Number(endpoint)]!.load,
    alive: async (endpoint) => !engines[Number(endpoint)]!.dead,
    onEvent: (event) => events.push({ ...event, second: clock.now() / 1000 }),
    clock,
    random: draws(3),
    ...options,
  });
  const ends: string[] = [];
  const ask = (key: string) =>
    void scheduler
      .ask({
        key,
        tokens: 1000,
        send: (endpoint, { signal }) => engines[Number(endpoint)]!.ask(key, 800, 200, signal),
      })
      .then(
        () => ends.push("answered"),
        (error: { reason: string }) => ends.push(`${key} ${error.reason}`),
      );
  const all = (asked: number) => clock.run(() => ends.length === asked);
  return { clock, engines, events, scheduler, ends, ask, all };
}

it("a server that hangs while it says it is well is found within a minute, and its work is done elsewhere", async () => {
  const { clock, engines, events, ends, ask, all, scheduler } = open(2);
  for (let item = 0; item < 600; item++) ask(`${item}`);
  await clock.until(5000);
  engines[0]!.stalled = true;
  await clock.until(65_000);
  expect(events).toMatchObject([{ kind: "hung", endpoint: "0" }]);
  expect(scheduler.state()[0]!.health).toBe("hung");
  expect(scheduler.state()[0]!.inFlight).toBeLessThan(2);
  await all(600);
  expect(ends.every((end) => end === "answered")).toBe(true);
});

it("a server that hangs and tells nothing is found within a minute too", async () => {
  const { clock, engines, events, ask, all } = open(2, { probe: async () => null });
  for (let item = 0; item < 600; item++) ask(`${item}`);
  await clock.until(6000);
  engines[0]!.stalled = true;
  await clock.until(66_000);
  expect(events).toMatchObject([{ kind: "hung", endpoint: "0" }]);
  await all(600);
});

it("a server that hung is started again, and takes requests again when it has answered one", async () => {
  const restarted: string[] = [];
  const { clock, engines, events, ask, all, ends } = open(1, {
    restart: async (endpoint) => {
      restarted.push(endpoint);
      engines[0]!.die(120_000);
    },
  });
  for (let item = 0; item < 300; item++) ask(`${item}`);
  await clock.until(3000);
  engines[0]!.stalled = true;
  await all(300);
  expect(restarted).toEqual(["0"]);
  expect(events.map(({ kind }) => kind)).toEqual(["hung", "restart", "returned"]);
  expect(ends.every((end) => end === "answered")).toBe(true);
});

it("what makes servers hang is found, and all others are answered", async () => {
  const { engines, ask, all, ends, events } = open(2, {
    restart: async (endpoint) => engines[Number(endpoint)]!.die(60_000),
  });
  for (const engine of engines)
    engine.onBegin = (key) => {
      if (key === "77") engine.stalled = true;
    };
  for (let item = 0; item < 200; item++) ask(`${item}`);
  await all(200);
  expect(ends.filter((end) => end !== "answered")).toEqual(["77 hangs-server"]);
  expect(events.filter(({ kind }) => kind === "hung").length).toBeLessThan(8);
});
