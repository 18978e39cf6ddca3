import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { within } from "../disk/files.js";
import { errorText } from "../errors.js";
import type { Figure, Measurement } from "../model.js";
import { decodeSketch, trimmed, type Sketch } from "./sketch.js";
import { signature } from "./signature.js";

/** Bytes of a picture file that is read; what ingest writes stays far below. */
const FILE_LIMIT = 256 * 2 ** 20;

/** What looking at a picture file tells. */
export type PictureMeasures = Pick<
  Measurement,
  "image_bytes" | "image_problem" | "entropy" | "colours" | "content" | "signature"
>;

const NOTHING: PictureMeasures = {
  image_bytes: null,
  image_problem: null,
  entropy: null,
  colours: null,
  content: null,
  signature: null,
};

/** Looks at a figure's picture; one that cannot be used is no error, but what is measured. */
export async function measurePicture(
  folder: string,
  { image_path, sha256 }: Pick<Figure, "image_path" | "sha256">,
): Promise<PictureMeasures> {
  if (image_path === null) return NOTHING;
  const problem = (why: string, image_bytes: number | null = null) => ({
    ...NOTHING,
    image_bytes,
    image_problem: why,
  });
  let bytes: Buffer;
  try {
    const path = within(folder, image_path);
    if (path === null) return problem("its path leads out of the dataset");
    bytes = await readLimited(path);
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === "ENOENT";
    return problem(gone ? "the file is gone" : `the file cannot be read: ${errorText(error)}`);
  }
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    return problem("the file is not the one that was ingested", bytes.length);
  let picture: Sketch;
  try {
    picture = await decodeSketch(bytes);
  } catch (error) {
    return problem(`it cannot be decoded: ${errorText(error)}`, bytes.length);
  }
  const look = measureLook(picture);
  // A picture without content is like any other such.
  const signed = look.content > 0 ? await signature(trimmed(picture)) : null;
  return { image_bytes: bytes.length, image_problem: null, ...look, signature: signed };
}

export async function readLimited(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size > FILE_LIMIT) throw new Error(`it has ${size} bytes, more than ${FILE_LIMIT}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Levels of 255 from which on a pixel stands out from the ground. */
const OFF_GROUND = 32;

/** How much there is to see in a picture. */
function measureLook({ data }: Sketch): { entropy: number; colours: number; content: number } {
  const pixels = data.length / 3;
  const levels = new Uint32Array(256);
  // Colours by their four leading bits a channel.
  const colours = new Uint32Array(4096);
  for (let j = 0; j < data.length; j += 3) {
    const [red, green, blue] = [data[j]!, data[j + 1]!, data[j + 2]!];
    levels[Math.round(0.299 * red + 0.587 * green + 0.114 * blue)]!++;
    colours[((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4)]!++;
  }
  let entropy = 0;
  for (const n of levels) if (n > 0) entropy -= (n / pixels) * Math.log2(n / pixels);
  const ground = colours.indexOf(Math.max(...colours));
  const [red, green, blue] = [ground >> 8, (ground >> 4) & 15, ground & 15].map((bits) => bits * 16 + 8) as [
    number,
    number,
    number,
  ];
  let off = 0;
  for (let j = 0; j < data.length; j += 3)
    if (
      Math.abs(data[j]! - red) > OFF_GROUND ||
      Math.abs(data[j + 1]! - green) > OFF_GROUND ||
      Math.abs(data[j + 2]! - blue) > OFF_GROUND
    )
      off++;
  return { entropy, colours: colours.filter((n) => n > 0).length, content: off / pixels };
}
