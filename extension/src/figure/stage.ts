import type { FigureCard } from "figloom/views";
import { figureName, safeThumb } from "figloom/views";
import { el } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { __ } from "../common/words.js";
import { drawMissing } from "./picture.js";
import { fit, isFit, pan, zoomTo, type Size, type Zoom } from "./zoom.js";

/** Before anything is known about a picture's size. */
const UNKNOWN: Size = { width: 800, height: 600 };
/** From here on pixels are shown as squares. */
const SQUARES = 4;

export interface StageOptions {
  onZoom?: () => void;
  /** Another way to a figure's full image where its file cannot be reached: its URL. */
  picture?: ((figureId: string) => Promise<string | null>) | null;
}

/** A figure at full size that can be zoomed and moved: the thumbnail at once, the full image as soon as it is here. */
export class Stage {
  readonly element: HTMLElement;
  readonly #context: DrawContext;
  readonly #onZoom: () => void;
  readonly #picture: StageOptions["picture"];
  readonly #note = el("p", { class: "figloom-stage-note", role: "status", hidden: true });
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #image: HTMLImageElement | null = null;
  #size: Size = UNKNOWN;
  #zoom: Zoom = { scale: 1, x: 0, y: 0 };
  /** Whether the picture follows the frame's size. */
  #fitted = true;
  #drawn = 0;

  constructor(
    context: DrawContext,
    label: string,
    { onZoom = () => undefined, picture = null }: StageOptions = {},
  ) {
    this.#context = context;
    this.#onZoom = onZoom;
    this.#picture = picture;
    this.element = el("div", { class: "figloom-stage", tabindex: "0", role: "group", "aria-label": label });
    const { element } = this;
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("dblclick", (event) => this.toggle(this.#point(event)));
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"] as const)
      element.addEventListener(type, ({ pointerId }) => this.#pointers.delete(pointerId));
    const resized = new ResizeObserver(() => (this.#fitted ? this.fit() : this.panBy(0, 0)));
    resized.observe(element);
    context.signal.addEventListener("abort", () => resized.disconnect(), { once: true });
  }

  /** In per cent: 100 is a pixel for a pixel. */
  get percent(): number {
    return Math.round(this.#zoom.scale * 100);
  }

  get isFit(): boolean {
    return isFit(this.#zoom, this.#size, this.#frame);
  }

  draw(card: FigureCard): void {
    const drawing = ++this.#drawn;
    const { picture } = card;
    const thumb = safeThumb(picture);
    this.#image = null;
    this.#say("");
    if (thumb === null && picture.path === null) {
      this.element.replaceChildren(drawMissing(card));
      return this.#onZoom();
    }
    const image = (this.#image = el("img", {
      class: "figloom-full",
      alt: figureName(card),
      draggable: "false",
    }));
    const { width, height } = picture;
    this.#size = width && height ? { width, height } : UNKNOWN;
    if (thumb !== null) image.src = thumb;
    this.element.replaceChildren(image, this.#note);
    this.fit();
    void this.#load(card, image, () => drawing === this.#drawn && !this.#context.signal.aborted);
  }

  async #load(
    { figure_id, picture }: FigureCard,
    image: HTMLImageElement,
    current: () => boolean,
  ): Promise<void> {
    const { path } = picture;
    if (path === null && !this.#picture)
      return this.#say(__("This is the thumbnail: the full image cannot be reached from this notebook."));
    this.#say(__("Loading the full image…"));
    const full = new Image();
    try {
      const file = path === null ? null : await this.#context.fileUrl(path);
      const url = file ?? (await this.#picture?.(figure_id)) ?? null;
      if (!current()) return;
      if (url === null) throw new Error(__("there is no way to its file"));
      await new Promise((resolve, reject) => {
        full.addEventListener("load", resolve);
        full.addEventListener("error", () =>
          reject(new Error(path === null ? __("it is damaged") : __("is %1 still there?", path))),
        );
        full.src = url;
      });
      if (!current()) return;
      image.src = full.src;
      if (!(picture.width && picture.height) && full.naturalWidth > 0) {
        this.#size = { width: full.naturalWidth, height: full.naturalHeight };
        this.fit();
      }
      this.#say("");
    } catch (error) {
      if (current()) this.#say(__("The full image cannot be loaded: %1", (error as Error).message));
    }
  }

  /** Says that a figure is on its way. */
  wait(): void {
    this.#drawn++;
    this.#image = null;
    this.element.replaceChildren(this.#note);
    this.#say(__("Loading the figure…"));
  }

  /** Shows all of the picture. */
  fit(): void {
    this.#set(fit(this.#size, this.#frame));
    this.#fitted = true;
  }

  /** Changes between all of the picture and a pixel for a pixel. */
  toggle(point = this.#middle): void {
    if (this.isFit && this.percent !== 100) this.#set(zoomTo(this.#zoom, 1, point, this.#size, this.#frame));
    else this.fit();
  }

  /** A pixel for a pixel. */
  actual(): void {
    this.#set(zoomTo(this.#zoom, 1, this.#middle, this.#size, this.#frame));
  }

  zoomBy(factor: number, point = this.#middle): void {
    this.#set(zoomTo(this.#zoom, this.#zoom.scale * factor, point, this.#size, this.#frame));
  }

  panBy(x: number, y: number): void {
    this.#set(pan(this.#zoom, x, y, this.#size, this.#frame));
  }

  get #frame(): Size {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  get #middle(): { x: number; y: number } {
    const { width, height } = this.#frame;
    return { x: width / 2, y: height / 2 };
  }

  #set(zoom: Zoom): void {
    this.#zoom = zoom;
    this.#fitted = this.isFit;
    if (this.#image) {
      const { style } = this.#image;
      style.width = `${this.#size.width * zoom.scale}px`;
      style.height = `${this.#size.height * zoom.scale}px`;
      style.transform = `translate(${zoom.x}px, ${zoom.y}px)`;
      style.imageRendering = zoom.scale >= SQUARES ? "pixelated" : "";
    }
    this.element.classList.toggle("figloom-zoomed", !this.#fitted);
    this.#onZoom();
  }

  #say(text: string): void {
    this.#note.textContent = text;
    this.#note.hidden = text === "";
  }

  #point({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    // Browsers tell of a pinch on a touchpad as a wheel with Ctrl, in smaller steps.
    this.zoomBy(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.002)), this.#point(event));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#pointers.set(event.pointerId, this.#point(event));
    this.element.setPointerCapture?.(event.pointerId);
  }

  /** One pointer moves the picture, two zoom it. */
  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#point(event);
    this.#pointers.set(event.pointerId, now);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return this.panBy(now.x - before.x, now.y - before.y);
    const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    if (distance(before) > 0) this.zoomBy(distance(now) / distance(before), middle);
  }
}

const stages = new WeakMap<HTMLElement, Stage>();

/** A figure at full size in a node of its own; the next figure takes its place. */
export function drawStage(card: FigureCard, node: HTMLElement, context: DrawContext): void {
  let stage = stages.get(node);
  if (!stage) {
    stage = new Stage(context, __("Figure"));
    stages.set(node, stage);
    node.replaceChildren(stage.element);
  }
  stage.draw(card);
}
