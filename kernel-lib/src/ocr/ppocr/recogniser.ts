import { type InferenceSession, Tensor } from "onnxruntime-node";
import type { Crop } from "./crop.js";
import { decoded, type Recognised } from "./decode.js";

/** Where the graph does not say how high a line is. */
const HEIGHT = 48;
/** A line's width at least; it is in parts of this that a graph says what it sees. */
const NARROW = 32;
/** Pixels of all lines that are read at once: short lines go together, and the memory is at hand. */
const BATCH_PIXELS = 48 * 320 * 8;

/** Reads lines of text. */
export class Recogniser {
  private constructor(
    private readonly session: InferenceSession,
    private readonly characters: readonly string[],
    /** Pixels of a line. */
    readonly height: number,
  ) {}

  /**
   * @param characters without a blank; of the space between words PP-OCR's lists do not tell
   * @throws {Error} where they are others than the graph has
   */
  static async create(session: InferenceSession, characters: readonly string[]): Promise<Recogniser> {
    const [input] = session.inputMetadata;
    const told = input?.isTensor ? input.shape[2] : undefined;
    const height = typeof told === "number" && told > 0 ? told : HEIGHT;
    if (session.inputNames.length !== 1 || height > 4 * HEIGHT)
      throw new Error(`its recogniser does not read lines of ${height} pixels as its only input`);
    const blank = { width: height, height, data: new Float32Array(3 * height * height) };
    const { dims } = await run(session, [blank], height);
    const classes = dims[2];
    const known = [characters, [...characters, " "]].find(({ length }) => length + 1 === classes);
    if (!known)
      throw new Error(
        `its recogniser tells ${classes} characters apart, and its list has ${characters.length}: they do not belong together`,
      );
    return new Recogniser(session, known, height);
  }

  /** What stands on each line, in their order. */
  async read(crops: readonly Crop[]): Promise<Recognised[]> {
    const order = crops.map((_, i) => i).sort((a, b) => crops[a]!.width - crops[b]!.width);
    const read: Recognised[] = [];
    for (let from = 0, to; from < order.length; from = to) {
      // The widest is the last, and all are filled up to its width.
      for (to = from + 1; to < order.length; to++) {
        const width = Math.max(NARROW, crops[order[to]!]!.width);
        if ((to - from + 1) * width * this.height > BATCH_PIXELS) break;
      }
      const batch = order.slice(from, to);
      const { dims, data } = await run(
        this.session,
        batch.map((i) => crops[i]!),
        this.height,
      );
      const [, steps, classes] = dims as [number, number, number];
      for (const [row, i] of batch.entries())
        read[i] = decoded(data.subarray(row * steps * classes), steps, this.characters);
    }
    return read;
  }
}

/** Shorter lines are filled up with mean grey, level 0. */
async function run(
  session: InferenceSession,
  crops: readonly Crop[],
  height: number,
): Promise<{ dims: readonly number[]; data: Float32Array }> {
  const width = Math.max(NARROW, ...crops.map((crop) => crop.width));
  const pixels = new Float32Array(crops.length * 3 * height * width);
  for (const [i, crop] of crops.entries())
    for (let row = 0; row < 3 * height; row++)
      pixels.set(
        crop.data.subarray(row * crop.width, (row + 1) * crop.width),
        (i * 3 * height + row) * width,
      );
  const input = new Tensor("float32", pixels, [crops.length, 3, height, width]);
  const output = (await session.run({ [session.inputNames[0]!]: input }))[session.outputNames[0]!]!;
  const { dims, type, data } = output;
  if (type !== "float32" || dims.length !== 3 || dims[0] !== crops.length)
    throw new Error(`its recogniser gives ${type}[${dims.join(" × ")}] for ${crops.length} lines`);
  return { dims, data: data as Float32Array };
}
