import { withPdfium, type PdfDocument, type Region } from "../pdfium/document.js";
import type { Drawn } from "../pdfium/messages.js";
import { withDeadline } from "../deadline.js";
import type { TextLine } from "../model.js";
import { pixelsPerPoint, type Picture } from "./picture.js";
import { LAYER_LIMITS, textLayer } from "./text-layer.js";

/**
 * Draws the first page of a PDF (its crop box, turned as the page says, on white) with `longSide` pixels on its long
 * side, or fewer for a tiny page, and reads its text layer. About 40 ms for a common figure.
 * @throws for a file that is no PDF, is encrypted or broken; the reason of the signal when aborted, a `TimeoutError`
 *   after `seconds` (counted from its turn).
 */
export function drawPdf(
  bytes: Buffer,
  longSide: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Picture> {
  return drawn(bytes, seconds, signal, async (pdf, stop) => {
    if (pdf.pages === 0) throw new Error("it has no pages");
    const size = await pdf.size(1);
    if (!(size.width > 0 && size.height > 0)) throw new Error("its first page has no size");
    const scale = pixelsPerPoint(size, longSide);
    const picture = await pdf.draw(1, scale);
    return { ...picture, text: await layerOf(pdf, 1, [0, 0, size.width, size.height], scale, stop) };
  });
}

/** Pixels a point: 300 dpi. */
const PAGE_SCALE = 300 / 72;

/**
 * Draws a part of a paper's page at 300 dpi, or with `longSide` pixels on its long side where that is fewer.
 * @param page from 1
 * @throws as {@link drawPdf}
 */
export function drawPageRegion(
  bytes: Buffer,
  page: number,
  region: Region,
  longSide: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Picture> {
  const [x0, y0, x1, y1] = region;
  const scale = Math.min(PAGE_SCALE, pixelsPerPoint({ width: x1 - x0, height: y1 - y0 }, longSide));
  return drawn(bytes, seconds, signal, async (pdf, stop) => ({
    ...(await pdf.drawRegion(page, scale, region)),
    text: await layerOf(pdf, page, region, scale, stop),
  }));
}

/** Seconds for the text of a page that has been drawn: the picture is worth having without. */
const LAYER_SECONDS = 5;

/**
 * The text layer of a region, see {@link textLayer}; `null` also where it cannot be read, after which PDFium is of no more use.
 * @throws the reason of the signal when aborted
 */
export async function layerOf(
  pdf: PdfDocument,
  page: number,
  region: Region,
  scale: number,
  signal: AbortSignal,
): Promise<TextLine[] | null> {
  try {
    const contents = await withDeadline(LAYER_SECONDS, signal, (stop) =>
      pdf.contents(page, LAYER_LIMITS, stop),
    );
    return textLayer(contents, region, scale);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function drawn(
  bytes: Buffer,
  seconds: number,
  signal: AbortSignal,
  draw: (pdf: PdfDocument, signal: AbortSignal) => Promise<Drawn & Pick<Picture, "text">>,
): Promise<Picture> {
  const { width, height, pixels, text } = await withPdfium((open) =>
    withDeadline(seconds, signal, async (stop) => draw(await open(bytes, stop), stop)),
  );
  return { width, height, text, data: Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength) };
}
