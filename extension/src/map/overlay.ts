import { ticksOf, valueText } from "figloom/views";
import { el } from "../common/dom.js";
import type { Corner } from "./outline.js";
import { pixelAt, seen, type Size, type Viewport } from "./viewport.js";

/** What lies over the points. */
export interface Marks {
  view: Viewport;
  /** Whether the axes have ticks. */
  ticks: boolean;
  /** In the plane's coordinates, closed. */
  outline: readonly Corner[];
  /** Whether the outline is still being drawn. */
  drawing: boolean;
  /** The point that is pointed at. */
  point: readonly [number, number] | null;
  /** Shows where keys act. */
  crosshair: boolean;
}

/** A second canvas over the points: ticks, the outline of what is selected, what is pointed at. */
export class Overlay {
  readonly canvas = el("canvas", { class: "figloom-map-marks", "aria-hidden": true });
  readonly #context = this.canvas.getContext("2d");
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;

  resize(size: Size, ratio: number): void {
    this.#size = size;
    this.#ratio = ratio;
    this.canvas.width = Math.round(size.width * ratio);
    this.canvas.height = Math.round(size.height * ratio);
  }

  draw({ view, ticks, outline, drawing, point, crosshair }: Marks): void {
    const context = this.#context;
    if (!context) return;
    const { width, height } = this.#size;
    const style = getComputedStyle(this.canvas);
    const themed = (name: string) => style.getPropertyValue(name).trim() || style.color;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `11px ${style.fontFamily}`;
    if (ticks) this.#ticks(context, view, style.color, themed("--jp-layout-color1"));
    if (outline.length > 1)
      this.#outline(context, view, outline, { accent: themed("--jp-brand-color1"), dashed: drawing });
    context.strokeStyle = style.color;
    context.lineWidth = 1.5;
    if (crosshair) this.#crosshair(context);
    if (point) this.#ring(context, pixelAt(view, this.#size, point));
  }

  #outline(
    context: CanvasRenderingContext2D,
    view: Viewport,
    corners: Marks["outline"],
    { accent, dashed }: { accent: string; dashed: boolean },
  ): void {
    context.beginPath();
    corners.forEach((corner, i) => {
      const [x, y] = pixelAt(view, this.#size, corner);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.closePath();
    context.fillStyle = accent;
    context.globalAlpha = 0.1;
    context.fill("evenodd");
    context.globalAlpha = 1;
    context.strokeStyle = accent;
    context.lineWidth = 1.5;
    context.setLineDash(dashed ? [5, 4] : []);
    context.stroke();
    context.setLineDash([]);
  }

  #crosshair(context: CanvasRenderingContext2D): void {
    const { width, height } = this.#size;
    context.beginPath();
    for (const [x, y] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(width / 2 + 5 * x, height / 2 + 5 * y);
      context.lineTo(width / 2 + 13 * x, height / 2 + 13 * y);
    }
    context.stroke();
  }

  #ring(context: CanvasRenderingContext2D, [x, y]: readonly [number, number]): void {
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.stroke();
  }

  /** @param ground around the numbers, which points would make hard to read */
  #ticks(context: CanvasRenderingContext2D, view: Viewport, colour: string, ground: string): void {
    const { width, height } = this.#size;
    const { x, y } = seen(view, this.#size);
    context.fillStyle = colour;
    context.lineJoin = "round";
    const write = (value: number, left: number, base: number) => {
      context.strokeStyle = ground;
      context.lineWidth = 4;
      context.strokeText(valueText(value), left, base);
      context.fillText(valueText(value), left, base);
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
    };
    context.textAlign = "center";
    for (const value of ticksOf(x.low, x.high, Math.max(2, width / 110))) {
      const [at] = pixelAt(view, this.#size, [value, 0]);
      if (at < 40 || at > width - 24) continue;
      write(value, at, height - 8);
      line(context, at, height, at, height - 5);
    }
    context.textAlign = "left";
    for (const value of ticksOf(y.low, y.high, Math.max(2, height / 80))) {
      const [, at] = pixelAt(view, this.#size, [0, value]);
      if (at < 12 || at > height - 24) continue;
      write(value, 8, at + 4);
      line(context, 0, at, 5, at);
    }
  }
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.globalAlpha = 0.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
  context.globalAlpha = 1;
}
