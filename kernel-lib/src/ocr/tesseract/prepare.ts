import sharp from "sharp";
import type { Grey } from "../components.js";

/** Pixels of a picture by its header; a larger one is not decoded. */
const INPUT_PIXELS = 100_000_000;
/** Pixels of the long side that is read. */
const LONG_SIDE = 2400;
/** How much a smaller picture is enlarged at most: letters of some 10 pixels are read badly. */
const ENLARGED = 3;

/** A picture made ready for reading. */
export interface Prepared {
  grey: Grey;
  /** Pixels of `grey` for each of the picture's. */
  scale: number;
}

/**
 * Grey levels of a picture on white, enlarged to 2,400 pixels where it is smaller. Decoding and
 * scaling happen in sharp's own threads.
 * @throws for what is no picture, or too large a one
 */
export async function prepare(picture: Buffer): Promise<Prepared> {
  const input = () => sharp(picture, { limitInputPixels: INPUT_PIXELS, failOn: "error" }).autoOrient();
  const { autoOrient: size } = await input().metadata();
  const scale = Math.min(ENLARGED, LONG_SIDE / Math.max(size.width, size.height));
  const { data, info } = await input()
    .flatten({ background: "#ffffff" })
    .toColourspace("b-w")
    .resize({
      width: Math.max(1, Math.round(size.width * scale)),
      height: Math.max(1, Math.round(size.height * scale)),
      fit: "fill",
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 1) throw new Error(`it decodes to ${info.channels} channels instead of 1`);
  return { grey: { width: info.width, height: info.height, data }, scale };
}
