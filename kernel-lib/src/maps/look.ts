import sharp from "sharp";
import { within } from "../disk/files.js";
import { thumbPath } from "../dataset/images.js";
import type { FeatureItem, Features } from "./features.js";

/** Pixels of the square that a picture is looked at in. */
const SIDE = 64;
const GREY_CELLS = 16;
const COLOUR_CELLS = 4;
const TONES = 8;
const STATISTICS = 5;
/** Pixels that a picture file may claim to have; figloom's own are smaller. */
const PIXEL_LIMIT = 100_000_000;

const GROUPS = [GREY_CELLS ** 2, 2 * COLOUR_CELLS ** 2, TONES, STATISTICS] as const;
const DIMENSIONS = GROUPS.reduce((sum, size) => sum + size, 0);

/**
 * How a picture looks, from its thumbnail, or itself where there is none, and without a model: where it is dark, where it is coloured, which tones it
 * has, and how busy it is. It tells photographs from plots and plots from diagrams; of what they show it knows nothing.
 * Some 2 ms a figure.
 */
export const look: Features = {
  name: "look",
  version: 1,
  description: "look (16×16 grey and 4×4 colour thumbnails, tones, edges, shape; no model)",
  dimensions: DIMENSIONS,
  async of(folder, { image_path, width, height }: FeatureItem) {
    const image = image_path && within(folder, image_path);
    const thumb = image_path && within(folder, thumbPath(image_path));
    if (!image || !thumb) return null;
    const pixels = (await pixelsOf(thumb)) ?? (await pixelsOf(image));
    return pixels && lookOf(pixels, width && height ? width / height : 1);
  },
};

/** 64×64 RGB; `null` for what is no picture. */
async function pixelsOf(file: string): Promise<Uint8Array | null> {
  const pixels = await sharp(file, { limitInputPixels: PIXEL_LIMIT })
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .resize(SIDE, SIDE, { fit: "fill", kernel: "linear" })
    .removeAlpha()
    .raw()
    .toBuffer()
    .catch(() => null);
  return pixels?.length === SIDE * SIDE * 3 ? pixels : null;
}

/**
 * The numbers of a picture. Each of the four groups is divided by the root of its size, so that none outweighs the
 * others by having more numbers.
 * @param pixels 64×64 RGB, a byte a channel
 * @param aspect width by height
 */
export function lookOf(pixels: Uint8Array, aspect: number): Float32Array {
  const grey = new Float32Array(SIDE * SIDE);
  const blue = new Float32Array(SIDE * SIDE);
  const red = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < grey.length; i++) {
    const [r, g, b] = [pixels[3 * i]! / 255, pixels[3 * i + 1]! / 255, pixels[3 * i + 2]! / 255];
    // Luma and colour differences of ITU-R BT.601.
    grey[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    blue[i] = 0.564 * (b - grey[i]!);
    red[i] = 0.713 * (r - grey[i]!);
  }
  const groups = [
    means(grey, GREY_CELLS),
    [...means(blue, COLOUR_CELLS), ...means(red, COLOUR_CELLS)].map((value) => 4 * value),
    tones(grey),
    [busyness(grey, 1), busyness(grey, SIDE), content(grey), saturation(blue, red), shape(aspect)],
  ];
  const weighted = groups.flatMap((group) => Array.from(group, (value) => value / Math.sqrt(group.length)));
  return Float32Array.from(weighted);
}

/** Means over a grid of square cells. */
function means(plane: Float32Array, cells: number): Float32Array {
  const size = SIDE / cells;
  const sums = new Float32Array(cells * cells);
  for (let i = 0; i < plane.length; i++) {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    sums[Math.floor(row / size) * cells + Math.floor(column / size)]! += plane[i]!;
  }
  return sums.map((sum) => sum / size ** 2);
}

/** Roots of the shares of eight equal steps of grey: distances between them are Hellinger's. */
function tones(grey: Float32Array): Float32Array {
  const counts = new Float32Array(TONES);
  for (const value of grey) counts[Math.min(TONES - 1, Math.floor(value * TONES))]! += 1;
  return counts.map((count) => Math.sqrt(count / grey.length));
}

/** Mean difference to the next pixel in a direction, 0..1, stretched: plots have few edges, textures many. */
function busyness(grey: Float32Array, step: number): number {
  let sum = 0;
  for (let i = 0; i + step < grey.length; i++) sum += Math.abs(grey[i + step]! - grey[i]!);
  return Math.min(1, 4 * (sum / (grey.length - step)));
}

/** Share of the pixels that are not nearly white. */
function content(grey: Float32Array): number {
  return grey.reduce((count, value) => count + (value < 0.95 ? 1 : 0), 0) / grey.length;
}

function saturation(blue: Float32Array, red: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < blue.length; i++) sum += Math.hypot(blue[i]!, red[i]!);
  return Math.min(1, 4 * (sum / blue.length));
}

/** −1 for very tall, 1 for very wide pictures. */
function shape(aspect: number): number {
  return Math.max(-1, Math.min(1, Math.log(aspect) / Math.log(4)));
}
