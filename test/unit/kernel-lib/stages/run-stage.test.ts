import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { ConfigurationError, ItemError } from "../../../../kernel-lib/src/errors.js";
import type { QuarantineLine } from "../../../../kernel-lib/src/model.js";
import { runStage, type RunStageOptions } from "../../../../kernel-lib/src/stages/run-stage.js";
import { Gate } from "../../../../kernel-lib/src/work/gate.js";
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

  it("counts what failed before without working on it again", async () => {
    const { kept, refused, options } = collecting({ isDone: (n) => (n % 2 === 1 ? "failed" : null) });
    const end = await runStage(halving, [1, 2, 3, 4], options);
    expect(end).toMatchObject({ done: 2, failed: 2, failedBefore: 2, reused: 0 });
    expect([...kept.keys()].sort()).toEqual([2, 4]);
    expect(refused).toEqual([]);
  });

  it("begins nothing while its gate is closed, finishes what is at work, and goes on when it opens", async () => {
    const gate = new Gate();
    const begun: number[] = [];
    const reported: Progress[] = [];
    const noting: Stage<number, number> = {
      ...halving,
      run: async (n, context) => {
        begun.push(n);
        if (n === 4) gate.shut();
        return halving.run(n, context);
      },
    };
    const { kept, options } = collecting({ gate, concurrency: 2, onProgress: (now) => reported.push(now) });
    const work = runStage(noting, [0, 2, 4, 6, 8], options);
    await vi.waitFor(() => expect(reported.at(-1)).toMatchObject({ done: 3 }));
    await vi.waitFor(() => expect(gate.isEmpty).toBe(true));
    await delay(20);
    expect(begun).toEqual([0, 2, 4]);
    gate.open();
    expect(await work).toMatchObject({ done: 5 });
    expect(kept.size).toBe(5);
  });

  it("is cancelled while its gate is closed", async () => {
    const [gate, controller] = [new Gate(), new AbortController()];
    gate.shut();
    const { options } = collecting({ gate, signal: controller.signal });
    const work = runStage(halving, [0, 2], options);
    controller.abort();
    expect(await work).toMatchObject({ done: 0 });
  });

  it("begins nothing more when it is not let in, finishes what is at work and says why", async () => {
    const begun: number[] = [];
    let open = 3;
    const { kept, options } = collecting({ admit: () => (open-- > 0 ? null : "it is late") });
    const noting: Stage<number, number> = {
      ...halving,
      run(n, context) {
        begun.push(n);
        return halving.run(n, context);
      },
    };
    const end = await runStage(noting, [0, 2, 4, 6, 8], options);
    expect(begun).toEqual([0, 2, 4]);
    expect([...kept.keys()].sort()).toEqual([0, 2, 4]);
    expect(end).toMatchObject({ done: 3, failed: 0, stopped: "it is late" });
  });

  it("keeps items back until it is known whether they are let in, and no longer than the work lasts", async () => {
    let letIn = (_: string | null) => {};
    const asked = () => new Promise<string | null>((resolve) => (letIn = resolve));
    const { kept, options } = collecting({ admit: asked });
    const running = runStage(halving, [2, 4, 6], options);
    await vi.waitFor(() => {
      letIn(kept.size < 2 ? null : "it is late");
      expect(kept.size).toBe(2);
    });
    letIn("it is late");
    expect(await running).toMatchObject({ done: 2, stopped: "it is late" });

    const cancel = new AbortController();
    const never = collecting({ admit: () => new Promise(() => undefined), signal: cancel.signal });
    setImmediate(() => cancel.abort());
    expect(await runStage(halving, [2, 4], never.options)).toMatchObject({ done: 0 });
  });

  it("says nothing of a stop where all was let in", async () => {
    const { options } = collecting({ admit: () => null });
    expect(await runStage(halving, [0, 2], options)).not.toHaveProperty("stopped");
  });

  it("passes on what else is worth knowing", async () => {
    const seen: Progress[] = [];
    const note = () => "3 of 4 servers";
    const { options } = collecting({ note, onProgress: (progress) => seen.push(progress) });
    await runStage(halving, [2], options);
    expect(seen).toMatchObject([{ done: 1, note: "3 of 4 servers" }]);
  });

  it("begins the next items while results wait for the disk, and lets no more wait than it works on", async () => {
    const begun: number[] = [];
    const quick: Stage<number, number> = {
      ...halving,
      async run(n) {
        begun.push(n);
        return n;
      },
    };
    const disk: (() => void)[] = [];
    const { options } = collecting({ keep: () => new Promise((done) => disk.push(() => done(true))) });
    const running = runStage(quick, [0, 1, 2, 3, 4, 5, 6, 7, 8], options);
    await vi.waitFor(() => expect(begun).toHaveLength(6));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toHaveLength(6);
    const writing = setInterval(() => disk.splice(0).forEach((written) => written()), 1);
    expect(await running).toMatchObject({ done: 9 });
    clearInterval(writing);
  });

  it("leaves nothing on the signal, and no warning, however many items are at work at once", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const { signal } = new AbortController();
    const listening: Stage<number, number> = {
      ...halving,
      async run(n, context) {
        const stop = () => undefined;
        context.signal.addEventListener("abort", stop);
        await new Promise((resolve) => setImmediate(resolve));
        context.signal.removeEventListener("abort", stop);
        return n;
      },
    };
    const numbers = Array.from({ length: 5000 }, (_, n) => n);
    const { options } = collecting({ concurrency: 500, signal });
    expect(await runStage(listening, numbers, options)).toMatchObject({ done: 5000 });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
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

  it("gives up what is at work when everything stops", async () => {
    const given: unknown[] = [];
    const wrong: Stage<number, number> = {
      ...halving,
      run(n, { signal }) {
        if (n === 2) return Promise.reject(new ConfigurationError("There is no server at x."));
        signal.addEventListener("abort", () => given.push(n));
        return new Promise(() => undefined);
      },
    };
    const { refused, options } = collecting();
    await expect(runStage(wrong, [0, 1, 2, 3], options)).rejects.toThrow("There is no server at x.");
    expect(given).toEqual([0, 1]);
    expect(refused).toEqual([]);
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
