import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import sharp from "sharp";
import { ItemError } from "../errors.js";
import { withDeadline } from "./deadline.js";
import { pixelsPerPoint, toPicture, type Picture, type Size } from "./picture.js";

/** Where a drawing lies on its page, in points (1/72 inch). */
export interface BoundingBox extends Size {
  left: number;
  bottom: number;
}

/** What is drawn of PostScript that names no bounding box: a US Letter page, Ghostscript's own default. */
const WHOLE_PAGE: BoundingBox = { left: 0, bottom: 0, width: 612, height: 792 };

const MEMORY_BYTES = 2 * 2 ** 30;
const FILE_BYTES = 256 * 2 ** 20;
const OUTPUT_BYTES = 64 * 2 ** 20;

/**
 * Draws EPS or PostScript with Ghostscript, a program of its own, with `longSide` pixels on its long side, or fewer
 * for a tiny drawing. The drawing comes and goes through pipes; the program may open no file but in an empty folder
 * that is removed afterwards, and is held to limits on memory and file sizes (where `prlimit` is installed), output
 * and time.
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
  const options = ghostscriptOptions(boundingBox(program.toString("latin1")) ?? WHOLE_PAGE, longSide);
  const folder = await mkdtemp(join(tmpdir(), "figloom-gs-"));
  try {
    const png = await withDeadline(seconds, signal, (deadline) =>
      runConfined([ghostscript, ...options], program, folder, deadline),
    );
    return await toPicture(sharp(png));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runConfined(
  command: readonly string[],
  input: Buffer,
  folder: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const prlimit = await findProgram("prlimit");
  const limits = [`--as=${MEMORY_BYTES}`, `--fsize=${FILE_BYTES}`, "--core=0"];
  const [file, ...rest] = prlimit ? [prlimit, ...limits, ...command] : command;
  const { stdout, stderr, failed } = await execa(file!, rest, {
    input,
    cwd: folder,
    // -dSAFER leaves the folder for temporary files open to the drawing, so that it gets one of its own. Nothing
    // else of this process's environment, keys among it, is for it to see.
    env: { PATH: process.env.PATH ?? "", TMPDIR: folder, TEMP: folder },
    extendEnv: false,
    encoding: "buffer",
    maxBuffer: OUTPUT_BYTES,
    cancelSignal: signal,
    killSignal: "SIGKILL",
    reject: false,
  });
  signal.throwIfAborted();
  if (failed || stdout.length === 0) {
    const said = Buffer.from(stderr).toString("latin1").trim().slice(0, 400);
    throw new Error(`Ghostscript failed${said === "" ? "" : `: ${said}`}`);
  }
  return stdout;
}

/** The drawing's bounding box after its structuring comments (Adobe DSC 3.0, EPSF 3.0), the exact one first. */
export function boundingBox(program: string): BoundingBox | undefined {
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
export function postScriptPart(bytes: Buffer): Buffer {
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

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const path = join(folder, name);
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return path;
  }
  return undefined;
}

const ghostscriptMissing = () =>
  new ItemError({
    reason: "ghostscript-missing",
    message:
      "it is PostScript, which only Ghostscript can draw, and there is no program `gs` on this machine",
    wayOut:
      "Install Ghostscript (Debian and Ubuntu: `apt install ghostscript`, macOS: `brew install ghostscript`).",
  });
