import sharp from "sharp";
import { withDeadline } from "../../deadline.js";
import { withPdfium, type Region } from "../../pdfium/document.js";
import type { Drawn } from "../../pdfium/messages.js";
import { pixelsPerPoint, toPicture, type Picture } from "../picture.js";

/** Pixels of the long side of the drawing in which the ink is looked for. */
const LOOK = 1000;
/** Darkest component from which a pixel counts as white. */
const WHITE = 250;
/** Points of white left round the ink. */
const BORDER = 3;

/**
 * Draws what is on a page of a PDF without the white round it, with `longSide` pixels on its long side, or fewer for
 * a tiny drawing; `null` where there is nothing.
 * @param page from 1
 * @throws for a PDF that is broken; the reason of the signal when aborted, a `TimeoutError` after `seconds` (counted
 *   from its turn).
 */
export async function drawInk(
  bytes: Buffer,
  page: number,
  longSide: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Picture | null> {
  const drawn = await withPdfium((open) =>
    withDeadline(seconds, signal, async (stop) => {
      const pdf = await open(bytes, stop);
      const size = await pdf.size(page);
      const scale = Math.min(1, LOOK / Math.max(size.width, size.height));
      const ink = inkOf(await pdf.draw(page, scale), scale);
      if (!ink) return null;
      const region = [
        Math.max(0, ink[0] - BORDER),
        Math.max(0, ink[1] - BORDER),
        Math.min(size.width, ink[2] + BORDER),
        Math.min(size.height, ink[3] + BORDER),
      ] as const;
      const box = { width: region[2] - region[0], height: region[3] - region[1] };
      return pdf.drawRegion(page, pixelsPerPoint(box, longSide), region);
    }),
  );
  if (!drawn) return null;
  const { pixels, width, height } = drawn;
  return toPicture(sharp(pixels, { raw: { width, height, channels: 3 } }));
}

/** The box of all that is not white, in points. */
function inkOf({ width, height, pixels }: Drawn, scale: number): Region | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      if (pixels[at]! >= WHITE && pixels[at + 1]! >= WHITE && pixels[at + 2]! >= WHITE) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : [left / scale, top / scale, (right + 1) / scale, (bottom + 1) / scale];
}
