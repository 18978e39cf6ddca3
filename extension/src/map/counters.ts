import type { Cloud } from "./cloud.js";
import type { Counting, Look } from "./counts.js";
import { GpuCounter, GpuRaster } from "./gpu-raster.js";
import { Raster } from "./raster.js";
import type { Size, Viewport } from "./viewport.js";

/** Fewer points take the processor a frame or two: the way to a card and back is not worth it. Estimated, on no card. */
const MANY = 100_000;

let asked: Promise<GPUDevice | null> | undefined;

/** This page's graphics card; `null` where there is none, or only one that is imitated by the processor. */
export function graphicsCard(): Promise<GPUDevice | null> {
  return (asked ??= open().catch(() => null));
}

async function open(): Promise<GPUDevice | null> {
  if (!("gpu" in navigator)) return null;
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "low-power" });
  if (!adapter || adapter.info.isFallbackAdapter) return null;
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  });
  // Another may be there by then.
  void device.lost.then(() => (asked = undefined));
  return device;
}

/** What counts points for one canvas: the graphics card where there is one and they are many, else the processor. */
export class Counters {
  #gpu: GpuCounter | null = null;

  constructor(signal: AbortSignal, card: Promise<GPUDevice | null> = graphicsCard()) {
    const take = async () => {
      const device = await card;
      if (!device) return;
      const counter = await GpuCounter.on(device);
      this.#gpu = counter;
      if (signal.aborted) counter.close();
      else signal.addEventListener("abort", () => counter.close(), { once: true });
    };
    take().catch(() => undefined);
  }

  begin(cloud: Cloud, size: Size, view: Viewport, look: Look): Counting {
    const gpu = this.#gpu;
    return gpu && !gpu.broken && cloud.count >= MANY && gpu.fits(cloud, size)
      ? new GpuRaster(gpu, cloud, size, view, look)
      : new Raster(cloud, size, view, look);
  }
}
