import { z } from "zod";
import type { Box, Filter, Size } from "./resample.js";

/** How a picture is made ready for a model: what preprocessor_config.json of the reference's image processors says. */
export interface PictureSettings {
  /** The scaled picture's size for a picture of this size. */
  scaled(picture: Size): Size;
  filter: Filter;
  /** What the model is shown, in pixels. */
  input: Size;
  /** The part of the scaled picture that it is shown. */
  part(scaled: Size): Box;
  /** What each byte of each channel becomes: 3 × 256 values. */
  values: Float32Array;
}

const MOST_PIXELS = 2048;
const side = z.number().int().min(1).max(MOST_PIXELS);
const rectangle = z.object({ height: side, width: side });
const triple = z.array(z.number()).length(3);

/** Pillow's numbers for its filters. */
const FILTERS: Record<number, Filter> = { 1: "lanczos", 2: "bilinear", 3: "bicubic" };

const schema = z.object({
  do_resize: z.literal(true).default(true),
  size: z.union([rectangle, z.object({ shortest_edge: side }), side]),
  resample: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(3),
  do_center_crop: z.boolean().nullish(),
  crop_size: z.union([rectangle, side]).nullish(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: triple.default([0, 0, 0]),
  image_std: triple.default([1, 1, 1]),
});

/** @throws {Error} for settings that are none, or that ask for what is not done here */
export function pictureSettings(json: unknown): PictureSettings {
  const read = schema.safeParse(json);
  if (!read.success) throw new Error(z.prettifyError(read.error));
  const { size, crop_size, do_center_crop, resample } = read.data;
  const square = (length: number): Size => ({ width: length, height: length });
  const whole = typeof size === "number" ? { shortest_edge: size } : size;
  const scaled = (picture: Size): Size =>
    "shortest_edge" in whole ? byShortestEdge(picture, whole.shortest_edge) : whole;
  const crop = (do_center_crop ?? false) ? crop_size : null;
  if (crop == null && "shortest_edge" in whole)
    throw new Error(
      "it keeps the picture's shape and cuts nothing off, so that every picture has another size",
    );
  const input = crop == null ? (whole as Size) : typeof crop === "number" ? square(crop) : crop;
  const least = "shortest_edge" in whole ? square(whole.shortest_edge) : whole;
  if (input.width > least.width || input.height > least.height)
    throw new Error("it cuts a part out that is larger than the scaled picture");
  return { scaled, filter: FILTERS[resample]!, input, part: centred(input), values: byteValues(read.data) };
}

function byShortestEdge({ width, height }: Size, edge: number): Size {
  return width <= height
    ? { width: edge, height: Math.trunc((edge * height) / width) }
    : { width: Math.trunc((edge * width) / height), height: edge };
}

const centred =
  ({ width, height }: Size) =>
  (scaled: Size): Box => ({
    left: Math.floor((scaled.width - width) / 2),
    top: Math.floor((scaled.height - height) / 2),
    ...{ width, height },
  });

function byteValues(settings: z.infer<typeof schema>): Float32Array {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = settings;
  const values = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++)
    for (let byte = 0; byte < 256; byte++) {
      const scaled = do_rescale ? byte * rescale_factor : byte;
      values[channel * 256 + byte] = do_normalize
        ? (scaled - image_mean[channel]!) / image_std[channel]!
        : scaled;
    }
  return values;
}
