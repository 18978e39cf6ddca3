/** What a layout reader says about the pages of a PDF. */
import type { Box } from "../page.js";

/** A picture or table on a page, or a panel of one. */
export interface LayoutRegion {
  kind: "figure" | "table";
  /** From 1. */
  page: number;
  /** `[x0, y0, x1, y1]` as shares of the page's width and height, 0..1, from its top left as it is shown. */
  box: Box;
  /** The same of the captions that the reader gives to it, as far as they stand on the same page. */
  captions: Box[];
}

/** The layout of one PDF as another program read it. */
export interface ForeignLayout {
  /** Name of the program, such as `mineru`. */
  reader: string;
  regions: LayoutRegion[];
}

/** Regions of a paper, and captions of a region, that are taken. */
export const MAX_REGIONS = 5000;
export const MAX_CAPTIONS = 20;

/**
 * The part of a box that lies on the page, as shares of the page; `undefined` where there is none, or where the box or
 * the page's size is not made of numbers.
 * @param edges left, top, right, bottom from the top left of a page of that size
 */
export function shareOfPage(
  edges: readonly unknown[],
  { width, height }: { width: unknown; height: unknown },
): Box | undefined {
  if (edges.length !== 4 || !edges.every(isNumber)) return;
  if (!isNumber(width) || !isNumber(height) || width <= 0 || height <= 0) return;
  const share = (edge: number, whole: number) => Math.min(1, Math.max(0, edge / whole));
  const [x0, y0, x1, y1] = edges as [number, number, number, number];
  const box: Box = [share(x0, width), share(y0, height), share(x1, width), share(y1, height)];
  return box[2] > box[0] && box[3] > box[1] ? box : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** A member of what may be a JSON object. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** The items of what may be a JSON array. */
export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
