import type { Size } from "../../../figures/picture.js";

/** Side in pixels of the square that one token of Qwen3-VL stands for: patches of 16, merged two by two. */
export const TOKEN_SIDE = 32;

/** What Qwen3-VL comes with: a picture has 64 to 16,384 tokens. */
export const MIN_PIXELS = 65_536;
export const MAX_PIXELS = 16_777_216;

/** Long side to short side; servers refuse more. */
export const MAX_RATIO = 200;

/** Tokens that stand around a picture in a prompt: `<|vision_start|>` and `<|vision_end|>`. */
export const VISION_MARKS = 2;

/** What a server is told about pictures, and how it cuts them. */
export interface PixelBudget {
  /** Most pixels of the resized picture. */
  max_pixels: number;
  /** Fewest. @default 65,536 */
  min_pixels?: number;
  /** Sides become multiples of it. @default 32 */
  factor?: number;
}

/**
 * The size that a Qwen-VL server resizes a picture to before it looks at it: `smart_resize` of the image processors of
 * Qwen2-VL to Qwen3-VL in Hugging Face's transformers, operation by operation, Python's half-to-even rounding included.
 *
 * The budget binds as it does there: the sides of a very long picture stay at least `factor`, which may take it above
 * `max_pixels`.
 * @throws {RangeError} for a size that is none, and for a ratio above {@link MAX_RATIO}
 */
export function fit({
  width,
  height,
  max_pixels,
  min_pixels = MIN_PIXELS,
  factor = TOKEN_SIDE,
}: Size & PixelBudget): Size {
  if (!(width >= 1 && height >= 1)) throw new RangeError(`A picture of ${width} × ${height} pixels is none.`);
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (ratio > MAX_RATIO)
    throw new RangeError(`A picture of ${width} × ${height} pixels is longer than ${MAX_RATIO} to 1.`);
  const toGrid = (side: number) => roundHalfToEven(side / factor) * factor;
  const size = { width: toGrid(width), height: toGrid(height) };
  const pixels = size.width * size.height;
  if (pixels > max_pixels) {
    const beta = Math.sqrt((height * width) / max_pixels);
    const down = (side: number) => Math.max(factor, Math.floor(side / beta / factor) * factor);
    return { width: down(width), height: down(height) };
  }
  if (pixels < min_pixels) {
    const beta = Math.sqrt(min_pixels / (height * width));
    const up = (side: number) => Math.ceil((side * beta) / factor) * factor;
    return { width: up(width), height: up(height) };
  }
  return size;
}

/** Tokens of a picture that is sent in this size, without {@link VISION_MARKS}. Throws as {@link fit}. */
export function imageTokens(picture: Size & PixelBudget): number {
  const { width, height } = fit(picture);
  return (width * height) / (picture.factor ?? TOKEN_SIDE) ** 2;
}

/** As Python's `round`: a half goes to the even neighbour. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
