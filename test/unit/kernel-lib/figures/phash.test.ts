import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { perceptualHash } from "../../../../kernel-lib/src/figures/phash.js";
import { png } from "../../../fixtures/hostile-archives.js";
import { svg } from "./graphics.js";

const drawing = (body: string) =>
  sharp(Buffer.from(svg(body)))
    .flatten({ background: "white" })
    .png()
    .toBuffer();
const CURVE = '<path d="M10 90 L60 20 L120 60 L190 10" fill="none" stroke="black" stroke-width="6"/>';
const CIRCLE = '<circle cx="60" cy="50" r="40" fill="navy"/>';

/** How many of two hashes' 64 bits differ. */
const differing = (a: string, b: string) =>
  (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll("0", "").length;

describe("the perceptual hash", () => {
  it("hardly changes with size, compression and brightness", async () => {
    const picture = await drawing(CURVE);
    const hash = await perceptualHash(sharp(picture));
    const changed = await sharp(picture)
      .resize(900)
      .modulate({ brightness: 0.9 })
      .jpeg({ quality: 60 })
      .toBuffer();
    expect(differing(hash, await perceptualHash(sharp(changed)))).toBeLessThanOrEqual(6);
  });

  it("differs for another picture", async () => {
    const [curve, circle] = [await drawing(CURVE), await drawing(CIRCLE)];
    const distance = differing(await perceptualHash(sharp(curve)), await perceptualHash(sharp(circle)));
    expect(distance).toBeGreaterThan(16);
  });

  it("of a flat picture is zero, whatever its colour", async () => {
    for (const colour of [
      [255, 255, 255],
      [12, 200, 40],
      [0, 0, 0],
    ] as [number, number, number][]) {
      expect(await perceptualHash(sharp(png(50, 30, colour)))).toBe("0".repeat(16));
    }
  });
});
