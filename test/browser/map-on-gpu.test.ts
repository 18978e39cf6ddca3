import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { cloudOf as CloudOf } from "../../extension/src/map/cloud.js";
import type * as Choice from "../../extension/src/map/counters.js";
import type * as Gpu from "../../extension/src/map/gpu-raster.js";
import type { Raster as RasterClass } from "../../extension/src/map/raster.js";
import { ROOT } from "../support/bundle-programs.js";
import { launchChromium } from "./chromium.js";

/** What the page has of the map. */
interface MapParts {
  cloudOf: typeof CloudOf;
  Raster: typeof RasterClass;
  GpuCounter: typeof Gpu.GpuCounter;
  GpuRaster: typeof Gpu.GpuRaster;
  Counters: typeof Choice.Counters;
  graphicsCard: typeof Choice.graphicsCard;
}

let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const bundle = await build({
    stdin: {
      contents: `export * from "./cloud.ts"; export * from "./raster.ts"; export * from "./gpu-raster.ts"; export * from "./counters.ts";`,
      resolveDir: `${ROOT}/extension/src/map`,
    },
    ...{ bundle: true, write: false, format: "iife", globalName: "map", logLevel: "error" },
  });
  // WebGPU is for secure pages, such as this machine's own.
  server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // The processor plays the graphics card.
  browser = await launchChromium(["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]);
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** The same points counted by both, at several places, and once after the card has gone. */
const compared = () =>
  page.evaluate(async () => {
    const { cloudOf, Raster, GpuCounter, GpuRaster } = (globalThis as unknown as { map: MapParts }).map;
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const faults: string[] = [];
    device.addEventListener("uncapturederror", ({ error }) => faults.push(error.message));
    const count = 60_000;
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const xy = Float32Array.from({ length: 2 * count }, () => random() ** 2 * 10 - 3);
    const colour = Uint8Array.from({ length: count }, (_, i) => (i % 5 === 4 ? 255 : i % 5));
    const text = (array: ArrayBufferView) =>
      btoa(Array.from(new Uint8Array(array.buffer), (byte) => String.fromCharCode(byte)).join(""));
    const cloud = cloudOf({ count, xy: text(xy), colour: text(colour) });
    const look = {
      colours: [[255, 0, 0], [0, 128, 7], [10, 20, 250], [3, 2, 1]] as [number, number, number][], // prettier-ignore
      hidden: new Set([3]),
      selected: null as ((point: number) => boolean) | null,
      ratio: 1,
    };
    const size = { width: 300, height: 200 };
    const whole = { x: 2, y: 2, unitsX: 10 / 300, unitsY: 10 / 200 };
    const counter = await GpuCounter.on(device);
    const results: Record<string, { drawn: [number, number]; off: number; inked: number }> = {};
    const compare = async (name: string, view: typeof whole, how: Partial<typeof look> = {}) => {
      const right = new Raster(cloud, size, view, { ...look, ...how });
      while (!right.advance(100));
      const tried = new GpuRaster(counter, cloud, size, view, { ...look, ...how });
      while (!tried.advance(100)) await new Promise((resolve) => setTimeout(resolve, 5));
      const [expected, found] = [right.pixels(), tried.pixels()];
      let [off, inked] = [0, 0];
      for (let at = 0; at < expected.length; at += 4) {
        if (expected[at + 3]! > 0) inked++;
        if ([0, 1, 2, 3].some((i) => Math.abs(expected[at + i]! - found[at + i]!) > 1)) off++;
      }
      results[name] = { drawn: [right.drawn, tried.drawn], off, inked };
    };
    await compare("all", whole);
    await compare("selected", whole, { selected: (point) => point % 3 === 0 });
    await compare("near", { x: -2.99, y: -2.99, unitsX: 1e-4, unitsY: 1e-4 }, { ratio: 2 });
    const before = [...faults];
    device.destroy();
    await compare("card gone", whole);
    counter.close();
    return { results, faults: before, broken: counter.broken };
  });

test("a graphics card counts points as the processor does, which takes over when the card is gone", async () => {
  const { results, faults, broken } = await compared();
  expect(faults).toEqual([]);
  expect(broken).toBe(true);
  expect(Object.keys(results)).toEqual(["all", "selected", "near", "card gone"]);
  for (const [name, { drawn, off, inked }] of Object.entries(results)) {
    expect(inked, name).toBeGreaterThan(500);
    // Single precision puts a point in a thousand on the pixel beside.
    expect(Math.abs(drawn[0] - drawn[1]), name).toBeLessThanOrEqual(drawn[0] / 500);
    expect(off, name).toBeLessThanOrEqual(inked / 100);
  }
});

test("it counts where points are many, and a card that the processor plays is none", async () => {
  const chosen = await page.evaluate(async () => {
    const { cloudOf, Counters, GpuRaster, graphicsCard } = (globalThis as unknown as { map: MapParts }).map;
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const page = new AbortController();
    const counters = new Counters(page.signal, Promise.resolve(device));
    const zeros = (bytes: number) => btoa("\0".repeat(bytes));
    const size = { width: 30, height: 20 };
    const look = { colours: [], hidden: new Set<number>(), selected: null, ratio: 1 };
    const isOnCard = (count: number) => {
      const cloud = cloudOf({ count, xy: zeros(8 * count), colour: zeros(count) });
      return counters.begin(cloud, size, { x: 0, y: 0, unitsX: 1, unitsY: 1 }, look) instanceof GpuRaster;
    };
    while (!isOnCard(100_000)) await new Promise((resolve) => setTimeout(resolve, 5));
    const few = isOnCard(99_999);
    page.abort();
    return { few, played: await graphicsCard() };
  });
  expect(chosen).toEqual({ few: false, played: null });
});
