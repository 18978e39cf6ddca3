import sharp from "sharp";
import type { PictureSettings } from "./picture-settings.js";
import { resample, type Pixels } from "./resample.js";

/** Pixels of a picture by its header; a larger one is not decoded. */
const INPUT_PIXELS = 100_000_000;
/** A long side of so many short ones is a line, and scaled up by its short side it would be endless. */
const MOST_STRETCHED = 2000;

/**
 * A picture file as a model is shown it, in bytes: transparent parts white, as on the paper's page, the upper eight of
 * sixteen bits, colour profiles and orientation marks passed over as Pillow does.
 * @throws when it cannot be read
 */
export async function seen(file: string, settings: PictureSettings): Promise<Pixels> {
  const { data, info } = await sharp(file, {
    limitInputPixels: INPUT_PIXELS,
    failOn: "error",
    ignoreIcc: true,
    sequentialRead: true,
  })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  if (Math.max(width, height) > MOST_STRETCHED * Math.min(width, height))
    throw new Error(`${width} × ${height} pixels are a line rather than a picture`);
  const scaled = settings.scaled({ width, height });
  const pixels = { data: info.channels === 4 ? onWhite(data) : data, width, height };
  return resample(pixels, scaled, settings.filter, settings.part(scaled));
}

/** Red, green, blue and alpha on a white ground, rounded; libvips cuts off instead, which is a level of difference. */
function onWhite(clear: Uint8Array): Uint8Array {
  const data = new Uint8Array((clear.length / 4) * 3);
  for (let from = 0, to = 0; from < clear.length; from += 4, to += 3) {
    const alpha = clear[from + 3]!;
    const white = 255 * (255 - alpha) + 127.5;
    data[to] = (clear[from]! * alpha + white) / 255;
    data[to + 1] = (clear[from + 1]! * alpha + white) / 255;
    data[to + 2] = (clear[from + 2]! * alpha + white) / 255;
  }
  return data;
}

/** Writes it to a tensor's place: red, green and blue one after the other, in the model's own measure. */
export function fill(tensor: Float32Array, { data }: Pixels, { values }: PictureSettings): void {
  const plane = data.length / 3;
  for (let pixel = 0, at = 0; pixel < plane; pixel++, at += 3) {
    tensor[pixel] = values[data[at]!]!;
    tensor[plane + pixel] = values[256 + data[at + 1]!]!;
    tensor[2 * plane + pixel] = values[512 + data[at + 2]!]!;
  }
}
