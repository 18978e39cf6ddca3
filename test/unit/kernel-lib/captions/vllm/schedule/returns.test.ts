import { expect, it } from "vitest";
import type { Outcome } from "../../../../../../kernel-lib/src/captions/vllm/outcome.js";
import {
  Scheduler,
  type SchedulerOptions,
  type ServerEvent,
} from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";
import { draws } from "./draws.js";
import { answered, problem } from "./engine.js";
import { VirtualClock } from "./virtual-clock.js";

const failed: Outcome = { kind: "transient", problem };

interface Scene extends Partial<SchedulerOptions> {
  endpoints: string[];
  /** How a request ends that was sent at this second. */
  outcome(key: string, endpoint: string, second: number): Outcome;
}

/** Servers that take a second for everything. */
function open({ outcome, ...options }: Scene) {
  const clock = new VirtualClock();
  const events: ServerEvent[] = [];
  const scheduler = new Scheduler({
    probe: async () => null,
    alive: async () => true,
    onEvent: (event) => events.push(event),
    clock,
    random: draws(5),
    ...options,
  });
  const ends = new Map<string, string>();
  const sent: { key: string; endpoint: string; second: number }[] = [];
  let asked = 0;
  const ask = (key: string) => {
    asked++;
    void scheduler
      .ask({
        key,
        tokens: 1000,
        send: (endpoint) => {
          const second = clock.now() / 1000;
          sent.push({ key, endpoint, second });
          return new Promise<Outcome>((end) =>
            clock.setTimeout(() => end(outcome(key, endpoint, second)), 1000),
          );
        },
      })
      .then(
        ({ kind }) => ends.set(key, kind),
        (error: { reason: string; transient: boolean }) =>
          ends.set(key, `${error.reason}${error.transient ? ", for now" : ""}`),
      );
  };
  const all = () => clock.run(() => ends.size === asked);
  return { clock, scheduler, events, ends, sent, ask, all };
}

it("what fails while the only server fails with everything is held against no item", async () => {
  const outage = (second: number) => second >= 4 && second < 90;
  const { clock, ask, all, ends, events, sent } = open({
    endpoints: ["a"],
    outcome: (_, __, second) => (outage(second) ? failed : answered),
    fit: async () => !outage(clock.now() / 1000),
  });
  for (let item = 0; item < 400; item++) ask(`${item}`);
  await all();
  expect(new Set(ends.values())).toEqual(new Set(["answered"]));
  expect(events.map(({ kind }) => kind)).toEqual(["failing", "returned"]);
  expect(sent.filter(({ second }) => second > 7 && second < 90)).toEqual([]);
});

it("items that fail wherever they are sent are given up for now, however many come together", async () => {
  const { ask, all, ends } = open({
    endpoints: ["a", "b"],
    outcome: (key) => (key.startsWith("bad") ? failed : answered),
  });
  for (let item = 0; item < 40; item++) ask(`good ${item}`);
  for (let item = 0; item < 30; item++) ask(`bad ${item}`);
  await all();
  for (const [key, end] of ends) expect(end).toBe(key.startsWith("bad") ? "gave-up, for now" : "answered");
});

it("a server that fails with everything and never recovers is no server, after a while", async () => {
  const { ask, all, ends, clock, scheduler } = open({
    endpoints: ["a"],
    outcome: () => failed,
    fit: async () => false,
  });
  const last = scheduler.ask({ key: "x", tokens: 1, send: async () => failed });
  const told = expect(last).rejects.toThrow(/does not answer any more \(last: a fails with everything/);
  for (let item = 0; item < 40; item++) ask(`${item}`);
  await all();
  await told;
  expect(ends.size).toBe(40);
  expect(clock.now()).toBeLessThan(700_000);
});

it("a server that was not there yet gets work once it is alive and fit", async () => {
  const { clock, ask, all, sent, events, ends } = open({
    endpoints: ["a", "late"],
    away: ["late"],
    outcome: () => answered,
    limits: { startWindow: 4, mostWindow: 4 },
    alive: async (endpoint) => endpoint === "a" || clock.now() >= 20_000,
    fit: async () => clock.now() >= 50_000,
  });
  for (let item = 0; item < 800; item++) ask(`${item}`);
  await all();
  const late = sent.filter(({ endpoint }) => endpoint === "late");
  expect(late[0]!.second).toBeGreaterThanOrEqual(50);
  expect(late[0]!.second).toBeLessThan(90);
  expect(late.length).toBeGreaterThan(100);
  expect(events).toMatchObject([{ kind: "returned", message: "late takes requests now" }]);
  expect(new Set(ends.values())).toEqual(new Set(["answered"]));
});
