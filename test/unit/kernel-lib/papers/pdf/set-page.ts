import type { Line, Page, Run } from "../../../../../kernel-lib/src/papers/pdf/page.js";

export interface Look {
  size?: number;
  font?: string;
  bold?: boolean;
  italic?: boolean;
  /** Width of the whole line in points; else half the size for each character. */
  width?: number;
  angle?: Line["angle"];
}

/** A run whose letters stand on `base`, raised or lowered by `shift` points. */
export function run(text: string, x: number, base: number, look: Look & { shift?: number } = {}): Run {
  const { size = 10, font = "Serif", bold = false, italic = false, shift = 0 } = look;
  const width = look.width ?? 0.5 * size * text.length;
  const tail = /[gjpqy,;()]/.test(text) ? 0.21 * size : 0;
  const bottom = base + shift;
  return { text, box: [x, bottom - 0.7 * size, x + width, bottom + tail], font, size, bold, italic };
}

export function lineOf(runs: Run[], angle: Line["angle"] = 0): Line {
  const boxes = runs.map(({ box }) => box);
  return {
    text: runs.map(({ text }) => text).join(""),
    box: [
      Math.min(...boxes.map((box) => box[0])),
      Math.min(...boxes.map((box) => box[1])),
      Math.max(...boxes.map((box) => box[2])),
      Math.max(...boxes.map((box) => box[3])),
    ],
    angle,
    runs,
  };
}

export const line = (text: string, x: number, base: number, look: Look = {}): Line =>
  lineOf([run(text, x, base, look)], look.angle);

/** Lines of one width below each other, the last one as long as its text. */
export function column(
  texts: readonly string[],
  x: number,
  top: number,
  width: number,
  look: Look = {},
): Line[] {
  const step = 1.2 * (look.size ?? 10);
  return texts.map((text, i) => {
    const indent = /^ */.exec(text)![0].length * 5;
    const natural = 0.5 * (look.size ?? 10) * text.trim().length;
    const last = i === texts.length - 1 || /[.:]$/.test(text);
    return line(text.trim(), x + indent, top + i * step, {
      ...look,
      width: last ? Math.min(natural, width - indent) : width - indent,
    });
  });
}

export const page = (lines: Line[], number = 1): Page => ({
  number,
  width: 612,
  height: 792,
  lines,
  images: [],
  paths: [],
});
