import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fit,
  imageTokens,
  MAX_PIXELS,
  MIN_PIXELS,
} from "../../../../../../kernel-lib/src/captions/vllm/media/image-tokens.js";

describe("image tokens of Qwen3-VL", () => {
  // Width, height; tokens by the model's own limits, at most 1 megapixel, and 256 to 1,280 tokens.
  it.each([
    [100, 80, 72, 72, 270],
    [500, 400, 192, 192, 270],
    [640, 480, 300, 300, 300],
    [1024, 768, 768, 768, 768],
    [1200, 900, 1064, 972, 1064],
    [2048, 1536, 3072, 972, 1230],
    [4096, 4096, 16_384, 1024, 1225],
    [6000, 4000, 16_224, 1014, 1247],
  ])("%i × %i pixels", (width, height, usual, megapixel, narrow) => {
    expect(imageTokens({ width, height, max_pixels: MAX_PIXELS })).toBe(usual);
    expect(imageTokens({ width, height, max_pixels: 1_048_576 })).toBe(megapixel);
    const budget = { min_pixels: 256 * 1024, max_pixels: 1280 * 1024 };
    expect(imageTokens({ width, height, ...budget })).toBe(narrow);
  });

  it("rounds halves to the even neighbour, as Python does", () => {
    expect(fit({ width: 624, height: 592, max_pixels: MAX_PIXELS })).toEqual({ width: 640, height: 576 });
  });

  it("refuses strips longer than 200 to 1, and sizes that are none", () => {
    expect(() => fit({ width: 2001, height: 10, max_pixels: MAX_PIXELS })).toThrow("200 to 1");
    expect(fit({ width: 2000, height: 10, max_pixels: MAX_PIXELS })).toEqual({ width: 3648, height: 32 });
    expect(() => fit({ width: 0, height: 10, max_pixels: MAX_PIXELS })).toThrow(RangeError);
    expect(() => fit({ width: NaN, height: 10, max_pixels: MAX_PIXELS })).toThrow(RangeError);
  });

  it("lies on the grid and within the budget, whatever the picture", () => {
    const side = fc.integer({ min: 1, max: 30_000 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 4 * MIN_PIXELS, max: MAX_PIXELS }),
        (width, height, max_pixels) => {
          fc.pre(Math.max(width, height) <= 60 * Math.min(width, height));
          const sent = fit({ width, height, max_pixels });
          expect([sent.width % 32, sent.height % 32]).toEqual([0, 0]);
          expect(sent.width * sent.height).toBeLessThanOrEqual(max_pixels);
          expect(sent.width * sent.height).toBeGreaterThan(0);
          // The budget is used up but for less than a row and a column of the grid.
          const shrunk = width * height > max_pixels;
          if (shrunk) expect((sent.width + 32) * (sent.height + 32)).toBeGreaterThan(max_pixels);
          expect(fit({ ...sent, max_pixels })).toEqual(sent);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
