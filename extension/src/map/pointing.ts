import type { Tile } from "figloom/views";
import { nearestPoint, type Cloud } from "./cloud.js";
import type { Corner } from "./outline.js";
import type { Plane } from "./plane.js";
import type { Tooltip } from "./tooltip.js";

/** Pixels within which a point is pointed at. */
const REACH = 9;
const HOVER_MS = 70;

export interface PointingOptions {
  plane: Plane;
  tip: Tooltip;
  signal: AbortSignal;
  /** `null` until the points have come. */
  cloud(): Cloud | null;
  /** Colours whose points are not there. */
  hidden: ReadonlySet<number>;
  figure(point: number): Promise<Tile | null>;
}

/** The point that is pointed at, and what it is. */
export class Pointing {
  readonly #options: PointingOptions;
  #at: number | null = null;
  #wait: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PointingOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => clearTimeout(this.#wait), { once: true });
  }

  /** Where the point lies; `null` for none. */
  get place(): Corner | null {
    const cloud = this.#options.cloud();
    return this.#at === null || !cloud ? null : [cloud.x[this.#at]!, cloud.y[this.#at]!];
  }

  /** Points at what is near a pixel, and tells what it is when the hand rests; `null` for nothing. */
  hover(pixel: Corner | null): void {
    clearTimeout(this.#wait);
    this.point(pixel && this.nearest(pixel));
    this.#wait = setTimeout(() => void this.#describe(), HOVER_MS);
  }

  point(at: number | null): void {
    if (at !== this.#at) this.#options.tip.close();
    this.#at = at;
    this.#options.plane.mark();
  }

  /** Other points have come. */
  forget(): void {
    this.#at = null;
  }

  nearest(pixel: Corner, reach = REACH): number | null {
    const { plane, hidden } = this.#options;
    const cloud = this.#options.cloud();
    if (!cloud || !plane.view) return null;
    const { unitsX, unitsY } = plane.view;
    return nearestPoint(cloud, plane.placeAt(pixel), [reach * unitsX, reach * unitsY], hidden);
  }

  nearestToMiddle(): number | null {
    const { width, height } = this.#options.plane.size;
    for (let reach = REACH; reach < width; reach *= 2) {
      const found = this.nearest([width / 2, height / 2], reach);
      if (found !== null) return found;
    }
    return null;
  }

  /** Shows what is pointed at, unless the hand has gone on when the answer comes. */
  async #describe(): Promise<void> {
    const { plane, tip, signal, figure } = this.#options;
    const at = this.#at;
    const cloud = this.#options.cloud();
    if (at === null || !cloud || !tip.element.hidden) return;
    const tile = await figure(cloud.point[at]!).catch(() => null);
    if (!tile || this.#at !== at || this.#options.cloud() !== cloud || signal.aborted) return;
    tip.open(tile, plane.pixelAt(this.place!), plane.size);
  }
}
