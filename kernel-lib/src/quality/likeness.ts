import type { Size } from "../figures/picture.js";
import { lay, type Laid } from "./align.js";
import { greyed, GREYINGS, isColoured, luma, smoothed, type Plane } from "./planes.js";
import { stretched, type Sketch } from "./sketch.js";

/** Raised when the same two pictures would give another likeness. */
export const LIKENESS_VERSION = 1;

/** Pixels of the long side at which two pictures are compared, or what the smaller one has. */
const LONG_SIDE = 512;
/** Side of the squares that are compared one by one, and how far they lie apart, in pixels. */
const BLOCK = 24;
const STEP = 12;
/** Variance, in levels of 255 squared, that scaling and compression may bring into a square. */
const NOISE = 200;
/** Largest ratio of the two aspect ratios: a crop of 2 % at each end changes it by 4 %, and trimming follows suit. */
const ASPECT = 1.1;

/**
 * How alike two pictures are where they differ most, 0..1: the copies that a rescaling, a re-encoding, another margin, a
 * slight crop or a change to grey makes lie near 1, two plots of which one has another curve far below.
 *
 * Both are laid over each other and compared square by square, as in structural similarity (Z. Wang et al., "Image
 * Quality Assessment: From Error Visibility to Structural Similarity", 2004): 1 minus the mean squared difference by the
 * sum of both variances, at the best of nine shifts by a pixel. The least of all squares counts, since plots of
 * different data may agree nearly everywhere; below 0.4 it is the first that was found.
 *
 * @param a without margins, see `trimmed`
 */
export async function likeness(a: Sketch, b: Sketch): Promise<number> {
  const stretch = (a.width * b.height) / (a.height * b.width);
  if (Math.max(stretch, 1 / stretch) > ASPECT) return 0;
  const size = commonSize(a, b);
  // Of a coloured and a grey one the coloured is fixed: it is made grey in each of the ways that the other may have been.
  const [fixed, moved] = isColoured(b) && !isColoured(a) ? [b, a] : [a, b];
  const [under, over] = await Promise.all([stretched(fixed, size), stretched(moved, size)]);
  const laid = lay(greyed(over, luma), greyed(under, luma), size);
  const upper = { ...laid, plane: smoothed(laid.plane, size) };
  const greyings = isColoured(fixed) && !isColoured(moved) ? GREYINGS : [luma];
  return Math.max(
    ...greyings.map((greying) => leastLike(smoothed(greyed(under, greying), size), upper, size)),
  );
}

function commonSize(a: Sketch, b: Sketch): Size {
  const long = Math.min(LONG_SIDE, Math.max(a.width, a.height), Math.max(b.width, b.height));
  const scale = long / Math.max(a.width, a.height);
  return {
    width: Math.max(1, Math.round(a.width * scale)),
    height: Math.max(1, Math.round(a.height * scale)),
  };
}

/** From here on a square is alike without trying to shift it. */
const ALIKE = 0.98;
/** From here down two pictures are of different things, and no other square is looked at. */
const DIFFERENT = 0.4;

function leastLike(under: Plane, over: Laid, size: Size): number {
  let least = Infinity;
  for (const top of starts(size.height))
    for (const left of starts(size.width)) {
      let best = -Infinity;
      for (const [dx, dy] of SHIFTS) {
        best = Math.max(best, squareLikeness(under, over, size, { left, top, dx, dy }) ?? -Infinity);
        if (best >= ALIKE) break;
      }
      if (best > -Infinity) least = Math.min(least, best);
      if (least < DIFFERENT) return Math.max(0, least);
    }
  // Nothing lies over anything: there is nothing that speaks for a copy.
  return least === Infinity ? 0 : least;
}

/** By no pixel first. */
const SHIFTS = [
  [0, 0],
  ...[-1, 0, 1]
    .flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const))
    .filter(([dx, dy]) => dx !== 0 || dy !== 0),
] as const;

/** Where squares begin along a side; the last one ends with it. */
function starts(side: number): number[] {
  const last = Math.max(0, side - BLOCK);
  const all = Array.from({ length: Math.floor(last / STEP) + 1 }, (_, i) => i * STEP);
  return all.at(-1) === last ? all : [...all, last];
}

/** `null` where too little of the square is known to say. */
function squareLikeness(
  under: Plane,
  { plane, known }: Laid,
  { width, height }: Size,
  { left, top, dx, dy }: { left: number; top: number; dx: number; dy: number },
): number | null {
  let [n, u, o, uu, oo, squares] = [0, 0, 0, 0, 0, 0];
  const [right, bottom] = [Math.min(width, left + BLOCK), Math.min(height, top + BLOCK)];
  for (let y = Math.max(top, -dy); y < Math.min(bottom, height - dy); y++)
    for (let x = Math.max(left, -dx); x < Math.min(right, width - dx); x++) {
      const j = (y + dy) * width + x + dx;
      if (!known[j]) continue;
      const [a, b] = [under[y * width + x]!, plane[j]!];
      n++;
      u += a;
      o += b;
      uu += a * a;
      oo += b * b;
      squares += (a - b) * (a - b);
    }
  if (n < ((right - left) * (bottom - top)) / 2) return null;
  const spread = (uu - (u * u) / n + oo - (o * o) / n) / n;
  return 1 - squares / n / (spread + NOISE);
}
