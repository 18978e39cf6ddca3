import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../../../../kernel-lib/src/captions/vllm/schedule/scheduler.js";
import { draws } from "./draws.js";
import { Engine, type EngineOptions } from "./engine.js";
import { VirtualClock } from "./virtual-clock.js";

interface Run {
  engines: EngineOptions[];
  /** Asks that are unfinished at any time. */
  inFlight: number;
  /** Virtual seconds: the first are not looked at. */
  warmUp: number;
  seconds: number;
  metrics?: boolean;
  during?(engines: Engine[], clock: VirtualClock): void;
}

/** Keeps so many asks unfinished for a while; says what the engines did after the warm-up. */
async function measure({ engines: options, inFlight, warmUp, seconds, metrics = true, during }: Run) {
  const clock = new VirtualClock();
  const engines = options.map((option) => new Engine(clock, option));
  const random = draws(7);
  const scheduler = new Scheduler({
    endpoints: engines.map((_, index) => `${index}`),
    probe: async (endpoint) => (metrics ? engines[Number(endpoint)]!.load : null),
    alive: async (endpoint) => !engines[Number(endpoint)]!.dead,
    clock,
    random,
  });
  const end = (warmUp + seconds) * 1000;
  let answers = 0;
  async function lane(): Promise<void> {
    while (clock.now() < end) {
      const prompt = 500 + Math.floor(1000 * random());
      const output = 100 + 10 * Math.floor(20 * random());
      await scheduler.ask({
        key: "x",
        tokens: prompt + output,
        send: (endpoint, { signal }) => engines[Number(endpoint)]!.ask("x", prompt, output, signal),
      });
      answers++;
    }
  }
  const lanes = Array.from({ length: inFlight }, () => lane().catch(() => {}));
  during?.(engines, clock);
  const samples: { running: number; waiting: number }[][] = engines.map(() => []);
  await clock.until(warmUp * 1000);
  const tokens = engines.map((engine) => engine.generationTokens);
  for (let second = 0; second < seconds; second++) {
    await clock.until((warmUp + second) * 1000);
    engines.forEach(({ load }, index) => samples[index]!.push(load));
  }
  await clock.until(end);
  const result = engines.map((engine, index) => ({
    preemptions: engine.preemptions,
    utilisation: (engine.generationTokens - tokens[index]!) / seconds / engine.capacity,
    waiting: Math.max(...samples[index]!.map(({ waiting }) => waiting)),
    running: samples[index]!.reduce((sum, { running }) => sum + running, 0) / seconds,
    window: scheduler.state()[index]!.window,
  }));
  scheduler.close();
  await clock.run(() => false);
  await Promise.all(lanes);
  return { engines: result, answers };
}

describe("servers that tell their load are used to 97 % of what they can, with a short queue", () => {
  for (const slots of [16, 64, 256, 1024])
    it(`one with ${slots} slots`, async () => {
      const { engines } = await measure({ engines: [{ slots }], inFlight: 2048, warmUp: 40, seconds: 60 });
      expect(engines[0]!.utilisation).toBeGreaterThan(0.97);
      expect(engines[0]!.waiting).toBeLessThanOrEqual(Math.max(8, 0.2 * slots));
    });

  it("four of different size and speed", async () => {
    const { engines } = await measure({
      engines: [{ slots: 16 }, { slots: 64, step: 20 }, { slots: 256 }, { slots: 512, step: 5 }],
      inFlight: 2048,
      warmUp: 40,
      seconds: 60,
    });
    for (const { utilisation } of engines) expect(utilisation).toBeGreaterThan(0.97);
  });

  it("all that is asked for is with a server when there is room for it", async () => {
    const { engines } = await measure({
      engines: [{ slots: 256 }, { slots: 256 }],
      inFlight: 64,
      warmUp: 20,
      seconds: 30,
    });
    expect(engines[0]!.running + engines[1]!.running).toBeGreaterThan(0.95 * 64);
  });
});

it("a server that slows down keeps a short queue", async () => {
  const { engines } = await measure({
    engines: [{ slots: 128 }, { slots: 128 }],
    inFlight: 1024,
    warmUp: 90,
    seconds: 60,
    during: ([first], clock) => clock.setTimeout(() => (first!.speed = 0.25), 30_000),
  });
  for (const { utilisation, waiting } of engines) {
    expect(utilisation).toBeGreaterThan(0.97);
    expect(waiting).toBeLessThan(30);
  }
});

it("a server whose cache is too small is kept busy with few preemptions", async () => {
  const { engines, answers } = await measure({
    engines: [{ slots: 256, cache: 100_000 }],
    inFlight: 1024,
    warmUp: 60,
    seconds: 120,
  });
  // A request holds 1,100 tokens on the average, 1,000 of them from the beginning.
  expect(engines[0]!.running).toBeGreaterThan(0.93 * (100_000 / 1_095));
  expect(engines[0]!.preemptions).toBeLessThan(0.02 * answers);
  expect(engines[0]!.waiting).toBeLessThan(20);
});

describe("servers that tell nothing", () => {
  for (const slots of [16, 128, 512])
    it(`one with ${slots} slots is used by what its latency says`, async () => {
      const { engines } = await measure({
        engines: [{ slots }],
        inFlight: 1500,
        warmUp: 240,
        seconds: 120,
        metrics: false,
      });
      expect(engines[0]!.utilisation).toBeGreaterThan(0.95);
      expect(engines[0]!.waiting).toBeLessThan(slots);
    });
});
