import type { Drawn } from "../../pdfium/messages.js";
import { height, width } from "./boxes.js";
import type { PdfFloat } from "./floats.js";
import type { PdfLimits } from "./limits.js";
import type { Box } from "./page.js";
import { visitPages } from "./visit.js";

/** Pixels a point; fewer on a page that would have more pixels than one is looked at. */
const SCALE = 2;
const MAX_PIXELS = 40_000_000;
/** Grey values above are paper. */
const PAPER = 248;
/** Points that are looked at around a box, for strokes that are wider than their paths say. */
const MARGIN = 1;

/**
 * The floats with their boxes drawn in to what can be seen: drawings have invisible parts, and pictures white margins.
 * Draws each of their pages once in greys; about 40 ms a page. Where a page cannot be drawn, boxes stay as they are.
 * @throws {ItemError} `pdf-too-slow`; the reason of `signal` when aborted
 */
export async function tightened(
  floats: readonly PdfFloat[],
  bytes: Uint8Array,
  source: string,
  limits: PdfLimits,
  signal: AbortSignal | undefined,
): Promise<PdfFloat[]> {
  const boxes = new Map<PdfFloat, Box>();
  const pages = [...new Set(floats.flatMap(({ box, page }) => (box ? [page] : [])))];
  await visitPages(bytes, source, limits, signal, {
    pages: () => pages,
    async visit(pdf, page, stop) {
      const size = await pdf.size(page);
      const scale = Math.min(SCALE, Math.sqrt(MAX_PIXELS / (size.width * size.height)));
      const drawn = await pdf.drawRegion(page, scale, [0, 0, size.width, size.height], true);
      stop.throwIfAborted();
      for (const float of floats) {
        const tight = float.page === page && float.box && inkIn(drawn, float.box, scale);
        if (tight) boxes.set(float, tight);
      }
    },
    failed: () => undefined,
  });
  return floats.map((float) => ({ ...float, box: boxes.get(float) ?? float.box }));
}

/** The box around what is not white in a box; `undefined` where nothing is. */
function inkIn({ width: columns, height: rows, pixels }: Drawn, box: Box, scale: number): Box | undefined {
  const from = (edge: number) => Math.max(0, Math.floor((edge - MARGIN) * scale));
  const [left, top] = [from(box[0]), from(box[1])];
  const right = Math.min(columns, Math.ceil((box[2] + MARGIN) * scale));
  const bottom = Math.min(rows, Math.ceil((box[3] + MARGIN) * scale));
  let [x0, y0, x1, y1] = [right, bottom, left, top];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      if (pixels[y * columns + x]! > PAPER) continue;
      if (x < x0) x0 = x;
      if (x >= x1) x1 = x + 1;
      if (y < y0) y0 = y;
      y1 = y + 1;
    }
  const ink: Box = [x0 / scale, y0 / scale, x1 / scale, y1 / scale];
  return width(ink) > 4 && height(ink) > 4 ? ink : undefined;
}
