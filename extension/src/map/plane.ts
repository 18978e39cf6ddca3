import { Overlay, type Marks } from "./overlay.js";
import type { Corner } from "./outline.js";
import { Painter, type Scene } from "./painter.js";
import { fit, pan, pixelAt, placeAt, refit, zoom, type Size, type Viewport } from "./viewport.js";

export interface PlaneOptions {
  /** What is seen when all of it is. */
  box: Parameters<typeof fit>[0];
  /** Whether both axes have the same unit. */
  square: boolean;
  signal: AbortSignal;
  /** What is drawn now. */
  scene(): Omit<Scene, "view">;
  marks(): Omit<Marks, "view">;
  /** Another part of it is seen. */
  onLook(): void;
  /** So many points are on the canvas. */
  onDrawn(points: number): void;
}

/** The plane that points lie in, and the part of it that is seen: points below, marks over them. */
export class Plane {
  readonly layers: readonly HTMLElement[];
  readonly #options: PlaneOptions;
  readonly #painter: Painter;
  readonly #overlay = new Overlay();
  #view: Viewport | null = null;
  #whole: Viewport | null = null;

  constructor(options: PlaneOptions) {
    this.#options = options;
    this.#painter = new Painter(options.signal, options.onDrawn);
    this.layers = [this.#painter.canvas, this.#overlay.canvas];
  }

  /** `null` until it has a size. */
  get view(): Viewport | null {
    return this.#view;
  }

  get size(): Size {
    return this.#painter.size;
  }

  /** @param size of the node that it stands in, in CSS pixels */
  resize(size: Size): void {
    if (size.width < 1 || size.height < 1) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const whole = fit(this.#options.box, size, this.#options.square);
    this.#view = this.#view && this.#whole ? refit(this.#view, this.#whole, whole) : whole;
    this.#whole = whole;
    this.#painter.resize(size, ratio);
    this.#overlay.resize(size, ratio);
    this.draw();
  }

  /** By pixels. */
  pan(right: number, down: number): void {
    if (this.#view) this.#look(pan(this.#view, right, down));
  }

  /** @param at the pixel that stays where it is; `null` for the middle */
  zoom(factor: number, at: Corner | null): void {
    if (!this.#view) return;
    const place = at ? this.placeAt(at) : ([this.#view.x, this.#view.y] as const);
    this.#look(zoom(this.#view, factor, place, this.#whole!));
  }

  fit(): void {
    if (this.#whole) this.#look(this.#whole);
  }

  placeAt(pixel: Corner): Corner {
    const [x, y] = placeAt(this.#view!, this.size, pixel);
    return [x, y];
  }

  pixelAt(place: Corner): Corner {
    const [x, y] = pixelAt(this.#view!, this.size, place);
    return [x, y];
  }

  draw(): void {
    if (!this.#view) return;
    this.#painter.draw({ ...this.#options.scene(), view: this.#view });
    this.mark();
  }

  /** Draws the marks anew. */
  mark(): void {
    if (this.#view) this.#overlay.draw({ ...this.#options.marks(), view: this.#view });
  }

  #look(view: Viewport): void {
    this.#view = view;
    this.#options.onLook();
    this.draw();
  }
}
