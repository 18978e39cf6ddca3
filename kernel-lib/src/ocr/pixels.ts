import sharp from "sharp";

/** Pixels of a picture by its header; a larger one is not decoded. */
const INPUT_PIXELS = 100_000_000;

/** A picture's pixels on white, row by row, and how many of them stand for each of the file's along a side. */
export interface Sheet {
  width: number;
  height: number;
  data: Buffer;
  scale: number;
}

/**
 * Decodes a picture for reading, in sharp's own threads.
 * @param channels 3: RGB, 1: grey
 * @param longSide pixels of what comes of it, or fewer where it would be enlarged more than `enlarged` times
 * @throws {Error} for what is no picture, or too large a one
 */
export async function pixelsOf(
  picture: Uint8Array,
  channels: 1 | 3,
  longSide: number,
  enlarged = 1,
): Promise<Sheet> {
  const input = () => sharp(picture, { limitInputPixels: INPUT_PIXELS, failOn: "error" }).autoOrient();
  const { autoOrient: size } = await input().metadata();
  const scale = Math.min(enlarged, longSide / Math.max(size.width, size.height));
  const { data, info } = await input()
    .flatten({ background: "#ffffff" })
    .toColourspace(channels === 3 ? "srgb" : "b-w")
    .resize({
      width: Math.max(1, Math.round(size.width * scale)),
      height: Math.max(1, Math.round(size.height * scale)),
      fit: "fill",
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels)
    throw new Error(`it decodes to ${info.channels} channels instead of ${channels}`);
  return { width: info.width, height: info.height, data, scale };
}
