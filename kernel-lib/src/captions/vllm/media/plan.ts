import type { Size } from "../../../figures/picture.js";
import { fit, imageTokens, TOKEN_SIDE, type PixelBudget } from "./image-tokens.js";

/**
 * Long side to short side that a picture is padded to when it is longer still. Rounding to the grid can double the
 * ratio, and from 200 on servers refuse: a strip of 47 × 9,400 pixels would become one of 32 × 9,408.
 */
const PADDED_RATIO = 100;

/** Whether a picture of this size is sent as it is: servers take it, and show the model all of its pixels. */
export function fitsAsItIs(picture: Size, max_pixels: number): boolean {
  if (sheet(picture) !== picture || Math.min(picture.width, picture.height) < TOKEN_SIDE) return false;
  const onGrid = fit({ ...picture, max_pixels: Infinity, min_pixels: 0 });
  return onGrid.width * onGrid.height <= max_pixels;
}

/**
 * The size that a picture is made in where it cannot be sent as it is: the one that the server would give it, so that
 * what the model sees is what figloom made. Strips are put on white (`padded`).
 */
export function sizeMade(picture: Size, max_pixels: number): Size & { padded: boolean } {
  const canvas = sheet(picture);
  return { ...settled(canvas, { max_pixels }), padded: canvas !== picture };
}

/**
 * What a picture of this size will be on its way to the model, without a look at the file: its size as sent, and its
 * tokens, vision marks not counted.
 * @throws {RangeError} for a size that is none
 */
export function predictPicture(picture: Size, max_pixels: number): Size & { tokens: number } {
  const { width, height } = fitsAsItIs(picture, max_pixels) ? picture : sizeMade(picture, max_pixels);
  return { width, height, tokens: imageTokens({ width, height, max_pixels }) };
}

/** The picture's own size, or for a long strip that of the white sheet it is put on. */
function sheet(picture: Size): Size {
  const { width, height } = picture;
  const least = Math.ceil(Math.max(width, height) / PADDED_RATIO);
  if (Math.min(width, height) >= least) return picture;
  return { width: Math.max(width, least), height: Math.max(height, least) };
}

/** The size that a server leaves as it is. For strips, whose sides cannot get below the grid, it takes some rounds. */
function settled(size: Size, budget: PixelBudget): Size {
  for (let round = 0; round < 4; round++) {
    const next = fit({ ...size, ...budget });
    if (next.width === size.width && next.height === size.height) break;
    size = next;
  }
  return size;
}
