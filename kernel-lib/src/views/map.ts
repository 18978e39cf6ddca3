/** A map: figures as points in two dimensions. Shared with the page: nothing here needs Node. */
import type { ColumnRef, LiveQuery } from "./query.js";

export const MAP_MIME = "application/vnd.figloom.map.v1+json";

export interface MapAxis {
  column: ColumnRef;
  label: string;
}

/** A colour of the legend. */
export interface MapClass {
  name: string;
  count: number;
}

/** How many points lie where, on a grid; row 0 is at the bottom. */
export interface MapDensity {
  columns: number;
  rows: number;
  /** What the grid covers. */
  x: [low: number, high: number];
  y: [low: number, high: number];
  /** Base64 of Uint16, little-endian, row by row: points of a cell, 65,535 at most. */
  counts: string;
  /** Base64 of Uint8: the commonest of the classes in a cell, 255 for none. */
  classes: string;
}

export interface MapView {
  title: string;
  /** How the layout was made, in one line; `null` where the axes are columns of the user's choice. */
  how: string | null;
  x: MapAxis;
  y: MapAxis;
  colour: { column: ColumnRef; label: string; scale: "category" | "number"; rest: number | null } | null;
  classes: MapClass[];
  /** Figures with a place. */
  placed: number;
  /** Figures of the query without one. */
  without: number;
  /** `null` where no figure has a place. */
  density: MapDensity | null;
  live: LiveQuery | null;
}

/** What stands for "none" among the classes of points and cells. */
export const NO_CLASS = 255;
/** Colours that can be told apart at all, with the one for "all others". */
export const MOST_CLASSES = 12;
/** Bins of a number's colours, at most. */
export const MOST_BINS = 6;

/**
 * Every one has a contrast of 3:1 or more on white and on JupyterLab's dark ground (WCAG 2.2, 1.4.11), which leaves a
 * narrow band of lightness: neighbours in the list differ in blue against yellow, which every common colour blindness keeps.
 */
const CATEGORIES = [
  "#3a86c8",
  "#cf6f12",
  "#8b5fc4",
  "#7c8a1c",
  "#d0459a",
  "#1f9482",
  "#b0633f",
  "#5676e0",
  "#a3822a",
  "#c9506b",
  "#4b9440",
];
/** From low to high: from blue over purple to amber. */
const SEQUENCE = ["#4a6fe0", "#7d66d6", "#ad55b5", "#cc4f84", "#d06040", "#b38219"];
const GREY = "#84898f";

/** Colour of a class as CSS has it; "all others" and "none" are grey. */
export function classColour(
  index: number,
  { scale, rest, count }: { scale: "category" | "number"; rest: number | null; count: number },
): string {
  if (index === NO_CLASS || index === rest || index < 0) return GREY;
  if (scale === "category") return CATEGORIES[index % CATEGORIES.length]!;
  const step = count < 2 ? 0 : (index * (SEQUENCE.length - 1)) / (count - 1);
  return SEQUENCE[Math.min(SEQUENCE.length - 1, Math.round(step))]!;
}

/** Bytes of a base64 text. @throws {Error} when it is none */
export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Little-endian, as it travels, whatever this machine has. */
export function floatsOf(base64: string): Float32Array {
  const bytes = bytesOf(base64);
  if (LITTLE_ENDIAN) return new Float32Array(bytes.buffer, 0, bytes.length >> 2);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
}

/** See {@link floatsOf}. */
export function shortsOf(base64: string): Uint16Array {
  const bytes = bytesOf(base64);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8));
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Even steps of 1, 2 or 5 times a power of ten inside a range, about `count` of them. */
export function ticksOf(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span) || count < 1) return [];
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

export const EMPTY_MAP =
  'No figure here has a place on this map. Widen the query, or choose columns that have values: await lab.map({ x: "figure.width", y: "figure.height" }).';

/** Whether the axes mean something of their own: those of a layout do not. */
export const axesMean = ({ how }: Pick<MapView, "how">): boolean => how === null;
