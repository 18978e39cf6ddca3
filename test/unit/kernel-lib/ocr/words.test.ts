import { describe, expect, it } from "vitest";
import type { TextLine } from "../../../../kernel-lib/src/model.js";
import { linesOf, merged, type Word } from "../../../../kernel-lib/src/ocr/tesseract/words.js";

const PICTURE = { width: 1000, height: 500 };

const word = (text: string, x: number, { y = 100, confidence = 0.9 } = {}): Word => ({
  text,
  box: [x, y, x + 10 * text.length, y + 20],
  confidence,
});
const line = (text: string, box: TextLine["box"], over: Partial<TextLine> = {}): TextLine => ({
  ...{ text, box, angle: 0, confidence: 0.9 },
  ...over,
});

describe("words that were recognised", () => {
  it("make a line up to a wide gap", () => {
    const row = [word("Flux", 100), word("(Jy)", 150), word("2.5", 400)];
    expect(linesOf([row], 0, PICTURE)).toEqual([
      line("Flux (Jy)", [100, 100, 190, 120]),
      line("2.5", [400, 100, 430, 120]),
    ]);
  });

  it("that nothing is sure of are left out, and signs without a letter", () => {
    const row = [
      word("Flux", 100, { confidence: 0.1 }),
      word("--", 300),
      word("o", 500, { confidence: 0.5 }),
    ];
    expect(linesOf([row], 0, PICTURE)).toEqual([]);
  });

  it.each([
    [270, [100, 460, 120, 500]],
    [90, [880, 0, 900, 40]],
  ] as const)("come back to where they stand when the picture was turned for them by %i", (angle, box) => {
    expect(linesOf([[word("Flux", 0)]], angle, PICTURE)[0]).toMatchObject({ box, angle });
  });
});

describe("lines read upright and turned", () => {
  const upright = [line("L1", [0, 0, 20, 20], { confidence: 0.6 }), line("time", [200, 400, 300, 420])];
  const turned = line("intensity", [0, 0, 20, 200], { angle: 270 });

  it("stay once where both read the same ink: the one that is surer of more letters", () => {
    expect(merged(upright, [turned]).map(({ text }) => text)).toEqual(["time", "intensity"]);
    expect(merged(upright, [{ ...turned, text: "l", confidence: 0.7 }]).map(({ text }) => text)).toEqual([
      "L1",
      "time",
    ]);
  });
});
