import { inkOf, type Grey } from "../components.js";
import { boundsOf, hullOf, smallestAround, type Point, type Rectangle } from "./rectangle.js";

/** Where a detector sees text: how probable each pixel is, row by row, 0..1. */
export interface Probabilities {
  width: number;
  height: number;
  data: Float32Array;
}

/** Probability from which a pixel is text, and mean of a region from which it is one. */
const PIXEL = 0.3;
const REGION = 0.6;
/** How far a region grows: the detector is trained to see text shrunk. PaddleOCR goes by 1.5 to 2. */
const UNCLIP = 1.9;
/** Pixels of a region's shorter side at least. */
const THIN = 3;
/** Runs of pixels that are looked at; a map of text has a small part of them. */
const MANY_RUNS = 1_000_000;

/**
 * A slanted rectangle is believed where it is this much smaller than the upright one, and this much longer than wide:
 * the few pixels of a short label lean by chance.
 */
const SLANTED_AREA = 0.75;
const SLANTED_SHAPE = 2;

/**
 * The regions of text in a detector's map, the largest first: connected pixels, a rectangle around each, grown by
 * area × 1.9 / perimeter on all sides (Liao et al., _Real-time scene text detection with differentiable binarization_,
 * 2020, section 3.4, with the thresholds of PaddleOCR).
 * @param most regions; of more the largest
 */
export function regionsOf({ width, height, data }: Probabilities, most: number): Rectangle[] {
  // As ink: the more probable, the darker.
  const levels = Uint8Array.from(data, (value) => Math.max(0, Math.min(255, 255 - Math.round(255 * value))));
  const map: Grey = { width, height, data: levels };
  const ink = inkOf(map, 255 - 255 * PIXEL, MANY_RUNS);
  if (!ink) return [];
  const { components, runs, owner } = ink;
  const sums = new Float64Array(components.length);
  const rows = components.map(({ y0, y1 }) => Array.from({ length: y1 - y0 }, () => [Infinity, 0] as Ends));
  for (const [i, { y, start, end }] of runs.entries()) {
    const one = owner[i]!;
    for (let x = start; x < end; x++) sums[one]! += data[y * width + x]!;
    const ends = rows[one]![y - components[one]!.y0]!;
    ends[0] = Math.min(ends[0], start);
    ends[1] = Math.max(ends[1], end);
  }
  const regions = components.flatMap(({ y0, pixels }, i): Rectangle[] => {
    if (sums[i]! / pixels < REGION) return [];
    const around = rectangleAround(hullOf(cornersOf(rows[i]!, y0)));
    return Math.min(around.width, around.height) < THIN ? [] : [grown(around)];
  });
  return regions.sort((a, b) => b.width * b.height - a.width * a.height).slice(0, most);
}

/** First and last pixel of a row, the last excluded. */
type Ends = [number, number];

const cornersOf = (rows: readonly Ends[], top: number): Point[] =>
  rows.flatMap(([start, end], i) =>
    [start, end].flatMap((x) => [
      { x, y: top + i },
      { x, y: top + i + 1 },
    ]),
  );

function rectangleAround(hull: readonly Point[]): Rectangle {
  const upright = boundsOf(hull);
  const slanted = smallestAround(hull);
  const area = ({ width, height }: Rectangle) => width * height;
  const [long, short] = [Math.max(slanted.width, slanted.height), Math.min(slanted.width, slanted.height)];
  return area(slanted) < SLANTED_AREA * area(upright) && long > SLANTED_SHAPE * short ? slanted : upright;
}

function grown(rectangle: Rectangle): Rectangle {
  const { width, height } = rectangle;
  const by = (width * height * UNCLIP) / (2 * (width + height));
  return { ...rectangle, width: width + 2 * by, height: height + 2 * by };
}
