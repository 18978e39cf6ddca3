import sharp from "sharp";
import type { TextLine } from "../model.js";
import { inReadingOrder } from "../text/reading-order.js";
import type { Picture, Size } from "./picture.js";

/** Where one panel goes. */
export interface Tile extends Size {
  left: number;
  top: number;
}

export interface Composition extends Size {
  /** In the order of the panels, row by row. */
  tiles: Tile[];
}

/** White between panels, as a share of the tallest row. */
const GAP = 0.03;

/**
 * Arranges panels in the author's rows: within a row all get the height of the tallest, rows are centred, and the
 * whole is scaled down to at most `longSide` pixels.
 */
export function arrange(rows: readonly (readonly Size[])[], longSide: number): Composition {
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)));
  const gap = GAP * Math.max(...heights);
  const widths = rows.map((row, r) => row.map(({ width, height }) => (width * heights[r]!) / height));
  const rowWidths = widths.map((row) => sum(row) + gap * (row.length - 1));
  const fullWidth = Math.max(...rowWidths);
  const fullHeight = sum(heights) + gap * (rows.length - 1);
  const scale = Math.min(1, longSide / Math.max(fullWidth, fullHeight));

  const width = Math.max(1, Math.round(fullWidth * scale));
  const height = Math.max(1, Math.round(fullHeight * scale));
  const tiles: Tile[] = [];
  let y = 0;
  rows.forEach((row, r) => {
    let x = (fullWidth - rowWidths[r]!) / 2;
    row.forEach((_, c) => {
      const left = Math.min(Math.round(x * scale), width - 1);
      const top = Math.min(Math.round(y * scale), height - 1);
      tiles.push({
        left,
        top,
        width: Math.max(1, Math.min(Math.round(widths[r]![c]! * scale), width - left)),
        height: Math.max(1, Math.min(Math.round(heights[r]! * scale), height - top)),
      });
      x += widths[r]![c]! + gap;
    });
    y += heights[r]! + gap;
  });
  return { width, height, tiles };
}

/** Puts panels together on white, see {@link arrange}. */
export async function compose(rows: readonly (readonly Picture[])[], longSide: number): Promise<Picture> {
  const { width, height, tiles } = arrange(rows, longSide);
  const layers = await Promise.all(
    rows.flat().map(async (panel, i) => {
      const { left, top, ...size } = tiles[i]!;
      const raw = { width: panel.width, height: panel.height, channels: 3 as const };
      const input = await sharp(panel.data, { raw })
        .resize({ ...size, fit: "fill" })
        .raw()
        .toBuffer();
      return { input, raw: { ...size, channels: 3 as const }, left, top };
    }),
  );
  const background = { width, height, channels: 3 as const, background: "#ffffff" };
  const data = await sharp({ create: background }).composite(layers).removeAlpha().raw().toBuffer();
  return { data, width, height, text: composedText(rows.flat(), tiles) };
}

/** The panels' text where they stand now; `null` where one's is not known. */
function composedText(panels: readonly Picture[], tiles: readonly Tile[]): TextLine[] | null {
  if (panels.some(({ text }) => !text)) return null;
  const lines = panels.flatMap((panel, i) => {
    const { left, top, ...size } = tiles[i]!;
    const [x, y] = [size.width / panel.width, size.height / panel.height];
    return panel.text!.map(({ box, ...line }) => ({
      ...line,
      box: box && ([left + box[0] * x, top + box[1] * y, left + box[2] * x, top + box[3] * y] as const),
    }));
  });
  return inReadingOrder(lines);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
