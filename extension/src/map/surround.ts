import { rectangle, simplify, type Corner } from "./outline.js";
import type { Plane } from "./plane.js";
import { firstRegion, stepRegion, type Region, type RegionStep } from "./region.js";

export interface SurroundOptions {
  plane: Plane;
  /** The outline grows under the pointer. */
  onDraw(): void;
  /** The region is another one, or none. */
  onRegion(): void;
  /** These corners, in the plane, are to be chosen. */
  onChoose(corners: Corner[]): void;
}

/** What is drawn around on a map: an outline by the pointer, or a region that keys move until it is chosen. */
export class Surround {
  #outline: Corner[] = [];
  #drawing = false;
  #region: Region | null = null;

  constructor(private readonly options: SurroundOptions) {}

  /** In the plane, closed; none where nothing is drawn around. */
  get corners(): Corner[] {
    return this.#region ? rectangle(...this.#region) : this.#outline;
  }

  /** Whether it is still being drawn or moved. */
  get isOpen(): boolean {
    return this.#drawing || this.#region !== null;
  }

  get hasRegion(): boolean {
    return this.#region !== null;
  }

  /** Takes an outline that is chosen; with fewer than three corners there is none. */
  settle(corners: Corner[]): void {
    this.#outline = corners.length < 3 ? [] : corners;
    this.#drawing = false;
  }

  /** Takes what the pointer has drawn so far, in pixels; once it is done, that is to be chosen. */
  draw(pixels: Corner[], mode: "lasso" | "rectangle", done: boolean): void {
    const { plane, onDraw, onChoose } = this.options;
    // Thinned in pixels: the axes may have units of very different size.
    const thin = done ? simplify(pixels, 0.5) : pixels;
    const outline = mode === "lasso" ? thin : rectangle(pixels[0]!, pixels.at(-1)!);
    const corners = outline.map((at) => plane.placeAt(at));
    this.#drawing = !done;
    if (done) return onChoose(corners);
    this.#outline = corners;
    onDraw();
  }

  changeRegion(change: "begin" | "choose" | RegionStep): void {
    const { plane, onRegion, onChoose } = this.options;
    const { view, size } = plane;
    if (!view) return;
    if (change === "choose") {
      const { corners } = this;
      this.#region = null;
      return onChoose(corners);
    }
    this.#region = change === "begin" ? firstRegion(view, size) : stepRegion(this.#region!, change, view);
    onRegion();
  }

  /** Gives up the region. */
  dropRegion(): void {
    this.#region = null;
    this.options.onRegion();
  }
}
