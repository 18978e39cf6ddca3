import { el } from "../common/dom.js";
import { canDecode, decodeTogether, thoseInSight, type Decoded, type Size } from "./decode.js";

/** Device pixels by which a picture may differ from its place: where that lies between pixels, it is rounded one way or another. */
const SLACK = 2;

/**
 * Draws a thumbnail, as long as it has a place in the page.
 * @param url data URL of an image
 * @param size of the image or in its proportions, where it is known: its place is kept free
 */
export function drawThumbnail(url: string, name: string, size: Size | null = null): HTMLElement {
  const thumbnail = new Thumbnail();
  if (size) keepPlace(thumbnail.element, size);
  thumbnail.show(url, name);
  return thumbnail.element;
}

/** Whatever the canvas holds, nothing or a picture in rounded pixels. */
function keepPlace({ style }: HTMLElement, { width, height }: Size): void {
  style.aspectRatio = `auto ${width} / ${height}`;
}

/**
 * An element that shows thumbnails, one after the other, at the pixels that they take on the screen; `data-drawn` says that the
 * last one asked for is there, and a canvas without it may hold another. An `img` would be simpler, and is what stands there
 * where a browser cannot do this; but browsers keep each one that was shown decoded for long, half a megabyte each.
 */
export class Thumbnail {
  readonly #canvas = el("canvas", { class: "figloom-thumb", role: "img", width: 0, height: 0 });
  /** Stands there in place of the canvas. */
  #image: HTMLElement | null = null;
  #name = "";
  /** `null` for no picture. */
  #url: string | null = null;
  /** What is drawn, and its scale to the natural size; 0 where nothing is. */
  #drawn: { url: string | null; natural: Size; scale: number } = {
    url: null,
    natural: { width: 0, height: 0 },
    scale: 0,
  };
  /** In device pixels; `null` for none. */
  #place: Size | null = null;
  #busy = false;
  /** `null` until somebody has told. */
  #inSight: boolean | null = null;

  constructor() {
    if (!canDecode()) return;
    thumbnails.set(this.#canvas, this);
    this.followSize();
    observers().sight.observe(this.#canvas);
  }

  /** What stands in the page now. */
  get element(): HTMLElement {
    return this.#image ?? this.#canvas;
  }

  /**
   * Shows a picture as soon as it is decoded.
   * @param url data URL of an image
   * @param inSight whether the element will be, where that is known: the browser tells later
   */
  show(url: string, name: string, inSight: boolean | null = null): void {
    this.#inSight = inSight ?? this.#inSight;
    if (url !== this.#url) this.#forget();
    [this.#url, this.#name] = [url, name];
    this.#canvas.setAttribute("aria-label", name);
    if (canDecode()) this.#start();
    else this.#stand(drawImage(url, name));
  }

  /** Shows nothing; what is being decoded is not drawn any more. */
  hide(): void {
    this.#forget();
    this.#url = null;
  }

  #forget(): void {
    delete this.#canvas.dataset["drawn"];
    this.#stand(null);
  }

  #stand(image: HTMLElement | null): void {
    const before = this.element;
    this.#image = image;
    if (before !== this.element) before.replaceWith(this.element);
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

  /** One decoding after the other, until what is drawn is the picture and fits the place of then. */
  async #follow(): Promise<void> {
    this.#busy = true;
    try {
      while (!this.#fits()) {
        if (!this.#place) {
          this.#clear();
          continue;
        }
        if (!this.#inSight) await thoseInSight();
        if (this.#place && this.#url !== null) await this.#redraw(this.#url);
      }
    } finally {
      this.#busy = false;
    }
    if (this.#place && this.#url !== null) this.#canvas.dataset["drawn"] = "";
  }

  #fits(): boolean {
    const { url, natural, scale } = this.#drawn;
    if (!this.#place) return scale === 0;
    if (this.#url === null || this.#image) return true;
    if (this.#url !== url || scale === 0) return false;
    const off = Math.abs(scaleFor(natural, this.#place) - scale);
    return off * Math.max(natural.width, natural.height) <= SLACK;
  }

  async #redraw(url: string): Promise<void> {
    try {
      const picture = await decodeTogether(url, (natural) => scaleFor(natural, this.#place ?? natural));
      // Another may have been asked for meanwhile.
      if (this.#place && url === this.#url) this.#draw(url, picture);
      else picture.bitmap.close();
    } catch {
      // The browser says in its own way that a picture is damaged.
      if (url === this.#url) this.#stand(drawImage(url, this.#name));
    }
  }

  #draw(url: string, { bitmap, natural, scale }: Decoded): void {
    const canvas = this.#canvas;
    this.#drawn = { url, natural, scale };
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
    keepPlace(canvas, natural);
  }

  #clear(): void {
    this.#drawn.scale = 0;
    this.#canvas.width = this.#canvas.height = 0;
    delete this.#canvas.dataset["drawn"];
  }
}

function drawImage(url: string, name: string): HTMLElement {
  const image = el("img", { class: "figloom-thumb", alt: name, decoding: "async", draggable: "false" });
  image.addEventListener("load", () => (image.dataset["drawn"] = ""));
  image.src = url;
  return image;
}

/** To fit into a place, of which the height may be yet to come; never larger than it is. */
function scaleFor({ width, height }: Size, place: Size): number {
  return Math.min(1, place.width / width, (place.height || Infinity) / height);
}

const thumbnails = new WeakMap<Element, Thumbnail>();

/** Device pixels change with the zoom, too. Not every browser tells of that. */
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

/** In device pixels, nearly; `null` where an element has no place in the page. */
function placeOf({ contentRect: { width, height } }: ResizeObserverEntry): Size | null {
  if (width === 0) return null;
  return { width: width * devicePixelRatio, height: height * devicePixelRatio };
}
