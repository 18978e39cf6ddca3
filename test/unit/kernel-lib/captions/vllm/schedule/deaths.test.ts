import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../../../kernel-lib/src/captions/vllm/outcome.js";
import {
  Scheduler,
  type ServerEvent,
} from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";
import { draws } from "./draws.js";
import { answered, problem } from "./engine.js";
import { VirtualClock } from "./virtual-clock.js";

/** A server that dies of certain items shortly after it got them, loses all it has, and comes back after a while. */
class Mortal {
  alive = true;
  deaths = 0;
  readonly aboard = new Set<(outcome: Outcome) => void>();

  constructor(
    readonly clock: VirtualClock,
    readonly kills: (key: string) => boolean,
    readonly downFor = 60_000,
  ) {}

  send(key: string, ms: number, signal: AbortSignal): Promise<Outcome> {
    if (!this.alive) return Promise.resolve({ kind: "lost", accepted: false, problem });
    return new Promise((resolve) => {
      this.aboard.add(resolve);
      signal.addEventListener("abort", () => this.aboard.delete(resolve), { once: true });
      this.clock.setTimeout(
        () => {
          if (!this.aboard.has(resolve)) return;
          if (this.kills(key)) this.die();
          else {
            this.aboard.delete(resolve);
            resolve(answered);
          }
        },
        this.kills(key) ? 100 : ms,
      );
    });
  }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.deaths++;
    const lost = [...this.aboard];
    this.aboard.clear();
    for (const resolve of lost) resolve({ kind: "lost", accepted: true, problem });
    this.clock.setTimeout(() => (this.alive = true), this.downFor);
  }
}

const idle = {
  ...{ running: 0, waiting: 0, cacheUsage: 0, preemptions: 0 },
  ...{ promptTokens: 0, generationTokens: 0 },
};

interface Chaos {
  servers: number;
  items: number;
  killers: Set<number>;
  /** When servers die for reasons of their own, in seconds. */
  otherDeaths: { server: number; at: number }[];
  /** How many of the suspects that are alone for the first time see the server die for another reason. */
  unlucky?: number;
  window?: number;
  /** Whether something starts servers again at once, so that only their metrics tell. */
  revived?: boolean;
}

async function run(chaos: Chaos) {
  const { servers: count, items, killers, otherDeaths, unlucky = 0, window = 256, revived = false } = chaos;
  const clock = new VirtualClock();
  const random = draws(items + count);
  const servers = Array.from(
    { length: count },
    () => new Mortal(clock, (key) => killers.has(Number(key)), revived ? 0 : undefined),
  );
  const events: ServerEvent[] = [];
  const scheduler = new Scheduler({
    endpoints: servers.map((_, index) => `${index}`),
    probe: async (endpoint) => (revived ? { ...idle, startedAt: servers[Number(endpoint)]!.deaths } : null),
    alive: async (endpoint) => revived || servers[Number(endpoint)]!.alive,
    onEvent: (event) => events.push(event),
    limits: { startWindow: window },
    clock,
    random,
  });
  for (const { server, at } of otherDeaths) clock.setTimeout(() => servers[server % count]!.die(), at * 1000);
  const ends = new Map<number, string[]>();
  const struck = new Set<string>();
  let unfinished = items;
  for (let item = 0; item < items; item++) {
    const end = (how: string) => {
      ends.set(item, [...(ends.get(item) ?? []), how]);
      unfinished--;
    };
    scheduler
      .ask({
        key: `${item}`,
        tokens: 1000,
        send: (endpoint, { signal, attempt }) => {
          const server = servers[Number(endpoint)]!;
          const sent = server.send(`${item}`, 500 + 2500 * random(), signal);
          if (attempt > 1 && server.aboard.size === 1 && struck.size < unlucky && !killers.has(item)) {
            if (!struck.has(`${item}`)) clock.setTimeout(() => server.die(), 50);
            struck.add(`${item}`);
          }
          return sent;
        },
      })
      .then(
        ({ kind }) => end(kind),
        (error: { reason: string }) => end(error.reason),
      );
  }
  await clock.run(() => unfinished === 0);
  const minutes = clock.now() / 60_000;
  const deaths = servers.reduce((sum, { deaths }) => sum + deaths, 0);
  return { ends, deaths, minutes, events, clock, scheduler };
}

describe("of what was on board of a server that died", () => {
  it("the killer is found, and all others are answered", async () => {
    const { ends, deaths, events } = await run({
      servers: 1,
      items: 300,
      killers: new Set([40]),
      otherDeaths: [],
    });
    for (const [item, how] of ends) expect(how).toEqual([item === 40 ? "kills-server" : "answered"]);
    expect(ends.size).toBe(300);
    expect(deaths).toBeLessThanOrEqual(5);
    expect(events.map(({ kind }) => kind)).toContain("culprit");
  });

  it("the killer is found although its servers are started again at once", async () => {
    const { ends, deaths } = await run({
      ...{ servers: 2, items: 200, killers: new Set([40, 160]), otherDeaths: [] },
      revived: true,
    });
    expect([...ends].filter(([, [how]]) => how !== "answered")).toEqual([
      [40, ["kills-server"]],
      [160, ["kills-server"]],
    ]);
    expect(ends.size).toBe(200);
    expect(deaths).toBeLessThanOrEqual(10);
  });

  it("nothing is convicted when a server dies of something else under a suspect", async () => {
    const { ends } = await run({
      servers: 1,
      items: 100,
      killers: new Set(),
      otherDeaths: [{ server: 0, at: 1 }],
      unlucky: 3,
    });
    expect([...ends.values()].every(([how]) => how === "answered")).toBe(true);
    expect(ends.size).toBe(100);
  });

  it("two thousand suspects of a lost node are through within minutes", async () => {
    const { ends, minutes } = await run({
      servers: 8,
      items: 2000,
      killers: new Set([3]),
      otherDeaths: Array.from({ length: 8 }, (_, server) => ({ server, at: 0.3 })),
    });
    expect(ends.size).toBe(2000);
    expect([...ends].filter(([, [how]]) => how !== "answered")).toEqual([[3, ["kills-server"]]]);
    expect(minutes).toBeLessThan(5);
  });

  it("every killer is found and nothing else, whatever else happens", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          servers: fc.integer({ min: 1, max: 4 }),
          items: fc.constantFrom(50, 400, 2000),
          killers: fc.uniqueArray(fc.nat(1999), { maxLength: 5 }),
          otherDeaths: fc.array(
            fc.record({ server: fc.nat(3), at: fc.double({ min: 0, max: 300, noNaN: true }) }),
            {
              maxLength: 4,
            },
          ),
          unlucky: fc.nat(2),
          window: fc.constantFrom(4, 64, 512),
        }),
        async ({ killers, items, ...chaos }) => {
          const guilty = new Set(killers.map((killer) => killer % items));
          const { ends, deaths } = await run({ ...chaos, items, killers: guilty });
          expect(ends.size).toBe(items);
          for (const [item, how] of ends)
            expect(how).toEqual([guilty.has(item) ? "kills-server" : "answered"]);
          expect(deaths).toBeLessThanOrEqual(5 * guilty.size + chaos.otherDeaths.length + chaos.unlucky);
        },
      ),
      { numRuns: 40, seed: 20 },
    );
  });

  it("nothing is left running when all is done", async () => {
    const { clock, scheduler } = await run({
      servers: 2,
      items: 200,
      killers: new Set([7]),
      otherDeaths: [],
    });
    await clock.run(() => false);
    expect(clock.pending).toBe(0);
    expect(
      scheduler.state().every(({ inFlight, outstandingTokens }) => inFlight + outstandingTokens === 0),
    ).toBe(true);
  });
});

it("when no server comes back all that waits ends with one plain sentence", async () => {
  const clock = new VirtualClock();
  const server = new Mortal(clock, (key) => key === "1", Infinity);
  const restarted: string[] = [];
  const scheduler = new Scheduler({
    endpoints: ["http://gpu1"],
    probe: async () => null,
    alive: async () => server.alive,
    restart: async (endpoint) => void restarted.push(endpoint),
    clock,
    random: draws(1),
  });
  let ended = 0;
  const asked = ["1", "2", "3"].map((key) =>
    scheduler
      .ask({ key, tokens: 1, send: (_, { signal }) => server.send(key, 1000, signal) })
      .finally(() => ended++),
  );
  const results = Promise.allSettled(asked);
  await clock.run(() => ended === 3);
  for (const result of await results)
    expect(result).toMatchObject({
      reason: {
        name: "ConfigurationError",
        message: expect.stringMatching(
          /^the only server does not answer any more \(last: http:\/\/gpu1 died/,
        ),
      },
    });
  expect(restarted).toEqual(["http://gpu1"]);
  expect(clock.now()).toBeGreaterThan(600_000);
  expect(clock.now()).toBeLessThan(660_000);
});
