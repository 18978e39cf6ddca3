import type { Glyphs, PageContents } from "../pdfium/messages.js";

/** In parts of the font size: how long and thick a minus sign is, and how far before its digit it ends. */
const LENGTH = [0.45, 0.78] as const;
const THICKNESS = 0.16;
const GAP = [0, 0.3] as const;
/** White round the stroke that is part of the sign. */
const BEARING = 0.1;
/** Where on a digit's height it stands, from the top. */
const HEIGHT = [0.35, 0.8] as const;
/** Drawings of more strokes are not looked through. */
const MANY_STROKES = 5000;

const MINUS = 0x2212;

/** A box with the line's direction turned to the right: along it from `start` to `end`, across it downwards. */
interface Turned {
  start: number;
  end: number;
  top: number;
  bottom: number;
}

/**
 * Glyphs with the minus signs that the file draws as strokes right before a digit, as Matplotlib does with its Type 3 fonts:
 * without them `10⁻⁶` is read as `10 ⁶`. Upright text and text that runs upwards.
 */
export function withMinusSigns({ glyphs, paths }: Pick<PageContents, "glyphs" | "paths">): Glyphs {
  const before = new Map<number, Turned>();
  for (const angle of [0, 270] as const) {
    const strokes = strokesOf(paths, angle);
    if (strokes.length === 0 || strokes.length > MANY_STROKES) continue;
    for (let i = 0; i < glyphs.codes.length; i++) {
      if (glyphs.angles[i] !== angle || !isDigit(glyphs.codes[i]!)) continue;
      const digit = turned(glyphs.ink, i, angle);
      const sign = strokes.find((stroke) => isMinusOf(stroke, digit, glyphs.sizes[i]!));
      if (sign) before.set(i, sign);
    }
  }
  return before.size === 0 ? glyphs : inserted(glyphs, before);
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function strokesOf(paths: Float32Array, angle: 0 | 270): Turned[] {
  const strokes: Turned[] = [];
  for (let i = 0; i < paths.length / 4; i++) {
    const stroke = turned(paths, i, angle);
    if (stroke.end - stroke.start >= 3 * (stroke.bottom - stroke.top)) strokes.push(stroke);
  }
  return strokes;
}

function turned(boxes: Float32Array, i: number, angle: 0 | 270): Turned {
  const [x0, y0, x1, y1] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
  return angle === 0
    ? { start: x0, end: x1, top: y0, bottom: y1 }
    : { start: -y1, end: -y0, top: x0, bottom: x1 };
}

function isMinusOf(stroke: Turned, digit: Turned, size: number): boolean {
  const within = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;
  const middle = (stroke.top + stroke.bottom) / 2;
  return (
    within((stroke.end - stroke.start) / size, LENGTH) &&
    stroke.bottom - stroke.top <= THICKNESS * size &&
    within((digit.start - stroke.end) / size, GAP) &&
    within((middle - digit.top) / (digit.bottom - digit.top), HEIGHT)
  );
}

/** @param signs where the minus sign before a glyph stands */
function inserted(glyphs: Glyphs, signs: ReadonlyMap<number, Turned>): Glyphs {
  const count = glyphs.codes.length + signs.size;
  const all: Glyphs = {
    codes: new Uint32Array(count),
    ink: new Float32Array(4 * count),
    cells: new Float32Array(4 * count),
    origins: new Float32Array(2 * count),
    sizes: new Float32Array(count),
    angles: new Uint16Array(count),
    fonts: new Uint16Array(count),
    spaced: new Uint8Array(count),
    unseen: new Uint8Array(count),
    fontTable: glyphs.fontTable,
  };
  let to = 0;
  for (let from = 0; from < glyphs.codes.length; from++) {
    const sign = signs.get(from);
    if (sign) {
      copy(glyphs, from, all, to);
      place(all, to, sign, glyphs.angles[from]!);
      to++;
    }
    copy(glyphs, from, all, to);
    // The gap was the sign's.
    if (sign) all.spaced[to] = 0;
    to++;
  }
  return all;
}

function copy(source: Glyphs, from: number, target: Glyphs, to: number): void {
  for (const field of ["codes", "sizes", "angles", "fonts", "spaced", "unseen"] as const)
    target[field][to] = source[field][from]!;
  for (const field of ["ink", "cells"] as const)
    target[field].set(source[field].subarray(4 * from, 4 * from + 4), 4 * to);
  target.origins.set(source.origins.subarray(2 * from, 2 * from + 2), 2 * to);
}

/** Makes a digit's copy the sign before it, on the same base line. */
function place(glyphs: Glyphs, at: number, { start, end, top, bottom }: Turned, angle: number): void {
  const room = BEARING * glyphs.sizes[at]!;
  glyphs.codes[at] = MINUS;
  glyphs.spaced[at] = 0;
  const [, y0, , y1] = glyphs.cells.subarray(4 * at, 4 * at + 4);
  const [x0, , x1] = glyphs.cells.subarray(4 * at, 4 * at + 4);
  if (angle === 0) {
    glyphs.ink.set([start, top, end, bottom], 4 * at);
    glyphs.cells.set([start - room, y0!, end + room, y1!], 4 * at);
    glyphs.origins[2 * at] = start - room;
  } else {
    glyphs.ink.set([top, -end, bottom, -start], 4 * at);
    glyphs.cells.set([x0!, -end - room, x1!, -start + room], 4 * at);
    glyphs.origins[2 * at + 1] = -start + room;
  }
}
