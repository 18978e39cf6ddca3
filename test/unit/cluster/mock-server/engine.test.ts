import { afterEach, expect, test } from "vitest";
import { capacity, type EngineSize } from "../../../../cluster/src/mock-server/capacity.js";
import { Engine, type Task, type Work } from "../../../../cluster/src/mock-server/engine.js";
import { until } from "./client.js";

const SIZE: EngineSize = {
  maxNumSeqs: 8,
  kvCacheTokens: 100_000,
  prefillTokensPerSecond: 4000,
  timePerToken: 10,
  slowdownUnderLoad: 1,
  speed: 1000,
};

const engines: Engine[] = [];
afterEach(() => engines.splice(0).forEach((engine) => engine.close()));

function start(size: Partial<EngineSize> = {}): Engine {
  const engine = new Engine({ ...SIZE, ...size });
  engines.push(engine);
  return engine;
}

/** Submits so much work at once and says which of it ended. */
function submit(engine: Engine, count: number, work: Partial<Work> = {}) {
  const ended: number[] = [];
  const lost: number[] = [];
  const tasks: Task[] = Array.from({ length: count }, (_, at) =>
    engine.submit({
      promptTokens: 400,
      answerTokens: 50,
      onEnd: () => ended.push(at),
      onLost: () => lost.push(at),
      ...work,
    }),
  );
  return { tasks, ended, lost };
}

test("what waits starts when its slot was due, however late the clock was looked at", async () => {
  const engine = start();
  engine.stall();
  const { tasks, ended } = submit(engine, 80);
  engine.resume();
  const blockedUntil = performance.now() + 50;
  while (performance.now() < blockedUntil);
  await until(() => ended.length === 80);
  const service = (400 / 4000) * 1000 + 50 * 10;
  for (const [at, task] of tasks.entries()) {
    expect(task.end - task.start).toBeCloseTo(service, 6);
    if (at >= 8) expect(task.start).toBeCloseTo(tasks[at - 8]!.end, 6);
  }
});

test("the capacity is what the formula says", async () => {
  const engine = start({ slowdownUnderLoad: 2 });
  engine.stall();
  const { tasks, ended } = submit(engine, 800);
  engine.resume();
  await until(() => ended.length === 800);
  const settled = tasks.slice(400);
  const seconds = (settled.at(-1)!.end - settled[0]!.start) / 1000;
  const expected = capacity({ ...SIZE, slowdownUnderLoad: 2, speed: 1, promptTokens: 400, answerTokens: 50 });
  expect(settled.length / seconds / expected).toBeGreaterThan(0.97);
  expect(settled.length / seconds / expected).toBeLessThan(1.03);
});

test("no more run than there are slots, and the rest waits", () => {
  const engine = start({ speed: 0.001 });
  submit(engine, 20);
  expect(engine.load()).toMatchObject({ running: 8, waiting: 12 });
});

test("a full KV cache holds requests back, and sends the youngest back when answers grow", async () => {
  const engine = start({ kvCacheTokens: 1000 });
  const { ended } = submit(engine, 12, { promptTokens: 300, answerTokens: 200 });
  expect(engine.load().running).toBeLessThanOrEqual(3);
  await until(() => ended.length === 12);
  const load = engine.load();
  expect(load.preemptions).toBeGreaterThan(0);
  expect(load).toMatchObject({ running: 0, waiting: 0, cacheUsage: 0 });
  expect(load.generationTokens).toBeGreaterThanOrEqual(12 * 200 - 12);
});

test("an aborted request gives its slot to the next", () => {
  const engine = start({ speed: 0.001 });
  const { tasks } = submit(engine, 10);
  engine.abort(tasks[0]!);
  engine.abort(tasks[9]!);
  expect(engine.load()).toMatchObject({ running: 8, waiting: 0 });
  expect(tasks[8]!.state).toBe("running");
});

test("a stalled engine takes requests and answers none until it goes on", async () => {
  const engine = start();
  engine.stall();
  const { ended } = submit(engine, 20);
  const before = engine.load();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(engine.load()).toEqual(before);
  expect([before.waiting, ended.length]).toEqual([20, 0]);
  engine.resume();
  await until(() => ended.length === 20);
});

test("a death loses everything once, and nothing ends after it", () => {
  const engine = start({ speed: 0.001 });
  const { lost, ended } = submit(engine, 20);
  engine.die();
  engine.die();
  expect(lost.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
  expect(ended).toEqual([]);
  expect(engine.dead).toBe(true);
});
