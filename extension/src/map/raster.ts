import { stretches, type Cloud } from "./cloud.js";
import {
  discOf,
  GREY,
  radiusFor,
  shade,
  type Counting,
  type Counts,
  type Disc,
  type Look,
} from "./counts.js";
import { seen, type Size, type Viewport } from "./viewport.js";

/** Points between two looks at the clock. */
const PIECE = 20_000;

/**
 * Counts the points that lie on each pixel, with the sum of their colours, a piece at a time, so that a million of them
 * hold no frame up.
 */
export class Raster implements Counting {
  readonly #found: Counts;
  readonly #work: Generator<void, void>;
  drawn = 0;

  constructor(
    cloud: Cloud,
    readonly size: Size,
    readonly view: Viewport,
    look: Look,
  ) {
    const pixels = size.width * size.height;
    this.#found = {
      counts: new Uint32Array(pixels),
      pale: new Uint32Array(pixels),
      sums: new Float32Array(3 * pixels),
    };
    this.#work = this.#count(cloud, look);
  }

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
    const { counts, pale, sums } = this.#found;
    const found = stretches(cloud, seen(view, this.size));
    const disc = discOf(radiusFor(pointsIn(found)) * ratio);
    const offsets = offsetsOf(disc, width);
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
        const r = disc.reach;
        if (column < r || row < r || column >= width - r || row >= height - r) continue;
        const pixel = row * width + column;
        this.drawn++;
        if (selected && !selected(cloud.point[i]!)) {
          for (const offset of offsets) pale[pixel + offset]! += 1;
          continue;
        }
        const colour = colours[kind] ?? GREY;
        for (const offset of offsets) {
          const at = pixel + offset;
          counts[at]! += 1;
          sums[3 * at]! += colour[0];
          sums[3 * at + 1]! += colour[1];
          sums[3 * at + 2]! += colour[2];
        }
      }
  }

  pixels(): Uint8ClampedArray<ArrayBuffer> {
    return shade(this.#found);
  }
}

/** How many points stretches of a cloud have. */
export const pointsIn = (found: readonly (readonly [from: number, to: number])[]): number =>
  found.reduce((sum, [from, to]) => sum + to - from, 0);

/** The pixels of a disc around its middle, as distances in the array. */
function offsetsOf({ reach, limit }: Disc, width: number): number[] {
  const offsets: number[] = [];
  for (let row = -reach; row <= reach; row++)
    for (let column = -reach; column <= reach; column++)
      if (row ** 2 + column ** 2 <= limit) offsets.push(row * width + column);
  return offsets;
}
