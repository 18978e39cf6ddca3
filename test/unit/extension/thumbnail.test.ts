// @vitest-environment jsdom
import "./setup.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type * as Thumbnails from "../../../extension/src/figure/thumbnail.js";

const URL = `data:image/webp;base64,${btoa("a picture")}`;
const OTHER_URL = `data:image/webp;base64,${btoa("another picture")}`;
/** Of every picture that the browser below decodes. */
const NATURAL = { width: 320, height: 160 };

/** A picture that is being decoded: the test says when it is. */
interface Decoding {
  /** How many bytes the picture has. */
  bytes: number;
  bitmap: { width: number; height: number; close(): void; closed: boolean };
  done(): Promise<void>;
  fail(): Promise<void>;
}

/** What a browser has and jsdom lacks. The test decodes, scrolls and lays out. */
class Browser {
  readonly decodings: Decoding[] = [];
  readonly sized = new Set<Element>();
  /** The decoding that each canvas shows, by its number. */
  readonly shown = new Map<Element, number>();
  readonly #seen = new Set<Element>();
  #sizes!: ResizeObserverCallback;
  #sight!: IntersectionObserverCallback;

  constructor() {
    const { sized } = this;
    const sizes = (callback: ResizeObserverCallback) => (this.#sizes = callback);
    const sight = (callback: IntersectionObserverCallback) => (this.#sight = callback);
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(callback: ResizeObserverCallback) {
          sizes(callback);
        }
        observe = (node: Element) => void sized.add(node);
        unobserve = (node: Element) => void sized.delete(node);
      },
    );
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        constructor(callback: IntersectionObserverCallback) {
          sight(callback);
        }
        observe(): void {}
      },
    );
    vi.stubGlobal("createImageBitmap", (source: Blob | object, size?: ImageBitmapOptions) =>
      size ? this.#resize(source, size) : this.#decode(source as Blob),
    );
    const { shown } = this;
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (
      this: HTMLCanvasElement,
    ) {
      return { transferFromImageBitmap: ({ of }: { of: number }) => void shown.set(this, of) } as never;
    } as never);
  }

  /** As browsers do: at first they tell whether it is in sight, too. */
  layOut(target: Element, width: number, height: number, inSight = true): void {
    if (!this.sized.has(target)) return;
    const entry = { target, contentRect: { width, height } };
    this.#sizes([entry] as unknown as ResizeObserverEntry[], null!);
    if (this.#seen.has(target)) return;
    this.#seen.add(target);
    this.scroll(target, inSight);
  }

  scroll(target: Element, isIntersecting: boolean): void {
    this.#sight([{ target, isIntersecting }] as IntersectionObserverEntry[], null!);
  }

  async #resize(source: object, { resizeWidth, resizeHeight }: ImageBitmapOptions): Promise<object> {
    const of = this.decodings.findIndex(({ bitmap }) => bitmap === source);
    return { width: resizeWidth, height: resizeHeight, of, close() {} };
  }

  #decode(blob: Blob): Promise<Decoding["bitmap"]> {
    const bitmap = { ...NATURAL, closed: false, close: () => void (bitmap.closed = true) };
    return new Promise((resolve, reject) => {
      this.decodings.push({
        bytes: blob.size,
        bitmap,
        done: () => settled(() => resolve(bitmap)),
        fail: () => settled(() => reject(new DOMException("not an image"))),
      });
    });
  }
}

async function settled(act: () => void): Promise<void> {
  act();
  await new Promise((resolve) => setTimeout(resolve));
}

const sizeOf = ({ width, height }: HTMLCanvasElement) => [width, height];
const isDrawn = (node: HTMLElement) => node.dataset["drawn"] !== undefined;

let browser: Browser;
let drawThumbnail: (typeof Thumbnails)["drawThumbnail"];
let Thumbnail: (typeof Thumbnails)["Thumbnail"];
let canvas: HTMLCanvasElement;

beforeEach(async () => {
  browser = new Browser();
  vi.resetModules();
  ({ drawThumbnail, Thumbnail } = await import("../../../extension/src/figure/thumbnail.js"));
  canvas = drawThumbnail(URL, "Figure 1") as HTMLCanvasElement;
  document.body.replaceChildren(canvas);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a thumbnail", () => {
  test("has the figure's name for those who do not see it", () => {
    expect(canvas.getAttribute("role")).toBe("img");
    expect(canvas.getAttribute("aria-label")).toBe("Figure 1");
  });

  test("is decoded when it has a place, and drawn at the pixels of that", async () => {
    expect(browser.decodings).toHaveLength(0);
    browser.layOut(canvas, 200, 200);
    expect(isDrawn(canvas)).toBe(false);
    await browser.decodings[0]!.done();
    expect(isDrawn(canvas)).toBe(true);
    expect(sizeOf(canvas)).toEqual([200, 100]);
    expect(browser.decodings[0]!.bitmap.closed).toBe(true);
  });

  test("has twice the pixels where the screen has", async () => {
    vi.stubGlobal("devicePixelRatio", 2);
    browser.layOut(canvas, 100, 100);
    await browser.decodings[0]!.done();
    expect(sizeOf(canvas)).toEqual([200, 100]);
  });

  test("is never larger than it is", async () => {
    browser.layOut(canvas, 800, 800);
    await browser.decodings[0]!.done();
    expect(sizeOf(canvas)).toEqual([320, 160]);
  });

  test("takes the width of a place whose height is the picture's", async () => {
    browser.layOut(canvas, 160, 0);
    await browser.decodings[0]!.done();
    expect(sizeOf(canvas)).toEqual([160, 80]);
  });

  test("is drawn anew for a place of another size, and stands there meanwhile", async () => {
    browser.layOut(canvas, 100, 100);
    await browser.decodings[0]!.done();
    browser.layOut(canvas, 101, 101);
    expect(browser.decodings).toHaveLength(1);
    browser.layOut(canvas, 200, 200);
    expect(isDrawn(canvas)).toBe(true);
    await browser.decodings[1]!.done();
    expect(sizeOf(canvas)).toEqual([200, 100]);
  });

  test("is decoded once at a time, however often its place changes", async () => {
    for (const width of [100, 150, 200, 250]) browser.layOut(canvas, width, width);
    expect(browser.decodings).toHaveLength(1);
    await browser.decodings[0]!.done();
    expect(browser.decodings).toHaveLength(1);
    expect(sizeOf(canvas)).toEqual([250, 125]);
  });

  test("lets its picture go when it is hidden, and has it again after", async () => {
    browser.layOut(canvas, 200, 200);
    await browser.decodings[0]!.done();
    browser.layOut(canvas, 0, 0);
    expect(sizeOf(canvas)).toEqual([0, 0]);
    expect(isDrawn(canvas)).toBe(false);
    browser.layOut(canvas, 200, 200);
    await browser.decodings[1]!.done();
    expect(sizeOf(canvas)).toEqual([200, 100]);
  });

  test("is not followed once it is taken out of the page, and again when it is back", async () => {
    browser.layOut(canvas, 200, 200);
    await browser.decodings[0]!.done();
    canvas.remove();
    browser.layOut(canvas, 0, 0);
    expect(sizeOf(canvas)).toEqual([0, 0]);
    expect(browser.sized.size).toBe(0);
    document.body.append(canvas);
    browser.scroll(canvas, true);
    browser.layOut(canvas, 200, 200);
    await browser.decodings[1]!.done();
    expect(sizeOf(canvas)).toEqual([200, 100]);
  });

  test("that went while it was decoded is not drawn, and its pixels are given back", async () => {
    browser.layOut(canvas, 200, 200);
    canvas.remove();
    browser.layOut(canvas, 0, 0);
    await browser.decodings[0]!.done();
    expect(isDrawn(canvas)).toBe(false);
    expect(sizeOf(canvas)).toEqual([0, 0]);
    expect(browser.decodings[0]!.bitmap.closed).toBe(true);
  });

  test("that is damaged is left to the browser, with its name", async () => {
    browser.layOut(canvas, 200, 200);
    await browser.decodings[0]!.fail();
    const image = document.querySelector("img")!;
    expect(image.alt).toBe("Figure 1");
    expect(document.querySelector("canvas")).toBeNull();
  });
});

describe("an element that shows one picture after the other", () => {
  const [FIRST, SECOND] = [URL, OTHER_URL];
  const length = (url: string) => atob(url.split(",")[1]!).length;
  let thumbnail: InstanceType<typeof Thumbnail>;

  beforeEach(async () => {
    thumbnail = new Thumbnail();
    canvas = thumbnail.element as HTMLCanvasElement;
    document.body.replaceChildren(canvas);
    browser.layOut(canvas, 200, 200);
    thumbnail.show(FIRST, "Figure 1", true);
  });

  test("decodes the next one at once, without asking the browser where it is", async () => {
    await browser.decodings[0]!.done();
    thumbnail.show(SECOND, "Figure 2", true);
    expect(browser.decodings.map(({ bytes }) => bytes)).toEqual([FIRST, SECOND].map(length));
    expect(isDrawn(canvas)).toBe(false);
    await browser.decodings[1]!.done();
    expect([isDrawn(canvas), browser.shown.get(canvas)]).toEqual([true, 1]);
    expect(canvas.getAttribute("aria-label")).toBe("Figure 2");
  });

  test("never shows a picture that was decoded too late", async () => {
    thumbnail.show(SECOND, "Figure 2", true);
    await browser.decodings[0]!.done();
    expect([isDrawn(canvas), browser.shown.get(canvas)]).toEqual([false, undefined]);
    await browser.decodings[1]!.done();
    expect([isDrawn(canvas), browser.shown.get(canvas)]).toEqual([true, 1]);
  });

  test("shows nothing that was decoded after it was hidden, and has it again when it is asked for", async () => {
    thumbnail.hide();
    await browser.decodings[0]!.done();
    expect([isDrawn(canvas), browser.shown.get(canvas)]).toEqual([false, undefined]);
    thumbnail.show(FIRST, "Figure 1", true);
    await browser.decodings[1]!.done();
    expect([isDrawn(canvas), browser.shown.get(canvas)]).toEqual([true, 1]);
  });

  test("does not decode the same one again", async () => {
    await browser.decodings[0]!.done();
    thumbnail.hide();
    expect(isDrawn(canvas)).toBe(false);
    thumbnail.show(FIRST, "Figure 1", true);
    await settled(() => undefined);
    expect([isDrawn(canvas), browser.decodings.length]).toEqual([true, 1]);
  });

  test("shows the one after a damaged one", async () => {
    await browser.decodings[0]!.fail();
    expect(document.body.firstElementChild!.tagName).toBe("IMG");
    thumbnail.show(SECOND, "Figure 2", true);
    expect(document.body.firstElementChild).toBe(canvas);
    await browser.decodings[1]!.done();
    expect(browser.shown.get(canvas)).toBe(1);
  });
});

test("thumbnails that are decoded at the same time are shown together", async () => {
  const other = drawThumbnail(URL, "Figure 2") as HTMLCanvasElement;
  document.body.append(other);
  browser.layOut(canvas, 200, 200);
  browser.layOut(other, 200, 200);
  // So that no patience ends before the test says so.
  vi.useFakeTimers();
  const [first, second] = browser.decodings;
  void first!.done();
  await Promise.resolve();
  expect(isDrawn(canvas)).toBe(false);
  void second!.done();
  await vi.advanceTimersByTimeAsync(0);
  expect([canvas, other].map(isDrawn)).toEqual([true, true]);
  vi.useRealTimers();
});

test("a thumbnail out of sight lets those in sight go first, and then has its turn", async () => {
  const other = drawThumbnail(URL, "Figure 2") as HTMLCanvasElement;
  document.body.append(other);
  browser.layOut(canvas, 200, 200, false);
  browser.layOut(other, 200, 200);
  await settled(() => undefined);
  expect(browser.decodings).toHaveLength(1);
  await browser.decodings[0]!.done();
  expect([canvas, other].map(isDrawn)).toEqual([false, true]);
  await vi.waitFor(() => expect(browser.decodings).toHaveLength(2));
  await browser.decodings[1]!.done();
  expect([canvas, other].map(isDrawn)).toEqual([true, true]);
});

test("a thumbnail out of sight, with none in sight, has its turn at once", async () => {
  browser.layOut(canvas, 200, 200, false);
  await vi.waitFor(() => expect(browser.decodings).toHaveLength(1));
  await browser.decodings[0]!.done();
  expect(isDrawn(canvas)).toBe(true);
});

test("a thumbnail waits no longer than a moment for another", async () => {
  const other = drawThumbnail(URL, "Figure 2") as HTMLCanvasElement;
  document.body.append(other);
  browser.layOut(canvas, 200, 200);
  browser.layOut(other, 200, 200);
  vi.useFakeTimers();
  void browser.decodings[0]!.done();
  await vi.advanceTimersByTimeAsync(1000);
  expect([canvas, other].map(isDrawn)).toEqual([true, false]);
  vi.useRealTimers();
});

test("a browser that cannot decode ahead has an image", () => {
  vi.stubGlobal("createImageBitmap", undefined);
  const image = drawThumbnail(URL, "Figure 1") as HTMLImageElement;
  expect([image.tagName, image.alt, image.src]).toEqual(["IMG", "Figure 1", URL]);
  image.dispatchEvent(new Event("load"));
  expect(isDrawn(image)).toBe(true);
});
