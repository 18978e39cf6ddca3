import type { TextLine } from "../../model.js";
import type { Sheet } from "../pixels.js";
import { inReadingOrder } from "../../text/reading-order.js";
import { cropOf } from "./crop.js";
import type { Recognised } from "./decode.js";
import { isTall, type Detector } from "./detector.js";
import type { Recogniser } from "./recogniser.js";
import { boxOf, quarterTurned, type Rectangle } from "./rectangle.js";

/** A line of less confidence is a drawing's part that looks like one. */
const CONFIDENCE = 0.5;
/** Pixels of a line's width at most, as PP-OCR is run; a longer one is squeezed. */
const MOST_WIDTH = 3200;
/** Height, as a multiple of the width, from which a region holds no upright text, not even a single digit. */
const TURNED = 2.2;

/** The lines of a picture, in the pixels of its file. */
export async function readLines(
  sheet: Sheet,
  detector: Detector,
  recogniser: Recogniser,
): Promise<TextLine[]> {
  const regions = await detector.regions(sheet);
  const readings = regions.flatMap((region, i) =>
    quartersOf(region).map((quarters) => ({ i, line: quarterTurned(region, quarters) })),
  );
  const read = await recogniser.read(
    readings.map(({ line }) => cropOf(sheet, line, recogniser.height, MOST_WIDTH)),
  );
  const best = new Map<number, { line: Rectangle; read: Recognised }>();
  for (const [at, { i, line }] of readings.entries()) {
    const one = read[at]!;
    if (one.confidence > (best.get(i)?.read.confidence ?? 0)) best.set(i, { line, read: one });
  }
  return inReadingOrder([...best.values()].flatMap(({ line, read }) => lineOf(line, read, sheet.scale)));
}

/** Quarter turns clockwise of the directions that a region may be read in: the surest reading stays. */
function quartersOf(region: Rectangle): number[] {
  if (!isTall(region)) return [0];
  return region.height < TURNED * region.width ? [0, 3, 1] : [3, 1];
}

function lineOf(line: Rectangle, { text, confidence }: Recognised, scale: number): TextLine[] {
  const clean = text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .trim();
  if (confidence < CONFIDENCE || !/[\p{L}\p{N}]/u.test(clean)) return [];
  const tenth = (value: number) => Math.round((value / scale) * 10) / 10;
  const [x0, y0, x1, y1] = boxOf(line);
  return [
    {
      text: clean,
      box: [tenth(x0), tenth(y0), tenth(x1), tenth(y1)],
      angle: Math.round(line.angle) % 360,
      confidence: Math.round(confidence * 1000) / 1000,
    },
  ];
}
