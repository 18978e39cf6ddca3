import type { MapView } from "figloom/views";
import { bytesOf, shortsOf } from "figloom/views";
import { rgb } from "./colours.js";

type Density = NonNullable<MapView["density"]>;

/** The density that an output holds as a picture, a pixel a cell: RGBA, row by row from the top. */
export function densityPixels(
  { columns, rows, ...density }: Density,
  colourOf: (kind: number) => string,
): Uint8ClampedArray<ArrayBuffer> {
  const [counts, kinds] = [shortsOf(density.counts), bytesOf(density.classes)];
  const pixels = new Uint8ClampedArray(4 * columns * rows);
  const most = Math.log1p(counts.reduce((best, count) => Math.max(best, count), 1));
  for (let cell = 0; cell < columns * rows; cell++) {
    const count = counts[cell] ?? 0;
    if (count === 0) continue;
    const at = 4 * ((rows - 1 - Math.floor(cell / columns)) * columns + (cell % columns));
    pixels.set([...rgb(colourOf(kinds[cell] ?? 255)), 255 * (0.35 + 0.65 * (Math.log1p(count) / most))], at);
  }
  return pixels;
}

/** What stands for the points until they have come. */
export function densityStand(density: Density, colourOf: (kind: number) => string) {
  const picture = document.createElement("canvas");
  picture.width = density.columns;
  picture.height = density.rows;
  const pixels = densityPixels(density, colourOf);
  picture.getContext("2d")?.putImageData(new ImageData(pixels, density.columns, density.rows), 0, 0);
  return { picture, left: density.x[0], right: density.x[1], bottom: density.y[0], top: density.y[1] };
}
