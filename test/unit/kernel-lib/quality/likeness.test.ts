import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../../kernel-lib/src/quality/limits.js";
import { likeness } from "../../../../kernel-lib/src/quality/likeness.js";
import { signature } from "../../../../kernel-lib/src/quality/signature.js";
import { decodeSketch, trimmed } from "../../../../kernel-lib/src/quality/sketch.js";
import { COPIES, plot } from "./pictures.js";

const sketch = async (bytes: Buffer) => trimmed(await decodeSketch(bytes));
const compared = async (a: Buffer, b: Buffer) => likeness(await sketch(a), await sketch(b));
const LIMIT = LIMITS.likeness.value;

/** Bits that differ. */
function distance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll("0", "").length;
}

describe("copies of a plot", () => {
  it.each(Object.entries(COPIES))("%s are alike, and near by their signature", async (_, copy) => {
    const original = await plot(1);
    const other = await copy(original).toBuffer();
    expect(await compared(original, other)).toBeGreaterThan(LIMIT);
    expect(await compared(other, original)).toBeGreaterThan(LIMIT);
    expect(
      distance(await signature(await sketch(original)), await signature(await sketch(other))),
    ).toBeLessThan(36);
  });
});

describe("plots that differ in their data", () => {
  it("are not alike when all curves are others", async () => {
    expect(await compared(await plot(1), await plot(2))).toBeLessThan(0.5);
  });

  it("are not alike when one of the curves is another", async () => {
    for (const last of [2, 3, 4])
      expect(await compared(await plot(1), await plot(1, { last }))).toBeLessThan(0.7);
  });

  it("are not alike when one has a curve more, also as a smaller JPEG", async () => {
    const more = await sharp(await plot(1, { curves: 3 }))
      .composite([
        {
          input: Buffer.from(
            `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><path d="M 100 500 L 850 480" stroke="#555" stroke-width="2"/></svg>`,
          ),
        },
      ])
      .toBuffer();
    expect(await compared(await plot(1), more)).toBeLessThan(LIMIT);
    expect(await compared(await plot(1), await sharp(more).resize(600).jpeg().toBuffer())).toBeLessThan(
      LIMIT,
    );
  });

  it("a coloured curve does not vanish when the other picture is grey", async () => {
    const axes = await plot(1, { curves: 0 });
    expect(await compared(axes, await plot(1, { curves: 1 }))).toBeLessThan(0.7);
  });
});

describe("pictures of any shape", () => {
  it("are compared without failing", async () => {
    const strip = await sharp({ create: { width: 900, height: 3, channels: 3, background: "#fff" } })
      .composite([{ input: Buffer.from([255, 0, 0, 255]), raw: { width: 1, height: 1, channels: 4 } }])
      .png()
      .toBuffer();
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#000" } })
      .png()
      .toBuffer();
    expect(await compared(strip, strip)).toBe(1);
    expect(await compared(dot, dot)).toBe(1);
    expect(await compared(strip, await plot(1))).toBe(0);
  });
});
