import sharp from "sharp";
import { ItemError } from "../errors.js";
import type { RenderLimits } from "./limits.js";
import { toPicture, type Picture } from "./picture.js";

/**
 * Decodes a PNG, JPEG, GIF (first frame), WebP or TIFF (first page): turned as its EXIF data says, at most
 * `longSide` pixels long, never enlarged.
 * @throws {ItemError} `image-too-large`, found from the header, before anything is decoded.
 */
export async function decodeRaster(bytes: Buffer, longSide: number, limits: RenderLimits): Promise<Picture> {
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height > limits.inputPixels) throw imageTooLarge(width, height, limits);
  const image = sharp(bytes, { limitInputPixels: limits.inputPixels, failOn: "error" })
    .timeout({ seconds: Math.ceil(limits.graphicSeconds) })
    .autoOrient()
    .resize({ width: longSide, height: longSide, fit: "inside", withoutEnlargement: true });
  return toPicture(image);
}

function imageTooLarge(width: number, height: number, limits: RenderLimits): ItemError {
  const megapixels = (pixels: number) => Math.round(pixels / 1e6);
  return new ItemError({
    reason: "image-too-large",
    message: `it has ${width} × ${height} pixels (${megapixels(width * height)} megapixels), more than the ${megapixels(limits.inputPixels)} megapixels that are decoded`,
    wayOut: "Scale the image down, or raise the limit on input pixels.",
  });
}
