import { expect, test } from "vitest";
import { linesRead, type ReadLine } from "../../../../../kernel-lib/src/ocr/vllm/lines.js";

const line = (text: string, angle: ReadLine["angle"] = 0): ReadLine => ({ text, angle });

test("lines stay in the model's order, without a place, and without what has no characters", () => {
  expect(linesRead("p#fig1", [line("Time\n (days)\u0007 "), line(" \u0000"), line("Flux", 270)])).toEqual([
    { text: "Time (days)", box: null, angle: 0, confidence: null },
    { text: "Flux", box: null, angle: 270, confidence: null },
  ]);
});

test("a line longer than any on a figure is no line", () => {
  expect(() => linesRead("p#fig1", [line("x".repeat(1001))])).toThrow(
    expect.objectContaining({ name: "ItemError", reason: "answer-malformed" }) as Error,
  );
});

test("a full list is kept unless it repeats itself; a short one may say the same often", () => {
  const different = Array.from({ length: 200 }, (_, i) => line(`label ${i}`));
  expect(linesRead("p#fig1", different)).toHaveLength(200);
  expect(() => linesRead("p#fig1", Array<ReadLine>(200).fill(line("0.5")))).toThrow(
    expect.objectContaining({ name: "ItemError", reason: "answer-repetition" }) as Error,
  );
  expect(linesRead("p#fig1", Array<ReadLine>(20).fill(line("0.5")))).toHaveLength(20);
});
