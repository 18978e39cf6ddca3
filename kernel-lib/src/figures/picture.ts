import type { Sharp } from "sharp";
import type { TextLine } from "../model.js";

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A decoded picture: 8-bit sRGB, three bytes a pixel, row by row, without transparency. */
export interface Picture extends Size {
  data: Buffer;
  /** All text on it, where what it was drawn from says so; `null` or absent where only the pixels tell. */
  text?: readonly TextLine[] | null;
}

/** No graphic is drawn finer than this: a drawing of one inch does not gain by 1,600 pixels. */
const MAX_PIXELS_PER_POINT = 600 / 72;

/** Pixels per point (1/72 inch) at which a drawing of that many points gets the long side asked for. */
export function pixelsPerPoint(points: Size, longSide: number): number {
  return Math.min(longSide / Math.max(points.width, points.height), MAX_PIXELS_PER_POINT);
}

/** Runs a sharp pipeline to its pixels: transparency becomes white, other colour spaces sRGB. */
export async function toPicture(pipeline: Sharp): Promise<Picture> {
  const { data, info } = await pipeline
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it decodes to ${info.channels} channels instead of 3`);
  return { data, width: info.width, height: info.height };
}
