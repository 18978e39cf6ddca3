import sharp from "sharp";

/** Bits of a figure's number that its picture shows. */
const BITS = 24;
const COLUMNS = 6;

export interface PictureSize {
  width: number;
  height: number;
}

/**
 * A small PNG that no other number has: the number's bits as dark and light squares, on a ground of its own colour.
 * @param grain share of the pixels, 0..1, that are noise, for files that do not compress
 */
export async function numberPicture(number: number, size: PictureSize, grain = 0): Promise<Buffer> {
  const { width, height } = size;
  const data = Buffer.alloc(3 * width * height);
  const ground = [170 + (number % 71), 170 + (number % 73), 170 + (number % 79)];
  const rows = BITS / COLUMNS;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x * COLUMNS) / width);
      const bit = Math.floor((y * rows) / height) * COLUMNS + column;
      const inside = (x * COLUMNS) % width > width / 4 && (y * rows) % height > height / 4;
      const dark = inside && ((number >> bit) & 1) === 1;
      for (const colour of ground) data[at++] = dark ? 40 : colour;
    }
  if (grain > 0) addNoise(data.subarray(0, Math.floor(data.length * Math.min(1, grain))), number);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: grain > 0 ? 1 : 3 })
    .toBuffer();
}

/** Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003. */
function addNoise(bytes: Buffer, seed: number): void {
  let state = (seed + 1) * 2_654_435_761;
  for (let at = 0; at < bytes.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
}
