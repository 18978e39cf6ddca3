import sharp from "sharp";
import { errorText, ItemError } from "../../../errors.js";
import { toPicture, type Picture, type Size } from "../../../figures/picture.js";
import { sniffGraphic } from "../../../figures/sniff.js";
import { sizeMade } from "./plan.js";
import { pictureError } from "./problems.js";

/** Pixels by the header; servers decode no more either (`VLLM_MAX_IMAGE_PIXELS`). */
const INPUT_PIXELS = 178_956_970;
const DECODE_SECONDS = 60;

/** Bytes a pixel of a PNG from which on a picture is taken for a photograph. */
const PHOTOGRAPH = 1;
/** Quality at which photographs show no difference, colours at full resolution. */
const JPEG = { quality: 92, chromaSubsampling: "4:4:4" } as const;
/** As pictures are kept in the dataset: half the time of zlib's own choice, for a twentieth more bytes. */
const PNG = { compressionLevel: 3 } as const;

export interface MadePicture extends Size {
  bytes: Buffer;
  type: "png" | "jpeg";
}

/**
 * Makes the picture that is sent: decoded, upright, on white, in sRGB, of the size that the server would give it.
 * @throws {ItemError} `image-not-recognised`, `image-too-large`, `image-corrupt`, `image-too-slow`
 */
export async function makePicture(file: Buffer, path: string, max_pixels: number): Promise<MadePicture> {
  if (sniffGraphic(file) !== "raster") throw pictureError("image-not-recognised", path);
  try {
    const { width, height } = (await sharp(file, { limitInputPixels: false }).metadata()).autoOrient;
    if (width * height > INPUT_PIXELS)
      throw pictureError(
        "image-too-large",
        path,
        `${width} × ${height} pixels, at most ${INPUT_PIXELS} are decoded`,
      );
    const made = sizeMade({ width, height }, max_pixels);
    const picture = await toPicture(
      sharp(file, { limitInputPixels: INPUT_PIXELS, failOn: "error", sequentialRead: true })
        .timeout({ seconds: DECODE_SECONDS })
        .autoOrient()
        .resize(made.width, made.height, { fit: made.padded ? "contain" : "fill", background: "#ffffff" }),
    );
    return await encode(picture);
  } catch (error) {
    if (error instanceof ItemError) throw error;
    const text = errorText(error);
    throw pictureError(text.startsWith("timeout") ? "image-too-slow" : "image-corrupt", path, text, error);
  }
}

/** Most bytes that making a picture of so many pixels takes: the pixels, and a PNG that could not compress them. */
export const makingBytes = (pixels: number): number => 2 * (3 * pixels * 1.01 + 65_536);

/**
 * Line art goes as PNG, without loss: a JPEG would blur its letters. What PNG cannot get below a byte a pixel is a
 * photograph, and goes as JPEG where that is smaller.
 */
async function encode({ data, width, height }: Picture): Promise<MadePicture> {
  const picture = () => sharp(data, { raw: { width, height, channels: 3 } });
  const png = await picture().png(PNG).toBuffer();
  if (png.length < PHOTOGRAPH * width * height) return { bytes: png, type: "png", width, height };
  const jpeg = await picture().jpeg(JPEG).toBuffer();
  if (jpeg.length < png.length) return { bytes: jpeg, type: "jpeg", width, height };
  return { bytes: png, type: "png", width, height };
}
