import sharp from "sharp";
import type { Size } from "../figures/picture.js";

/** A small picture in sRGB: three bytes a pixel, row by row. */
export interface Sketch extends Size {
  data: Uint8Array;
}

/** Pixels of the long side that pictures are looked at with. */
const LONG_SIDE = 768;
/** Pixels of an input by its header; a larger one is not decoded. */
const INPUT_PIXELS = 100_000_000;
const SECONDS = 60;
/** Levels of 255 within which a pixel has the ground's colour: the noise of a JPEG stays below. */
const GROUND_TOLERANCE = 16;

/**
 * A picture file shrunk to at most 768 pixels, transparency as white.
 * @throws for bytes that are no sound picture
 */
export async function decodeSketch(bytes: Buffer): Promise<Sketch> {
  const { data, info } = await sharp(bytes, { limitInputPixels: INPUT_PIXELS, failOn: "error" })
    .timeout({ seconds: SECONDS })
    .flatten({ background: "#ffffff" })
    .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** The picture without the even margins around it, in which copies of one picture often differ. */
export function trimmed(picture: Sketch): Sketch {
  const { width, height, data } = picture;
  const [red, green, blue] = [data[0]!, data[1]!, data[2]!];
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3) {
      if (
        Math.abs(data[i]! - red) <= GROUND_TOLERANCE &&
        Math.abs(data[i + 1]! - green) <= GROUND_TOLERANCE &&
        Math.abs(data[i + 2]! - blue) <= GROUND_TOLERANCE
      )
        continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (top === height) top = y;
      bottom = y;
    }
  if (right < 0) return picture;
  const size = { width: right - left + 1, height: bottom - top + 1 };
  const inner = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    const start = ((top + y) * width + left) * 3;
    inner.set(data.subarray(start, start + size.width * 3), y * size.width * 3);
  }
  return { ...size, data: inner };
}

/** The picture stretched to a size, averaged over areas. */
export async function stretched({ width, height, data }: Sketch, size: Size): Promise<Sketch> {
  const pixels = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(size.width, size.height, { fit: "fill" })
    .raw()
    .toBuffer();
  return { ...size, data: pixels };
}
