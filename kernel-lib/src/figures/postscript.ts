import sharp from "sharp";
import { ItemError } from "../errors.js";
import { runConfined } from "./confined.js";
import { findProgram } from "./find-program.js";
import { pixelsPerPoint, toPicture, type Picture, type Size } from "./picture.js";

/** Where a drawing lies on its page, in points (1/72 inch). */
interface BoundingBox extends Size {
  left: number;
  bottom: number;
}

/** What is drawn of PostScript that names no bounding box: a US Letter page, Ghostscript's own default. */
const WHOLE_PAGE: BoundingBox = { left: 0, bottom: 0, width: 612, height: 792 };

/**
 * Draws EPS or PostScript with Ghostscript, a program of its own, with `longSide` pixels on its long side, or fewer
 * for a tiny drawing. `-dSAFER` and {@link runConfined} keep it from files, memory and time without end.
 * @throws {ItemError} `ghostscript-missing`; other errors for PostScript that fails; the signal's reason when
 *   aborted, a `TimeoutError` after `seconds`.
 */
export async function drawPostScript(
  bytes: Buffer,
  longSide: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Picture> {
  const ghostscript = await findProgram("gs");
  if (!ghostscript) throw ghostscriptMissing();
  const program = postScriptPart(bytes);
  const box = boundingBox(program.toString("latin1")) ?? WHOLE_PAGE;
  const command = [ghostscript, ...ghostscriptOptions(box, longSide)];
  return toPicture(sharp(await runConfined(command, program, seconds, signal)));
}

/** The drawing's bounding box after its structuring comments (Adobe DSC 3.0, EPSF 3.0), the exact one first. */
function boundingBox(program: string): BoundingBox | undefined {
  for (const key of ["HiResBoundingBox", "BoundingBox"]) {
    // A box that was not known at the start is given `(atend)`: then the last one counts, else the first.
    const found = [...program.matchAll(new RegExp(`^%%${key}:[ \\t]*(.*)$`, "gm"))].map(
      ([, value]) => value!,
    );
    const value = found[0]?.startsWith("(atend)") ? found.at(-1) : found[0];
    const corners = value?.trim().split(/\s+/).slice(0, 4).map(Number) ?? [];
    const [left, bottom, right, top] = corners;
    if (corners.length === 4 && corners.every(Number.isFinite) && right! > left! && top! > bottom!) {
      return { left: left!, bottom: bottom!, width: right! - left!, height: top! - bottom! };
    }
  }
  return undefined;
}

/** The PostScript in a DOS EPS file, which may hold a preview beside it (EPSF 3.0, section 5.2); else the bytes. */
function postScriptPart(bytes: Buffer): Buffer {
  const isDosEps = bytes.length >= 12 && bytes.readUInt32BE(0) === 0xc5d0d3c6;
  if (!isDosEps) return bytes;
  const start = bytes.readUInt32LE(4);
  return bytes.subarray(start, start + bytes.readUInt32LE(8));
}

function ghostscriptOptions(box: BoundingBox, longSide: number): string[] {
  const scale = pixelsPerPoint(box, longSide);
  const pixels = (points: number) => Math.max(1, Math.round(points * scale));
  return [
    "-dSAFER",
    "-dBATCH",
    "-dNOPAUSE",
    "-q",
    // What the drawing prints must not end up among the image's bytes.
    "-sstdout=%stderr",
    "-sDEVICE=png16m",
    "-dTextAlphaBits=4",
    "-dGraphicsAlphaBits=4",
    // The page keeps the size given here, whatever the drawing asks for.
    "-dFIXEDMEDIA",
    `-r${72 * scale}`,
    `-g${pixels(box.width)}x${pixels(box.height)}`,
    "-sOutputFile=%stdout",
    "-c",
    `${-box.left} ${-box.bottom} translate`,
    "-_",
  ];
}

const ghostscriptMissing = () =>
  new ItemError({
    reason: "ghostscript-missing",
    message:
      "it is PostScript, which only Ghostscript can draw, and there is no program `gs` on this machine",
    wayOut:
      "Install Ghostscript (Debian and Ubuntu: `apt install ghostscript`, macOS: `brew install ghostscript`).",
  });
