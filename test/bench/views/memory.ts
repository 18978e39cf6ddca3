import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";

export interface PageMemory {
  /** What JavaScript holds, after a collection. */
  heap: number;
  /** The page's whole process, with its share of what it has in common with others: `Pss` of proc(5). */
  process: number;
  /** DOM nodes that live, in the document or not. */
  nodes: number;
}

/** MiB that a page takes, JupyterLab included. Linux only. */
export async function memoryOf(page: Page): Promise<PageMemory> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  return {
    heap: metric("JSHeapUsedSize") / 2 ** 20,
    process: await processOf(page),
    nodes: metric("Nodes"),
  };
}

/** MiB of the page's process once the system said that it is short of memory: without what the browser may drop, such as decoded pictures. */
export async function memoryWhenShort(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Memory.simulatePressureNotification", { level: "critical" });
  await session.detach();
  await sleep(2000);
  return processOf(page);
}

/** Of the renderers the largest: the others are spares. */
async function processOf(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return Math.max(...renderers.map(({ id }) => proportionalKibibytes(id))) / 1024;
}

function proportionalKibibytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]);
}
