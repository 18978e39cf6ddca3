import { createRequire } from "node:module";
import sharp from "sharp";
import { runConfined } from "./confined.js";
import type { RenderLimits } from "./limits.js";
import { toPicture, type Picture } from "./picture.js";

/** Draws standard input with the sharp, and at the size, that the arguments name. */
const PROGRAM = `
  const [sharpPath, longSide, pixels] = process.argv.slice(1);
  const size = Number(longSide);
  const drawing = require(sharpPath)({ limitInputPixels: Number(pixels) });
  drawing.on("error", (error) => { console.error(error.message); process.exit(1); });
  process.stdin.pipe(drawing.resize({ width: size, height: size, fit: "inside" }).png()).pipe(process.stdout);
`;

/**
 * Draws an SVG with `longSide` pixels on its long side. Nothing outside the file is loaded: librsvg, given bytes
 * without an address, resolves no reference but `data:` ones, and it runs no scripts.
 *
 * A few lines of SVG can keep librsvg busy for hours or fill the memory, and it cannot be interrupted, so it works in
 * a process of its own; see {@link runConfined}. That costs about 0.2 s.
 * @throws for a document type with declarations of its own, which could define entities that grow without end, and
 *   for what librsvg cannot draw; the signal's reason when aborted, a `TimeoutError` after `graphicSeconds`.
 */
export async function drawSvg(
  bytes: Buffer,
  longSide: number,
  limits: RenderLimits,
  signal: AbortSignal,
): Promise<Picture> {
  const text = bytes.toString("latin1");
  if (/<!ENTITY/i.test(text) || /<!DOCTYPE[^>]*\[/i.test(text)) {
    throw new Error("its document type declares entities, which are not read");
  }
  const sharpPath = createRequire(__filename).resolve("sharp");
  const command = [process.execPath, "-e", PROGRAM, sharpPath, String(longSide), String(limits.inputPixels)];
  return toPicture(sharp(await runConfined(command, bytes, limits.graphicSeconds, signal)));
}
