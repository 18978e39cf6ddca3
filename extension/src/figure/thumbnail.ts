import { el } from "../common/dom.js";

interface Size {
  width: number;
  height: number;
}

/** Device pixels by which a picture may differ from its place: where that lies between pixels, it is rounded one way or another. */
const SLACK = 2;
/** How long a decoded picture waits for those that are decoded at the same time. */
const PATIENCE_MS = 50;

/**
 * Draws a thumbnail at the pixels that it takes on the screen, as long as it has a place in the page; `data-drawn` says that
 * it is there. An `img` would be simpler, and is what stands there where a browser cannot do this; but browsers keep each
 * one that was shown decoded for long, half a megabyte each.
 * @param url data URL of an image
 * @param size of the image or in its proportions, where it is known: its place is kept free
 */
export function drawThumbnail(url: string, name: string, size: Size | null = null): HTMLElement {
  if (typeof createImageBitmap === "undefined") return drawImage(url, name);
  const canvas = el("canvas", {
    class: "figloom-thumb",
    role: "img",
    "aria-label": name,
    width: 0,
    height: 0,
  });
  if (size) keepPlace(canvas, size);
  new Thumbnail(canvas, url, name).watch();
  return canvas;
}

function drawImage(url: string, name: string): HTMLElement {
  const image = el("img", { class: "figloom-thumb", alt: name, decoding: "async", draggable: "false" });
  image.addEventListener("load", () => (image.dataset["drawn"] = ""));
  image.src = url;
  return image;
}

/** Whatever the canvas holds, nothing or a picture in rounded pixels. */
function keepPlace({ style }: HTMLElement, { width, height }: Size): void {
  style.aspectRatio = `auto ${width} / ${height}`;
}

class Thumbnail {
  readonly #canvas: HTMLCanvasElement;
  readonly #url: string;
  readonly #name: string;
  /** In device pixels; `null` for none. */
  #place: Size | null = null;
  #natural: Size | null = null;
  /** Of what is drawn, to the natural size; 0 where nothing is. */
  #scale = 0;
  #busy = false;
  /** `null` until the browser has told. */
  #inSight: boolean | null = null;

  constructor(canvas: HTMLCanvasElement, url: string, name: string) {
    this.#canvas = canvas;
    this.#url = url;
    this.#name = name;
  }

  watch(): void {
    thumbnails.set(this.#canvas, this);
    this.followSize();
    observers().sight.observe(this.#canvas);
  }

  followSize(): void {
    observers().sizes.observe(this.#canvas, { box: PIXELS });
  }

  setPlace(place: Size | null): void {
    this.#place = place;
    // Some browsers keep whatever is observed for its size.
    if (!this.#canvas.isConnected) observers().sizes.unobserve(this.#canvas);
    this.#start();
  }

  setSight(inSight: boolean): void {
    this.#inSight = inSight;
    // Of one that was taken out of the page and is back.
    if (inSight) this.followSize();
    this.#start();
  }

  #start(): void {
    if (!this.#busy && this.#inSight !== null) void this.#follow();
  }

  /** One decoding after the other, until what is drawn fits the place of then. */
  async #follow(): Promise<void> {
    this.#busy = true;
    try {
      while (!this.#fits()) {
        if (!this.#place) {
          this.#clear();
          continue;
        }
        if (!this.#inSight) await thoseInSight();
        if (this.#place) await this.#redraw();
      }
    } catch {
      // The browser says in its own way that a picture is damaged.
      this.#canvas.replaceWith(drawImage(this.#url, this.#name));
    } finally {
      this.#busy = false;
    }
  }

  #fits(): boolean {
    if (!this.#place) return this.#scale === 0;
    if (!this.#natural || this.#scale === 0) return false;
    const { width, height } = this.#natural;
    const off = Math.abs(scaleFor(this.#natural, this.#place) - this.#scale);
    return off * Math.max(width, height) <= SLACK;
  }

  async #redraw(): Promise<void> {
    const bitmap = await together(createImageBitmap(blobOf(this.#url)));
    try {
      if (this.#place) this.#draw(bitmap, this.#place);
    } finally {
      bitmap.close();
    }
  }

  #draw(bitmap: ImageBitmap, place: Size): void {
    const canvas = this.#canvas;
    const { width, height } = bitmap;
    this.#natural = { width, height };
    this.#scale = scaleFor(bitmap, place);
    canvas.width = Math.max(1, Math.round(width * this.#scale));
    canvas.height = Math.max(1, Math.round(height * this.#scale));
    const pen = canvas.getContext("2d")!;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    keepPlace(canvas, bitmap);
    canvas.dataset["drawn"] = "";
  }

  #clear(): void {
    this.#scale = 0;
    this.#canvas.width = this.#canvas.height = 0;
    delete this.#canvas.dataset["drawn"];
  }
}

/** To fit into a place, of which the height may be yet to come; never larger than it is. */
function scaleFor({ width, height }: Size, place: Size): number {
  return Math.min(1, place.width / width, (place.height || Infinity) / height);
}

const thumbnails = new WeakMap<Element, Thumbnail>();

/** Not every browser tells device pixels. */
const PIXELS =
  typeof ResizeObserverEntry !== "undefined" && "devicePixelContentBoxSize" in ResizeObserverEntry.prototype
    ? "device-pixel-content-box"
    : "content-box";

interface Observers {
  sizes: ResizeObserver;
  /** Tells of each at first, and whenever it comes into sight or goes. */
  sight: IntersectionObserver;
}

let made: Observers | undefined;

/** Shared by all thumbnails of the page. */
function observers(): Observers {
  return (made ??= {
    sizes: new ResizeObserver((entries) => {
      for (const entry of entries) thumbnails.get(entry.target)?.setPlace(placeOf(entry));
    }),
    sight: new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) thumbnails.get(target)?.setSight(isIntersecting);
    }),
  });
}

/** In device pixels; `null` where an element has no place in the page. */
function placeOf({ contentRect, devicePixelContentBoxSize: pixels }: ResizeObserverEntry): Size | null {
  if (contentRect.width === 0) return null;
  if (pixels?.[0]) return { width: pixels[0].inlineSize, height: pixels[0].blockSize };
  return { width: contentRect.width * devicePixelRatio, height: contentRect.height * devicePixelRatio };
}

let decoding = 0;
const waiting: (() => void)[] = [];
const outOfSight: (() => void)[] = [];
let patience: ReturnType<typeof setTimeout> | undefined;

/** Waits for a picture and those that are decoded meanwhile: each frame with new pictures takes long, however many they are. */
async function together<T>(picture: Promise<T>): Promise<T> {
  decoding++;
  try {
    return await picture;
  } finally {
    if (--decoding === 0) {
      goOn();
      for (const resolve of outOfSight.splice(0)) setTimeout(resolve);
    } else {
      patience ??= setTimeout(goOn, PATIENCE_MS);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
}

/** Pictures out of sight, such as a gallery's next rows, let those in sight of the same frame go first. */
async function thoseInSight(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (decoding > 0) await new Promise<void>((resolve) => outOfSight.push(resolve));
}

function goOn(): void {
  clearTimeout(patience);
  patience = undefined;
  for (const resolve of waiting.splice(0)) resolve();
}

function blobOf(url: string): Blob {
  const [, type, data] = /^data:([^;]+);base64,(.*)$/.exec(url)!;
  const text = atob(data!);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Blob([bytes], { type: type! });
}
