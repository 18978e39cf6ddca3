/**
 * Tokens of a picture, by the arithmetic of Qwen3-VL's processor (Hugging Face `smart_resize`, factor 32). Written
 * apart from the client's own, so that each is a check on the other.
 */

/** Side of the square that one token stands for: patches of 16 pixels, merged two by two. */
const FACTOR = 32;
const MAX_RATIO = 200;

/** A processor's limits, in pixels. */
export interface PixelBudget {
  min_pixels: number;
  max_pixels: number;
}

/** What Qwen3-VL's own `preprocessor_config.json` says. */
export const QWEN3_VL_PIXELS: PixelBudget = { min_pixels: 65_536, max_pixels: 16_777_216 };

/** A ratio of sides that the processor refuses. */
export class RatioError extends Error {}

/**
 * Width and height in pixels after the processor's resizing, multiples of 32.
 * @throws {RatioError} when one side is more than 200 times the other
 */
export function smartResize(width: number, height: number, { min_pixels, max_pixels }: PixelBudget) {
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (ratio > MAX_RATIO)
    throw new RatioError(
      `absolute aspect ratio must be smaller than ${MAX_RATIO}, got ${pythonFloat(ratio)}`,
    );
  const rounded = {
    width: halfToEven(width / FACTOR) * FACTOR,
    height: halfToEven(height / FACTOR) * FACTOR,
  };
  const pixels = rounded.width * rounded.height;
  if (pixels > max_pixels) {
    const beta = Math.sqrt((height * width) / max_pixels);
    const down = (side: number) => Math.max(FACTOR, Math.floor(side / beta / FACTOR) * FACTOR);
    return { width: down(width), height: down(height) };
  }
  if (pixels < min_pixels) {
    const beta = Math.sqrt(min_pixels / (height * width));
    const up = (side: number) => Math.ceil((side * beta) / FACTOR) * FACTOR;
    return { width: up(width), height: up(height) };
  }
  return rounded;
}

/** Tokens that the picture's pixels take; the two marks around them come on top. */
export function pictureTokens(width: number, height: number, budget: PixelBudget): number {
  const resized = smartResize(width, height, budget);
  return (resized.width / FACTOR) * (resized.height / FACTOR);
}

/** Python's `round`: a half goes to the even neighbour. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const pythonFloat = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
