import { expect, test } from "vitest";
import {
  pictureTokens,
  QWEN3_VL_PIXELS,
  RatioError,
  smartResize,
} from "../../../../cluster/src/mock-server/image-tokens.js";

test.each([
  [100, 80, 72, 72],
  [500, 400, 192, 192],
  [640, 480, 300, 300],
  [1024, 768, 768, 768],
  [1200, 900, 1064, 972],
  [2048, 1536, 3072, 972],
  [4096, 4096, 16_384, 1024],
  [6000, 4000, 16_224, 1014],
])(
  "a picture of %i × %i takes %i tokens, with a budget of a million pixels %i",
  (width, height, all, budget) => {
    expect(pictureTokens(width, height, QWEN3_VL_PIXELS)).toBe(all);
    expect(pictureTokens(width, height, { ...QWEN3_VL_PIXELS, max_pixels: 1_048_576 })).toBe(budget);
  },
);

test("halves are rounded to the even neighbour", () => {
  expect(smartResize(624, 592, QWEN3_VL_PIXELS)).toEqual({ width: 640, height: 576 });
});

test("a picture more than 200 times as wide as high is refused", () => {
  expect(() => smartResize(4040, 20, QWEN3_VL_PIXELS)).toThrow(RatioError);
  expect(smartResize(4000, 20, QWEN3_VL_PIXELS).width).toBeGreaterThan(0);
});
