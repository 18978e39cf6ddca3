import type { Size } from "../figures/picture.js";
import type { Sketch } from "./sketch.js";

/** One value a pixel, row by row. */
export type Plane = Float32Array;

/** A way to make grey of red, green and blue, all 0..255. */
export type Greying = (red: number, green: number, blue: number) => number;

/** Luma of ITU-R BT.601: what most programs take for grey. */
export const luma: Greying = (red, green, blue) => 0.299 * red + 0.587 * green + 0.114 * blue;

/** Luminance of BT.709 in linear light, with a display gamma of 2.2: what libvips, among others, takes. */
const luminance: Greying = (red, green, blue) =>
  255 *
  (0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2) ** (1 / 2.2);

const mean: Greying = (red, green, blue) => (red + green + blue) / 3;

/** The ways that programs go from colour to grey. */
export const GREYINGS: readonly Greying[] = [luma, luminance, mean];

/** A picture in grey. */
export function greyed({ data }: Sketch, greying: Greying): Plane {
  const plane = new Float32Array(data.length / 3);
  for (let i = 0, j = 0; i < plane.length; i++, j += 3)
    plane[i] = greying(data[j]!, data[j + 1]!, data[j + 2]!);
  return plane;
}

/** Chroma of a pixel, and share of such pixels, from which on a picture is in colour. */
const CHROMA = 24;
const COLOURED_SHARE = 0.001;

export function isColoured({ data }: Sketch): boolean {
  let coloured = 0;
  for (let j = 0; j < data.length; j += 3) {
    const [r, g, b] = [data[j]!, data[j + 1]!, data[j + 2]!];
    if (Math.max(r, g, b) - Math.min(r, g, b) > CHROMA) coloured++;
  }
  return coloured > (data.length / 3) * COLOURED_SHARE;
}

/** Smoothed by 1 2 1 in both directions, so that two renderings of a hairline agree. */
export function smoothed(plane: Plane, { width, height }: Size): Plane {
  const across = new Float32Array(plane.length);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const before = x > 0 ? plane[i - 1]! : plane[i]!;
      const after = x < width - 1 ? plane[i + 1]! : plane[i]!;
      across[i] = (before + 2 * plane[i]! + after) / 4;
    }
  const both = new Float32Array(plane.length);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const before = y > 0 ? across[i - width]! : across[i]!;
      const after = y < height - 1 ? across[i + width]! : across[i]!;
      both[i] = (before + 2 * across[i]! + after) / 4;
    }
  return both;
}
