import { describe, expect, test } from "vitest";
import { Drift } from "../../../../../kernel-lib/src/captions/vllm/drift.js";
import { firstTry, nextTry } from "../../../../../kernel-lib/src/captions/vllm/remedies.js";

const SAMPLING = {
  temperature: 0.2,
  top_p: 0.9,
  top_k: 20,
  repetition_penalty: 1,
  presence_penalty: 0,
  max_tokens: 400,
  seed: 7,
};
const first = firstTry(SAMPLING);

describe("after an answer that is no caption", () => {
  test("there are two more draws, each warmer and with another seed", () => {
    const second = nextTry(first, "refusal", null)!;
    const third = nextTry(second, "malformed", null)!;
    expect(second.sampling).toEqual({ ...SAMPLING, temperature: 0.5, seed: 8 });
    expect(third.sampling).toEqual({ ...SAMPLING, temperature: 0.8, seed: 9 });
    expect(nextTry(third, "empty", null)).toBeNull();
  });

  test("what was repeated becomes less likely", () => {
    expect(nextTry(first, "repetition", null)!.sampling.presence_penalty).toBe(0.5);
  });

  test("a temperature is not lowered", () => {
    const hot = firstTry({ ...SAMPLING, temperature: 1.8 });
    expect(nextTry(hot, "empty", null)!.sampling.temperature).toBe(1.8);
  });

  test("one that was cut off gets more room once, and no more than there is", () => {
    const roomier = nextTry(first, "truncated", 10_000)!;
    expect(roomier.sampling).toEqual({ ...SAMPLING, max_tokens: 600 });
    expect(nextTry(roomier, "truncated", 10_000)).toBeNull();
    expect(nextTry(first, "truncated", 450)!.sampling.max_tokens).toBe(450);
    expect(nextTry(first, "truncated", 400)).toBeNull();
  });

  test("a draw after more room keeps the room", () => {
    const roomier = nextTry(first, "truncated", null)!;
    expect(nextTry(roomier, "empty", null)!.sampling.max_tokens).toBe(600);
  });
});

describe("predicted and counted tokens", () => {
  const warnings = (counted: number) => {
    const drift = new Drift();
    return Array.from({ length: 200 }, () => drift.add(1000, counted)).filter((warning) => warning !== null);
  };

  test("that are far apart are told once, with how far", () => {
    expect(warnings(700)).toEqual([
      expect.stringMatching(/^Questions count 30 % fewer tokens than predicted/),
    ]);
    expect(warnings(1200)).toHaveLength(1);
  });

  test("that are about the same, or are not counted, are not told", () => {
    expect(warnings(1100)).toEqual([]);
    expect(warnings(0)).toEqual([]);
  });
});
