import sharp from "sharp";
import type { Pixels } from "../../models/onnx/resample.js";

/** Pixels of a picture by its header; a larger one is not decoded. */
const INPUT_PIXELS = 100_000_000;
/** Of the long side of what is held; a larger picture is reduced. */
const LONG_SIDE = 4000;

/** A picture as it is read, on white. */
export interface Sheet extends Pixels {
  /** Its pixels for each of the file's. */
  scale: number;
}

/** @throws {Error} for what is no picture, or too large a one */
export async function pixelsOf(picture: Uint8Array): Promise<Sheet> {
  const input = () => sharp(picture, { limitInputPixels: INPUT_PIXELS, failOn: "error" }).autoOrient();
  const { autoOrient: size } = await input().metadata();
  const scale = Math.min(1, LONG_SIDE / Math.max(size.width, size.height));
  const { data, info } = await input()
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .resize({
      width: Math.max(1, Math.round(size.width * scale)),
      height: Math.max(1, Math.round(size.height * scale)),
      fit: "fill",
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it decodes to ${info.channels} channels instead of 3`);
  return { data, width: info.width, height: info.height, scale };
}
