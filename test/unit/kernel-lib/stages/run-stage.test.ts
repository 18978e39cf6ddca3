import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ConfigurationError, ItemError } from "../../../../kernel-lib/src/errors.js";
import type { QuarantineLine } from "../../../../kernel-lib/src/model.js";
import { runStage, type RunStageOptions } from "../../../../kernel-lib/src/stages/run-stage.js";
import type { Progress, Stage } from "../../../../kernel-lib/src/stages/stage.js";

/** Halves even numbers. */
const halving: Stage<number, number> = {
  name: "halve",
  version: 1,
  key: (n) => `number ${n}`,
  async run(n) {
    await delay(n % 3);
    if (n % 2 === 0) return n / 2;
    throw new ItemError({ reason: "odd", message: `${n} is odd.`, wayOut: "Add one." });
  },
};

function collecting(over: Partial<RunStageOptions<number, number>> = {}) {
  const kept = new Map<number, number>();
  const refused: QuarantineLine[] = [];
  const options: RunStageOptions<number, number> = {
    concurrency: 3,
    signal: new AbortController().signal,
    file: (n) => `${n}.txt`,
    keep: async (item, result) => {
      kept.set(item, result);
      return true;
    },
    refuse: async (_, line) => {
      refused.push(line);
    },
    ...over,
  };
  return { kept, refused, options };
}

describe("a stage mapped over items", () => {
  it("keeps results, and records failures without stopping their neighbours", async () => {
    const { kept, refused, options } = collecting();
    const end = await runStage(halving, [0, 1, 2, 3, 4, 5, 6], options);
    expect(end).toMatchObject({ stage: "halve", done: 4, failed: 3, reused: 0, total: null });
    expect([...kept].sort()).toEqual([
      [0, 0],
      [2, 1],
      [4, 2],
      [6, 3],
    ]);
    expect(refused.find(({ item }) => item === "number 3")).toEqual({
      stage: "halve",
      item: "number 3",
      file: "3.txt",
      reason: "odd",
      message: "3 is odd.",
      way_out: "Add one.",
      raw: null,
    });
  });

  it("passes over what is done already", async () => {
    const { kept, options } = collecting({ isDone: (n) => (n < 4 ? "done" : null) });
    expect(await runStage(halving, [0, 2, 4, 6], options)).toMatchObject({ done: 2, reused: 2 });
    expect([...kept.keys()].sort()).toEqual([4, 6]);
  });

  it("works on no more items at once than it may, and takes them one by one", async () => {
    let working = 0;
    let most = 0;
    let taken = 0;
    const counting: Stage<number, number> = {
      ...halving,
      async run(n) {
        most = Math.max(most, ++working);
        await delay(2);
        working--;
        return n;
      },
    };
    async function* items() {
      for (; taken < 20; taken++) {
        expect(taken).toBeLessThanOrEqual(working + finished + 1);
        yield taken;
      }
    }
    let finished = 0;
    const { options } = collecting({ keep: async () => (finished++, true) });
    await runStage(counting, items(), options);
    expect(most).toBe(3);
    expect(finished).toBe(20);
  });

  it("tells its progress after every item", async () => {
    const seen: Progress[] = [];
    const { options } = collecting({ total: 3, onProgress: (progress) => seen.push(progress) });
    await runStage(halving, [1, 2, 4], options);
    expect(seen.map(({ done, failed }) => done + failed)).toEqual([1, 2, 3]);
    expect(seen.at(-1)).toMatchObject({ done: 2, failed: 1, total: 3 });
  });

  it("stops at once when it is cancelled, though the work does not listen", async () => {
    const cancel = new AbortController();
    const deaf: Stage<number, number> = { ...halving, run: () => new Promise(() => undefined) };
    const { refused, options } = collecting({ signal: cancel.signal });
    const running = runStage(deaf, [1, 2, 3, 4, 5], options);
    setImmediate(() => cancel.abort());
    expect(await running).toMatchObject({ done: 0, failed: 0 });
    expect(refused).toEqual([]);
  });

  it("stops everything at a wrong configuration", async () => {
    const wrong: Stage<number, number> = {
      ...halving,
      run: () => Promise.reject(new ConfigurationError("There is no server at x.")),
    };
    const { options } = collecting();
    await expect(runStage(wrong, [1, 2, 3], options)).rejects.toThrow("There is no server at x.");
  });

  it("stops everything when a result cannot be stored", async () => {
    const { options } = collecting({ keep: () => Promise.reject(new Error("no space left")) });
    await expect(runStage(halving, [2, 4, 6], options)).rejects.toThrow("no space left");
  });

  it("records a result that is refused by the store as a failure of its item", async () => {
    const tooLarge = new ItemError({ reason: "result-too-large", message: "It is.", wayOut: "None." });
    const { refused, options } = collecting({ keep: () => Promise.reject(tooLarge) });
    expect(await runStage(halving, [2], options)).toMatchObject({ done: 0, failed: 1 });
    expect(refused[0]!.reason).toBe("result-too-large");
  });

  it("records an unexpected error as a fault of figloom", async () => {
    const faulty: Stage<number, number> = {
      ...halving,
      run: () => Promise.reject(new TypeError("x is undefined")),
    };
    const { refused, options } = collecting();
    await runStage(faulty, [7], options);
    expect(refused[0]).toMatchObject({
      reason: "unexpected-error",
      raw: expect.stringContaining("TypeError"),
    });
  });
});
