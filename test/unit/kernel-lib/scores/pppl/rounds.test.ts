import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MaskedCopy } from "../../../../../kernel-lib/src/models/onnx/masked-lm-messages.js";
import { Rounds } from "../../../../../kernel-lib/src/scores/pppl/rounds.js";

const signal = new AbortController().signal;
const copyOf = (length: number, token: number): MaskedCopy => ({
  ids: new Int32Array(length),
  position: 0,
  token,
});

/** Answers with the token that was asked about. */
class Model {
  readonly batches: number[][] = [];
  readonly ask = (copies: readonly MaskedCopy[]) => {
    this.batches.push(copies.map(({ ids }) => ids.length));
    return Promise.resolve(Float64Array.from(copies, ({ token }) => token));
  };
}

describe("copies that are asked about at the same time", () => {
  test("go to the model once each, by length, in batches of no more tokens than are allowed, and everyone has his answers", async () => {
    const captions = fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(captions, async (captions) => {
        const model = new Model();
        const rounds = new Rounds(model.ask, 128);
        const made = await Promise.all(
          captions.map((lengths, caption) =>
            rounds.logProbabilities(
              lengths.map((length, i) => copyOf(length, 100 * caption + i)),
              signal,
            ),
          ),
        );
        expect(made.map((answers) => [...answers])).toEqual(
          captions.map((lengths, caption) => lengths.map((_, i) => 100 * caption + i)),
        );
        expect(model.batches.flat()).toEqual(captions.flat().sort((a, b) => a - b));
        for (const batch of model.batches) expect(batch.length * Math.max(...batch)).toBeLessThanOrEqual(128);
      }),
    );
  });

  test("wait for the next round while the model is at work", async () => {
    const model = new Model();
    let second: Promise<Float64Array> | undefined;
    const rounds: Rounds = new Rounds((copies) => {
      second ??= rounds.logProbabilities([copyOf(1, 7)], signal);
      return model.ask(copies);
    }, 8);
    await rounds.logProbabilities([copyOf(5, 1), copyOf(6, 2)], signal);
    expect([...(await second!)]).toEqual([7]);
    expect(model.batches).toEqual([[5], [6], [1]]);
  });

  test("fail alone: what else is asked goes on", async () => {
    const model = new Model();
    const rounds = new Rounds(
      (copies) =>
        copies.some(({ token }) => token < 0) ? Promise.reject(new Error("no")) : model.ask(copies),
      4,
    );
    const bad = rounds.logProbabilities([copyOf(3, -1), copyOf(4, -1)], signal);
    const good = rounds.logProbabilities([copyOf(2, 5)], signal);
    await expect(bad).rejects.toThrow("no");
    expect([...(await good)]).toEqual([5]);
  });

  test("are let go at once when nobody wants them any more; others are still read", async () => {
    const controller = new AbortController();
    let stopped = false;
    let begun = (): void => undefined;
    const atWork = new Promise<void>((resolve) => (begun = resolve));
    const rounds = new Rounds((copies, given) => {
      if (copies[0]!.token !== 0) return Promise.resolve(Float64Array.from(copies, ({ token }) => token));
      begun();
      return new Promise((_, reject) =>
        given.addEventListener("abort", () => {
          stopped = true;
          reject(given.reason as Error);
        }),
      );
    });
    const asked = rounds.logProbabilities([copyOf(3, 0)], controller.signal);
    await atWork;
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    expect(stopped).toBe(true);
    await expect(rounds.logProbabilities([copyOf(3, 0)], controller.signal)).rejects.toThrow("enough");
    expect([...(await rounds.logProbabilities([copyOf(3, 4)], signal))]).toEqual([4]);
  });
});
