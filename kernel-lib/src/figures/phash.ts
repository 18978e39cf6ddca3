import type { Sharp } from "sharp";

const SIDE = 32;
const KEPT = 8;

/** `COSINES[k][x]`: the DCT-II basis (unscaled), frequencies 1 to 8. */
const COSINES = Array.from({ length: KEPT }, (_, k) =>
  Array.from({ length: SIDE }, (_, x) => Math.cos(((2 * x + 1) * (k + 1) * Math.PI) / (2 * SIDE))),
);

/**
 * The 64-bit DCT hash of a picture, 16 hex digits: grey, shrunk to 32 × 32, and of its cosine transform the 8 × 8
 * lowest frequencies without the constant ones, each as whether it lies above their median.
 * Pictures that look alike differ in few bits; plots that differ only in their data may do so, too.
 *
 * After C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, section 3.2.1.
 */
export async function perceptualHash(picture: Sharp): Promise<string> {
  const grey = await picture
    .flatten({ background: "#ffffff" })
    .resize(SIDE, SIDE, { fit: "fill" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  const frequencies = COSINES.flatMap((vertical) =>
    COSINES.map((horizontal) => {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) sum += grey[y * SIDE + x]! * vertical[y]! * horizontal[x]!;
      }
      // Rounded, so that a flat picture's last-digit noise does not decide bits.
      return Math.round(sum);
    }),
  );
  const sorted = frequencies.toSorted((a, b) => a - b);
  const median = (sorted[31]! + sorted[32]!) / 2;
  const bits = frequencies.map((value) => (value > median ? "1" : "0")).join("");
  return BigInt(`0b${bits}`).toString(16).padStart(16, "0");
}
