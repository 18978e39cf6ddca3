import { stretches, type Cloud } from "./cloud.js";
import { seen, type Size, type Viewport } from "./viewport.js";

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

/** Points between two looks at the clock. */
const PIECE = 20_000;
const GREY: readonly [number, number, number] = [128, 132, 138];
/** Opacity of a pixel with one point, where many lie on some, and where none does. */
const FAINTEST = { crowded: 0.4, sparse: 0.85 };
/** Of points that the selection leaves out, at most. */
const PALE = 0.22;

/**
 * Counts the points that lie on each pixel, with the sum of their colours, a piece at a time, so that a million of them
 * hold no frame up. The picture is the mean colour of each pixel, the more opaque the more points it has.
 */
export class Raster {
  readonly #counts: Uint32Array;
  readonly #pale: Uint32Array;
  readonly #sums: Float32Array;
  readonly #work: Generator<void, void>;
  /** Points drawn so far. */
  drawn = 0;

  constructor(
    cloud: Cloud,
    /** In device pixels, as `view` has it. */
    readonly size: Size,
    readonly view: Viewport,
    look: Look,
  ) {
    const pixels = size.width * size.height;
    this.#counts = new Uint32Array(pixels);
    this.#pale = new Uint32Array(pixels);
    this.#sums = new Float32Array(3 * pixels);
    this.#work = this.#count(cloud, look);
  }

  /** Goes on for some milliseconds. @returns whether all is counted */
  advance(milliseconds: number, now: () => number = () => performance.now()): boolean {
    const end = now() + milliseconds;
    do {
      if (this.#work.next().done) return true;
    } while (now() < end);
    return false;
  }

  *#count(cloud: Cloud, { colours, hidden, selected, ratio }: Look): Generator<void, void> {
    const { width, height } = this.size;
    const { view } = this;
    const found = stretches(cloud, seen(view, this.size));
    const stamp = stampOf(radiusFor(found.reduce((sum, [from, to]) => sum + to - from, 0)) * ratio, width);
    const [middleX, middleY] = [width / 2, height / 2];
    let left = PIECE;
    for (const [from, to] of found)
      for (let i = from; i < to; i++) {
        if (--left === 0) {
          left = PIECE;
          yield;
        }
        const kind = cloud.kind[i]!;
        if (hidden.has(kind)) continue;
        const column = Math.floor(middleX + (cloud.x[i]! - view.x) / view.unitsX);
        const row = Math.floor(middleY - (cloud.y[i]! - view.y) / view.unitsY);
        const r = stamp.reach;
        if (column < r || row < r || column >= width - r || row >= height - r) continue;
        const pixel = row * width + column;
        this.drawn++;
        if (selected && !selected(cloud.point[i]!)) {
          for (const offset of stamp.offsets) this.#pale[pixel + offset]! += 1;
          continue;
        }
        const colour = colours[kind] ?? GREY;
        for (const offset of stamp.offsets) {
          const at = pixel + offset;
          this.#counts[at]! += 1;
          this.#sums[3 * at]! += colour[0];
          this.#sums[3 * at + 1]! += colour[1];
          this.#sums[3 * at + 2]! += colour[2];
        }
      }
  }

  /** The picture, as RGBA row by row from the top. */
  pixels(): Uint8ClampedArray<ArrayBuffer> {
    const [counts, pale, sums] = [this.#counts, this.#pale, this.#sums];
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

/** The pixels of a disc around its middle, as distances in the array. */
function stampOf(radius: number, width: number): { reach: number; offsets: number[] } {
  if (radius <= 0.5) return { reach: 0, offsets: [0] };
  const reach = Math.ceil(radius);
  const offsets: number[] = [];
  for (let row = -reach; row <= reach; row++)
    for (let column = -reach; column <= reach; column++)
      if (row ** 2 + column ** 2 <= radius ** 2 + 0.1) offsets.push(row * width + column);
  return { reach, offsets };
}
