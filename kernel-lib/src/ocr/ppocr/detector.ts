import { type InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import type { Pixels, Size } from "../../models/onnx/resample.js";
import { boxOf, quarterTurned, type Rectangle } from "./rectangle.js";
import { regionsOf } from "./regions.js";

/** Pixels of the long side that is looked at, and how much a smaller picture is enlarged at most. */
const LONG_SIDE = 1280;
const ENLARGED = 2;
/** Both sides are multiples of it: the graph halves them five times. */
const STEP = 32;
/** Regions that are read; a drawing of more is made of letters, or hostile. */
const MOST_REGIONS = 500;

/** Mean and deviation of ImageNet's colours, for blue, green and red in this order, as PP-OCR was trained. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Finds where text is. */
export class Detector {
  constructor(private readonly session: InferenceSession) {
    const { inputNames, outputNames } = session;
    if (inputNames.length !== 1 || outputNames.length !== 1)
      throw new Error(
        `its detector has ${inputNames.length} inputs and ${outputNames.length} outputs instead of one`,
      );
  }

  /** @throws {Error} where it gives something else than a map */
  async tryOut(): Promise<void> {
    await this.#map(new Float32Array(3 * 64 * 96), { width: 96, height: 64 });
  }

  /**
   * Rectangles around lines of text, in the picture's pixels, their directions within 45° of the x axis. Of lines that run
   * upwards or downwards a detector sees pieces: where there are any, it looks at the turned picture, too.
   */
  async regions(picture: Pixels): Promise<Rectangle[]> {
    const regions = await this.#seen(picture, false);
    const tall = regions.filter(isTall);
    if (tall.length === 0) return regions;
    const whole = (await this.#seen(picture, true)).filter(
      (region) => isTall(region) && tall.some((piece) => overlap(piece, region) > SAME),
    );
    const isKept = (region: Rectangle) =>
      !isTall(region) || whole.every((line) => overlap(region, line) <= SAME);
    return [...regions.filter(isKept), ...whole].slice(0, MOST_REGIONS);
  }

  async #seen(picture: Pixels, turned: boolean): Promise<Rectangle[]> {
    const scale = Math.min(ENLARGED, LONG_SIDE / Math.max(picture.width, picture.height));
    const stepped = (side: number) => Math.max(1, Math.round((side * scale) / STEP)) * STEP;
    const size = { width: stepped(picture.width), height: stepped(picture.height) };
    const shown = turned ? { width: size.height, height: size.width } : size;
    const map = await this.#map(await tensorOf(picture, size, turned), shown);
    const [x, y] = [picture.width / size.width, picture.height / size.height];
    return regionsOf({ ...shown, data: map }, MOST_REGIONS).map((region) =>
      scaled(turned ? turnedBack(region, shown) : region, x, y),
    );
  }

  async #map(pixels: Float32Array, { width, height }: Size): Promise<Float32Array> {
    const { inputNames, outputNames } = this.session;
    const input = new Tensor("float32", pixels, [1, 3, height, width]);
    const output = (await this.session.run({ [inputNames[0]!]: input }))[outputNames[0]!]!;
    if (output.type !== "float32" || output.dims.join() !== [1, 1, height, width].join())
      throw new Error(
        `its detector gives ${output.type}[${output.dims.join(" × ")}] and no map of ${width} × ${height} pixels`,
      );
    return output.data as Float32Array;
  }
}

/** Height, as a multiple of the width, from which a region may hold text that runs upwards or downwards. */
const TALL = 1.4;
/** Share of the smaller box from which two regions are of the same text. */
const SAME = 0.3;

export const isTall = ({ width, height }: Rectangle): boolean => height >= TALL * width;

function overlap(one: Rectangle, other: Rectangle): number {
  const [a, b] = [boxOf(one), boxOf(other)];
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const area = ([x0, y0, x1, y1]: readonly [number, number, number, number]) => (x1 - x0) * (y1 - y0);
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(area(a), area(b));
}

/** A region of the picture that was turned clockwise, of this size then, where it is in the picture. */
const turnedBack = (region: Rectangle, { width }: Size): Rectangle => ({
  // Its direction is upwards then, and a quarter further to the right.
  ...quarterTurned({ ...region, angle: region.angle + 270 }, 1),
  ...{ x: region.y, y: width - region.x },
});

/** @param turned clockwise, so that what ran upwards runs to the right */
async function tensorOf({ data, width, height }: Pixels, size: Size, turned: boolean): Promise<Float32Array> {
  const resized = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ ...size, fit: "fill" })
    .raw()
    .toBuffer();
  const plane = size.width * size.height;
  const tensor = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    const levels = Float32Array.from({ length: 256 }, (_, level) => (level / 255 - MEAN[c]!) / DEVIATION[c]!);
    for (let y = 0, from = 2 - c; y < size.height; y++) {
      let to = c * plane + (turned ? size.height - 1 - y : y * size.width);
      for (let x = 0; x < size.width; x++, from += 3, to += turned ? size.height : 1)
        tensor[to] = levels[resized[from]!]!;
    }
  }
  return tensor;
}

/** Sides are rounded to steps, so that the two scales differ a little: an upright rectangle is exact, a slanted one nearly. */
function scaled({ x, y, width, height, angle }: Rectangle, byX: number, byY: number): Rectangle {
  const turn = (angle * Math.PI) / 180;
  const along = Math.hypot(Math.cos(turn) * byX, Math.sin(turn) * byY);
  const across = Math.hypot(Math.sin(turn) * byX, Math.cos(turn) * byY);
  return { x: x * byX, y: y * byY, width: width * along, height: height * across, angle };
}
