import type { TextLine } from "../model.js";
import { withMinusSigns } from "./minus-signs.js";
import { inReadingOrder } from "../text/reading-order.js";
import { area, contains, intersection } from "../papers/pdf/boxes.js";
import { lineText } from "../papers/pdf/line-text.js";
import { readLines } from "../papers/pdf/lines.js";
import type { Box, Line } from "../papers/pdf/page.js";
import { turnedBox } from "../papers/pdf/turn.js";
import type { Region } from "../pdfium/document.js";
import type { ContentLimits, Glyphs, PageContents } from "../pdfium/messages.js";

/** How much of a page is read for the text of a figure on it. */
export const LAYER_LIMITS: Readonly<ContentLimits> = { glyphs: 50_000, objects: 50_000 };

/** Share of characters without a meaning from which the layer is none: a font that does not say what its glyphs are. */
const MEANINGLESS = 0.1;
/** A picture that fills this share of the region, in a layer of fewer letters and digits, is likely to hold text itself. */
const PICTURE_SHARE = 0.5;
const FEW = 20;

/**
 * The text that a page's own layer has in a region, exactly as the file says; boxes are in pixels of the picture that is
 * drawn of the region at `scale` pixels a point. Text that is not painted, such as what was laid over a scan, is left out;
 * so is text that is neither upright nor turned by a quarter.
 *
 * `null` where the layer is not all there is to read: it is empty or too large, its fonts do not say what their glyphs
 * are, or nearly all of the region is a bitmap.
 */
export function textLayer(contents: PageContents, region: Region, scale: number): TextLine[] | null {
  if (contents.glyphs.codes.length >= LAYER_LIMITS.glyphs) return null;
  const { lines } = readLines(seenIn(withMinusSigns(contents), region), [...region]);
  const texts = lines.map((line) => ({ line, text: textOf(line, contents) }));
  const all = texts.map(({ text }) => text).join("");
  const readable = all.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const meaningless = all.match(NO_MEANING)?.length ?? 0;
  if (readable === 0 || meaningless > MEANINGLESS * all.length) return null;
  if (readable < FEW && bitmapShare(contents.images, region) >= PICTURE_SHARE) return null;
  const [left, top] = [Math.floor(region[0] * scale), Math.floor(region[1] * scale)];
  const found = texts.flatMap(({ line: { box, angle }, text: raw }): TextLine[] => {
    const text = raw.replace(NO_MEANING, "").replace(/\s+/g, " ").trim();
    // Signs alone are marks of data points, or parts of the drawing.
    if (!/[\p{L}\p{N}]/u.test(text)) return [];
    const [x0, y0, x1, y1] = box.map((value) => value * scale) as unknown as Box;
    return [{ text, box: [x0 - left, y0 - top, x1 - left, y1 - top], angle, confidence: null }];
  });
  return inReadingOrder(found);
}

/** U+FFFD, private use, controls. */
const NO_MEANING = /[\uFFFD\p{Co}\p{Cc}\p{Cn}]/gu;

/** The painted glyphs whose middle is in the region. */
function seenIn(glyphs: Glyphs, region: Region): Glyphs {
  const kept: number[] = [];
  for (let i = 0; i < glyphs.codes.length; i++) {
    const [x0, y0, x1, y1] = glyphs.ink.subarray(4 * i, 4 * i + 4) as unknown as Box;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    if (!glyphs.unseen[i] && contains(region, [x, y, x, y])) kept.push(i);
  }
  const each = <T extends Uint8Array | Uint16Array | Uint32Array | Float32Array>(values: T, size = 1): T => {
    const Kind = values.constructor as new (length: number) => T;
    const chosen = new Kind(kept.length * size);
    kept.forEach((from, to) => chosen.set(values.subarray(from * size, (from + 1) * size), to * size));
    return chosen;
  };
  return {
    codes: each(glyphs.codes),
    ink: each(glyphs.ink, 4),
    cells: each(glyphs.cells, 4),
    origins: each(glyphs.origins, 2),
    sizes: each(glyphs.sizes),
    angles: each(glyphs.angles),
    fonts: each(glyphs.fonts),
    spaced: each(glyphs.spaced),
    unseen: each(glyphs.unseen),
    fontTable: glyphs.fontTable,
  };
}

/** With raised and lowered parts in Unicode, which are told by where they stand in an upright line. */
function textOf(line: Line, page: PageContents): string {
  const upright = (box: Box) => turnedBox(box, line.angle, page);
  const runs = line.runs.map((run) => ({ ...run, box: upright(run.box) }));
  return lineText({ ...line, box: upright(line.box), runs }, { notes: false });
}

/** Share of the region that bitmaps cover; where they overlap it is counted twice. */
function bitmapShare(images: Float32Array, region: Region): number {
  let covered = 0;
  for (let i = 0; i < images.length; i += 4) {
    const part = intersection(images.subarray(i, i + 4) as unknown as Box, region);
    if (part) covered += area(part);
  }
  return covered / Math.max(area(region), 1e-9);
}
