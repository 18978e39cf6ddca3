import type { Pixels } from "../../models/onnx/resample.js";
import type { Rectangle } from "./rectangle.js";

/** What a recogniser is shown of a line: three planes (blue, green, red) of levels from −1 to 1. */
export interface Crop {
  width: number;
  height: number;
  data: Float32Array;
}

/**
 * Cuts a rectangle out of a picture, turned so that its direction runs to the right, and scales it to a height. Where
 * it is reduced, several places are averaged for a pixel. What lies outside the picture is as its nearest pixel.
 * @param most pixels of the crop's width; a longer line is squeezed
 */
export function cropOf(picture: Pixels, rectangle: Rectangle, height: number, most: number): Crop {
  const scale = rectangle.height / height;
  const width = Math.max(1, Math.min(most, Math.round(rectangle.width / scale)));
  const [alongScale, acrossScale] = [rectangle.width / width, scale];
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(Math.max(alongScale, acrossScale))));
  const turn = (rectangle.angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const data = new Float32Array(3 * width * height);
  const plane = width * height;
  const sum = new Float64Array(3);
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++, at++) {
      sum.fill(0);
      for (let i = 0; i < samples; i++)
        for (let j = 0; j < samples; j++) {
          const along = (column + (j + 0.5) / samples) * alongScale - rectangle.width / 2;
          const across = (row + (i + 0.5) / samples) * acrossScale - rectangle.height / 2;
          // The centre of the first pixel is at half a pixel.
          add(
            picture,
            rectangle.x + along * cos - across * sin - 0.5,
            rectangle.y + along * sin + across * cos - 0.5,
            sum,
          );
        }
      const share = samples * samples * 127.5;
      for (let c = 0; c < 3; c++) data[c * plane + at] = sum[2 - c]! / share - 1;
    }
  return { width, height, data };
}

/** In each direction; letters of a poster are legible with fewer. */
const MOST_SAMPLES = 8;

/** Adds a picture's colour at a place between pixels (bilinear). */
function add({ data, width, height }: Pixels, x: number, y: number, sum: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const [x0, x1] = [within(left, width), within(left + 1, width)];
  const [y0, y1] = [within(top, height) * width, within(top + 1, height) * width];
  for (let c = 0; c < 3; c++) {
    const above = data[(y0 + x0) * 3 + c]! * (1 - right) + data[(y0 + x1) * 3 + c]! * right;
    const below = data[(y1 + x0) * 3 + c]! * (1 - right) + data[(y1 + x1) * 3 + c]! * right;
    sum[c]! += above * (1 - down) + below * down;
  }
}

const within = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
