import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fit,
  imageTokens,
  MAX_PIXELS,
  MAX_RATIO,
  MIN_PIXELS,
} from "../../../../../../kernel-lib/src/captions/vllm/media/image-tokens.js";
import {
  fitsAsItIs,
  predictPicture,
  sizeMade,
} from "../../../../../../kernel-lib/src/captions/vllm/media/plan.js";

const MEGAPIXEL = 1_048_576;

describe("how a picture is sent", () => {
  it("goes as it is within the budget, also where the server rounds to its grid or enlarges", () => {
    for (const [width, height, tokens] of [
      [1024, 768, 768],
      [1000, 700, 31 * 22],
      [100, 80, 72],
    ] as const) {
      expect(fitsAsItIs({ width, height }, MEGAPIXEL)).toBe(true);
      expect(predictPicture({ width, height }, MEGAPIXEL)).toEqual({ width, height, tokens });
    }
  });

  it("is made smaller where the server would do it", () => {
    expect(fitsAsItIs({ width: 1200, height: 900 }, MEGAPIXEL)).toBe(false);
    expect(predictPicture({ width: 1200, height: 900 }, MEGAPIXEL)).toEqual({
      width: 1152,
      height: 864,
      tokens: 972,
    });
  });

  it("is made larger where a side is smaller than a token", () => {
    expect(predictPicture({ width: 20, height: 30 }, MEGAPIXEL)).toEqual({
      width: 224,
      height: 320,
      tokens: 70,
    });
  });

  it("is put on a white sheet where it is longer than 100 to 1", () => {
    expect(sizeMade({ width: 9000, height: 100 }, MEGAPIXEL).padded).toBe(false);
    const { width, height, padded } = sizeMade({ width: 12_000, height: 40 }, MEGAPIXEL);
    expect(padded).toBe(true);
    expect(width / height).toBeLessThanOrEqual(MAX_RATIO);
  });

  it("no server resizes again what was made, nor refuses it, and the tokens are those it counts", () => {
    const side = fc.integer({ min: 1, max: 40_000 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 2 * MIN_PIXELS, max: MAX_PIXELS }),
        (width, height, max_pixels) => {
          const { padded, ...made } = sizeMade({ width, height }, max_pixels);
          expect(padded).toBe(Math.max(width, height) > 100 * Math.min(width, height));
          expect(fit({ ...made, max_pixels })).toEqual(made);
          const sent = predictPicture({ width, height }, max_pixels);
          expect(sent.tokens).toBe(imageTokens({ ...sent, max_pixels }));
          expect(sent.tokens).toBeLessThanOrEqual(max_pixels / 1024);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
