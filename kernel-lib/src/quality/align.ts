import type { Size } from "../figures/picture.js";
import type { Plane } from "./planes.js";

/** Where a pixel of one picture lies in the other, along one axis: at `scale * x + shift`. */
export interface Fit {
  scale: number;
  shift: number;
}

/** A plane laid over another. */
export interface Laid {
  plane: Plane;
  /** 1 where the plane reaches; elsewhere it has the other's values. */
  known: Uint8Array;
}

interface Range {
  /** Scales tried on both sides, and their step. */
  scale: number;
  scaleStep: number;
  /** Shifts in pixels tried on both sides, and their step. */
  shift: number;
  shiftStep: number;
}

/** Share of a side that a picture may be shifted or scaled by: two crops of 2 % at each end, and what trimming adds. */
const REACH = 0.06;
const MIDDLE = { scale: 0.012, scaleStep: 0.003, shift: 4, shiftStep: 0.5 };
const FINE = { scale: 0.003, scaleStep: 0.0005, shift: 1, shiftStep: 0.125 };

/**
 * Lays `moved` over `fixed`: both of one size, one perhaps cropped a little. Each axis is fitted by itself, by the
 * sums of the columns and of the rows: frames, axes and lines of text make them sharp.
 */
export function lay(moved: Plane, fixed: Plane, size: Size): Laid {
  const across = fitAxis(profile(fixed, size, "columns"), profile(moved, size, "columns"));
  const down = fitAxis(profile(fixed, size, "rows"), profile(moved, size, "rows"));
  return warped(moved, fixed, size, across, down);
}

function profile(plane: Plane, { width, height }: Size, of: "columns" | "rows"): Float32Array {
  const sums = new Float32Array(of === "columns" ? width : height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) sums[of === "columns" ? x : y]! += plane[i]!;
  return sums;
}

/** How many of the coarse fits are followed up: sums alone may take one frame line for another. */
const FOLLOWED = 4;

/** From coarse to fine: first by the sums themselves, then by their edges. */
function fitAxis(fixed: Float32Array, moved: Float32Array): Fit {
  const [sharpFixed, sharpMoved] = [edges(fixed), edges(moved)];
  const same = { scale: 1, shift: 0 };
  const reach = { scale: 0, scaleStep: 1, shift: REACH * fixed.length, shiftStep: 1 };
  const coarse = offsets(REACH, 0.01)
    .map((wider) => ({ scale: 1 + wider, shift: (-wider * (fixed.length - 1)) / 2 }))
    .map((start) => search(fixed, moved, start, reach))
    .sort((a, b) => b.value - a.value)
    .slice(0, FOLLOWED);
  const followed = [same, ...coarse].map((start) => search(sharpFixed, sharpMoved, start, MIDDLE));
  const best = followed.reduce((a, b) => (b.value > a.value ? b : a));
  return search(sharpFixed, sharpMoved, best, FINE);
}

const edges = (sums: Float32Array): Float32Array =>
  sums.map((value, i) => value - ((sums[i - 2] ?? value) + (sums[i + 2] ?? value)) / 2);

/** What a fit must be better by than the one it starts from, in correlation: copies mostly lie as they are. */
const GAIN = 0.001;

function search(
  fixed: Float32Array,
  moved: Float32Array,
  around: Fit,
  range: Range,
): Fit & { value: number } {
  const start = correlation(fixed, moved, around);
  let best = { ...around, value: start + GAIN };
  const middle = (fixed.length - 1) / 2;
  for (const wider of offsets(range.scale, range.scaleStep))
    for (const further of offsets(range.shift, range.shiftStep)) {
      // Scaled about the middle.
      const fit = { scale: around.scale + wider, shift: around.shift - wider * middle + further };
      const value = correlation(fixed, moved, fit);
      if (value > best.value) best = { ...fit, value };
    }
  return best;
}

/** `-reach … 0 … reach`. */
function offsets(reach: number, step: number): number[] {
  const steps = Math.round(reach / step);
  return Array.from({ length: 2 * steps + 1 }, (_, i) => (i - steps) * step);
}

/** Pearson's correlation of `fixed` and the fitted `moved` where both are, -1..1. */
function correlation(fixed: Float32Array, moved: Float32Array, { scale, shift }: Fit): number {
  let [n, f, m, ff, mm, fm] = [0, 0, 0, 0, 0, 0];
  for (let x = 0; x < fixed.length; x++) {
    const at = scale * x + shift;
    const low = Math.floor(at);
    if (low < 0 || low + 1 >= moved.length) continue;
    const value = moved[low]! + (at - low) * (moved[low + 1]! - moved[low]!);
    const other = fixed[x]!;
    n++;
    f += other;
    m += value;
    ff += other * other;
    mm += value * value;
    fm += other * value;
  }
  const [spread, otherSpread] = [ff - (f * f) / n, mm - (m * m) / n];
  return spread > 0 && otherSpread > 0 ? (fm - (f * m) / n) / Math.sqrt(spread * otherSpread) : 0;
}

function warped(moved: Plane, fixed: Plane, { width, height }: Size, across: Fit, down: Fit): Laid {
  const plane = fixed.slice();
  const known = new Uint8Array(fixed.length);
  for (let y = 0, i = 0; y < height; y++) {
    const v = down.scale * y + down.shift;
    const top = Math.floor(v);
    const bottom = Math.min(height - 1, top + 1);
    for (let x = 0; x < width; x++, i++) {
      const u = across.scale * x + across.shift;
      if (u < 0 || v < 0 || u > width - 1 || v > height - 1) continue;
      const left = Math.floor(u);
      const right = Math.min(width - 1, left + 1);
      const upper = mix(moved[top * width + left]!, moved[top * width + right]!, u - left);
      const lower = mix(moved[bottom * width + left]!, moved[bottom * width + right]!, u - left);
      plane[i] = mix(upper, lower, v - top);
      known[i] = 1;
    }
  }
  return { plane, known };
}

const mix = (a: number, b: number, share: number): number => a + share * (b - a);
