import type { Size, Viewport } from "./viewport.js";

/** How points look. */
export interface Look {
  /** By colour number: red, green, blue in 0..255. */
  colours: readonly (readonly [number, number, number])[];
  /** Colours that are not drawn. */
  hidden: ReadonlySet<number>;
  /** By the kernel's point: whether the selection leaves it; `null` when nothing is selected. */
  selected: ((point: number) => boolean) | null;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

/** The counting of the points on each pixel, which takes some frames. */
export interface Counting {
  /** In device pixels, as `view` has it. */
  readonly size: Size;
  readonly view: Viewport;
  /** Points counted so far. */
  readonly drawn: number;
  /** Goes on for some milliseconds. @returns whether all is counted */
  advance(milliseconds: number): boolean;
  /** The picture, as RGBA row by row from the top; once, when all is counted. */
  pixels(): Uint8ClampedArray<ArrayBuffer>;
}

/** What was counted, a value a pixel, row by row from the top. */
export interface Counts {
  counts: Uint32Array;
  /** Of points that the selection leaves out. */
  pale: Uint32Array;
  /** Red, green and blue of the points, added up: three values a pixel. */
  sums: Uint32Array | Float32Array;
}

/** Of points without a colour, and of those that the selection leaves out. */
export const GREY: readonly [number, number, number] = [128, 132, 138];
/** Opacity of a pixel with one point, where many lie on some, and where none does. */
const FAINTEST = { crowded: 0.4, sparse: 0.85 };
/** Of points that the selection leaves out, at most. */
const PALE = 0.22;

/** The mean colour of each pixel, the more opaque the more points it has, as RGBA. */
export function shade({ counts, pale, sums }: Counts): Uint8ClampedArray<ArrayBuffer> {
  const opacity = opacityFor(counts);
  const faint = opacityFor(pale);
  const image = new Uint8ClampedArray(4 * counts.length);
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at]!;
    if (count > 0) {
      image[4 * at] = sums[3 * at]! / count;
      image[4 * at + 1] = sums[3 * at + 1]! / count;
      image[4 * at + 2] = sums[3 * at + 2]! / count;
      image[4 * at + 3] = 255 * opacity(count);
    } else if (pale[at]! > 0) {
      image[4 * at] = GREY[0];
      image[4 * at + 1] = GREY[1];
      image[4 * at + 2] = GREY[2];
      image[4 * at + 3] = 255 * PALE * faint(pale[at]!);
    }
  }
  return image;
}

/** Counts that have an opacity of their own in the table; more are as opaque as can be. */
const TABLE = 4096;

function opacityFor(counts: Uint32Array): (count: number) => number {
  let most = 1;
  for (const count of counts) if (count > most) most = count;
  const faintest = most > 8 ? FAINTEST.crowded : FAINTEST.sparse;
  const full = Math.min(most, TABLE);
  const table = Float32Array.from({ length: full + 1 }, (_, count) =>
    full === 1 ? faintest : faintest + ((1 - faintest) * Math.log(Math.max(1, count))) / Math.log(full),
  );
  return (count) => table[Math.min(count, full)]!;
}

/** CSS pixels: the fewer points are in sight, the larger they are. */
export function radiusFor(points: number): number {
  if (points > 200_000) return 0.5;
  if (points > 30_000) return 1;
  if (points > 5_000) return 1.6;
  return points > 800 ? 2.4 : 3.5;
}

/** A point's disc in pixels: those at most `reach` from its middle along both axes, whose distance squared is at most `limit`. */
export interface Disc {
  reach: number;
  limit: number;
}

/** @param radius in pixels */
export function discOf(radius: number): Disc {
  return { reach: radius <= 0.5 ? 0 : Math.ceil(radius), limit: radius ** 2 + 0.1 };
}
