import { el } from "../common/dom.js";
import type { Cloud } from "./cloud.js";
import { Counters } from "./counters.js";
import type { Counting, Look } from "./counts.js";
import { pixelAt, type Size, type Viewport } from "./viewport.js";

/** What is to be drawn. */
export interface Scene {
  /** `null` until the points have come. */
  cloud: Cloud | null;
  /** Stands for the points until then. */
  stand: { picture: HTMLCanvasElement; left: number; right: number; bottom: number; top: number } | null;
  /** In CSS pixels. */
  view: Viewport;
  look: Omit<Look, "ratio">;
}

/** Milliseconds of a frame that counting points may take. */
const SLICE_MS = 8;
/** Device pixels of a canvas, at most: beyond, it is drawn coarser. */
const PIXELS_LIMIT = 4_000_000;

/** A picture, and the view that it was drawn for. */
interface Picture {
  canvas: HTMLCanvasElement;
  view: Viewport;
}

/**
 * Draws a scene into a canvas. While a new picture is being worked out, over several frames, the last one is moved and
 * scaled to where it belongs, so that the view follows the hand at once.
 */
export class Painter {
  readonly canvas = el("canvas", { class: "figloom-map-points", "aria-hidden": true });
  readonly #context = this.canvas.getContext("2d");
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #scene: Scene | null = null;
  readonly #counters: Counters;
  #raster: Counting | null = null;
  #last: Picture | null = null;
  #spare: HTMLCanvasElement | null = null;
  /** Whether the last picture, or the one being worked out, is not of the scene as it is now. */
  #stale = false;
  #frame = 0;

  constructor(
    signal: AbortSignal,
    /** Called when all points are on the canvas. */
    private readonly onDrawn: (points: number) => void = () => undefined,
  ) {
    this.#counters = new Counters(signal);
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame), { once: true });
  }

  /** CSS pixels. */
  get size(): Size {
    return this.#size;
  }

  resize(size: Size, ratio: number): void {
    this.#size = size;
    this.#ratio = Math.min(ratio, Math.sqrt(PIXELS_LIMIT / Math.max(1, size.width * size.height)));
    this.canvas.width = Math.round(size.width * this.#ratio);
    this.canvas.height = Math.round(size.height * this.#ratio);
    this.#again();
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    this.#again();
  }

  #again(): void {
    this.#stale = true;
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const scene = this.#scene;
    if (!scene || !this.#context || this.#size.width < 1 || this.#size.height < 1) return;
    if (scene.cloud) this.#work(scene, scene.cloud);
    const { width, height } = this.canvas;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, width, height);
    if (this.#last) this.#place(this.#last, scene.view);
    else if (scene.stand) this.#stand(scene.stand, scene.view);
    if (this.#raster || (this.#stale && scene.cloud))
      this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #work(scene: Scene, cloud: Cloud): void {
    if (!this.#raster && this.#stale) {
      this.#stale = false;
      const { width, height } = this.canvas;
      const { x, y, unitsX, unitsY } = scene.view;
      const view = { x, y, unitsX: unitsX / this.#ratio, unitsY: unitsY / this.#ratio };
      const look = { ...scene.look, ratio: this.#ratio };
      this.#raster = this.#counters.begin(cloud, { width, height }, view, look);
    }
    const raster = this.#raster;
    if (!raster?.advance(SLICE_MS)) return;
    this.#raster = null;
    const canvas = this.#spare ?? document.createElement("canvas");
    canvas.width = raster.size.width;
    canvas.height = raster.size.height;
    canvas
      .getContext("2d")!
      .putImageData(new ImageData(raster.pixels(), raster.size.width, raster.size.height), 0, 0);
    this.#spare = this.#last?.canvas ?? null;
    this.#last = { canvas, view: raster.view };
    if (!this.#stale) this.onDrawn(raster.drawn);
  }

  #place({ canvas, view }: Picture, now: Viewport): void {
    const [unitsX, unitsY] = [now.unitsX / this.#ratio, now.unitsY / this.#ratio];
    const [scaleX, scaleY] = [view.unitsX / unitsX, view.unitsY / unitsY];
    const left = this.canvas.width / 2 + (view.x - now.x) / unitsX - (canvas.width / 2) * scaleX;
    const top = this.canvas.height / 2 - (view.y - now.y) / unitsY - (canvas.height / 2) * scaleY;
    this.#context!.setTransform(scaleX, 0, 0, scaleY, left, top);
    this.#context!.drawImage(canvas, 0, 0);
  }

  #stand({ picture, left, right, bottom, top }: NonNullable<Scene["stand"]>, view: Viewport): void {
    const [x, y] = pixelAt(view, this.#size, [left, top]);
    const [xEnd, yEnd] = pixelAt(view, this.#size, [right, bottom]);
    this.#context!.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#context!.imageSmoothingEnabled = false;
    this.#context!.drawImage(picture, x, y, xEnd - x, yEnd - y);
    this.#context!.imageSmoothingEnabled = true;
  }
}
