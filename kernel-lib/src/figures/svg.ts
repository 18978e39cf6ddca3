import sharp from "sharp";
import type { RenderLimits } from "./limits.js";
import { toPicture, type Picture } from "./picture.js";

/**
 * Draws an SVG with `longSide` pixels on its long side. Nothing outside the file is loaded: librsvg, given bytes
 * without an address, resolves no reference but `data:` ones. Scripts are not run by it at all.
 * @throws for a document type with declarations of its own, which could define entities that grow without end.
 */
export async function drawSvg(bytes: Buffer, longSide: number, limits: RenderLimits): Promise<Picture> {
  const text = bytes.toString("latin1");
  if (/<!ENTITY/i.test(text) || /<!DOCTYPE[^>]*\[/i.test(text)) {
    throw new Error("its document type declares entities, which are not read");
  }
  // sharp draws an SVG at the size asked for, rather than drawing it small and enlarging that.
  const drawing = sharp(bytes, { limitInputPixels: limits.inputPixels })
    .timeout({ seconds: Math.ceil(limits.graphicSeconds) })
    .resize({ width: longSide, height: longSide, fit: "inside" });
  return toPicture(drawing);
}
