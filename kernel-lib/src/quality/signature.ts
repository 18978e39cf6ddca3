import { stretched, type Sketch } from "./sketch.js";
import { greyed, luma } from "./planes.js";

const SIDE = 32;
const KEPT = 12;
/** Frequencies whose bits come first: they change least between copies. */
const LOW = 8;

/** `COSINES[k][x]`: the DCT-II basis (unscaled), frequencies 0 to 11. */
const COSINES = Array.from({ length: KEPT }, (_, k) =>
  Array.from({ length: SIDE }, (_, x) => Math.cos(((2 * x + 1) * k * Math.PI) / (2 * SIDE))),
);

/** Frequencies (down, across) in the signature's order: the lowest 8 × 8 first, without the constant one. */
const ORDER = Array.from({ length: KEPT * KEPT }, (_, i) => [Math.floor(i / KEPT), i % KEPT] as const)
  .slice(1)
  .sort(([a, b], [c, d]) => Number(Math.max(a, b) >= LOW) - Number(Math.max(c, d) >= LOW));

/** Bits of a signature; the last is always 0. */
const SIGNATURE_BITS = KEPT * KEPT;

/**
 * 144 bits about the look of a picture without margins, 36 hex digits: the signs of the lowest 12 × 12 frequencies of its
 * cosine transform at 32 × 32 grey pixels. Finds candidates for `likeness`; by itself it tells no two plots of one kind
 * apart. Margins, which rescaled or cropped copies differ in, have no part in it, unlike in the figure's `phash`.
 *
 * After C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, section 3.2.1.
 */
export async function signature(picture: Sketch): Promise<string> {
  const grey = greyed(await stretched(picture, { width: SIDE, height: SIDE }), luma);
  const lines = COSINES.map((wave) =>
    Array.from({ length: SIDE }, (_, y) =>
      wave.reduce((sum, value, x) => sum + value * grey[y * SIDE + x]!, 0),
    ),
  );
  // Rounded, so that the last digits' noise decides no bits.
  const bits = ORDER.map(([down, across]) =>
    Math.round(COSINES[down]!.reduce((sum, value, y) => sum + value * lines[across]![y]!, 0)) > 0 ? "1" : "0",
  );
  return BigInt(`0b${bits.join("")}0`)
    .toString(16)
    .padStart(SIGNATURE_BITS / 4, "0");
}
