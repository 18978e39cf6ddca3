import sharp from "sharp";
import { withDeadline } from "../../deadline.js";
import { withPdfium, type Region } from "../../pdfium/document.js";
import type { Drawn } from "../../pdfium/messages.js";
import { layerOf } from "../pdf.js";
import { pixelsPerPoint, toPicture, type Picture } from "../picture.js";

/** Pixels of the long side of the drawing in which the ink is looked for. */
const LOOK = 1000;
/** Grey from which a pixel counts as white. */
const WHITE = 250;
/** Points of white left round the ink. */
const BORDER = 3;

/**
 * Draws what is on a page of a PDF without the white round it, with `longSide` pixels on its long side, or fewer for
 * a tiny drawing, and reads its text layer; `null` where there is nothing.
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
      const { width, height } = await pdf.size(page);
      let region: Region = [0, 0, width, height];
      // A small drawing on a large page is looked at twice, the second time closely.
      for (let look = 0; look < 2; look++) {
        const scale = Math.min(2, LOOK / Math.max(region[2] - region[0], region[3] - region[1]));
        const ink = inkOf(await pdf.drawRegion(page, scale, region, true), region, scale);
        if (!ink) return null;
        region = [
          Math.max(region[0], ink[0] - BORDER),
          Math.max(region[1], ink[1] - BORDER),
          Math.min(region[2], ink[2] + BORDER),
          Math.min(region[3], ink[3] + BORDER),
        ];
      }
      const box = { width: region[2] - region[0], height: region[3] - region[1] };
      const pixelsPer = pixelsPerPoint(box, longSide);
      const picture = await pdf.drawRegion(page, pixelsPer, region);
      return { ...picture, text: await layerOf(pdf, page, region, pixelsPer, stop) };
    }),
  );
  if (!drawn) return null;
  const { pixels, width, height, text } = drawn;
  return { ...(await toPicture(sharp(pixels, { raw: { width, height, channels: 3 } }))), text };
}

/** The box of all that is not white in the grey drawing of a region, in points. */
function inkOf({ width, height, pixels }: Drawn, region: Region, scale: number): Region | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (pixels[at]! >= WHITE) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  // Pictures of regions begin at whole pixels.
  const [x0, y0] = [Math.floor(region[0] * scale), Math.floor(region[1] * scale)];
  return right < 0
    ? null
    : [(x0 + left) / scale, (y0 + top) / scale, (x0 + right + 1) / scale, (y0 + bottom + 1) / scale];
}
