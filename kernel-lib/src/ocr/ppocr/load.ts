/** PP-OCR's models in the process that computes with them. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import sharp from "sharp";
import { pathsIn } from "../../models/folder.js";
import { filesOf, ppocrFiles } from "../../models/kinds.js";
import type { Loaded, LoadOrder } from "../../models/onnx/messages.js";
import { pixelsOf } from "../pixels.js";
import { charactersOf } from "./characters.js";
import { Detector } from "./detector.js";
import { readLines } from "./read-lines.js";
import { Recogniser } from "./recogniser.js";

/** protobuf's limit, of files without others beside them. */
const MOST_BYTES = 2 ** 31 - 1;
/** Pixels of the long side that is read; a larger picture is reduced. */
const LONG_SIDE = 4000;

/**
 * Loads a detector and a recogniser of PP-OCR, of any version, out of a folder, see docs/ocr.md.
 * @throws {Error} in words, where they are not what they should be
 */
export async function loadPpocr({ folder, device, threads }: LoadOrder<"ppocr">): Promise<Loaded<"ppocr">> {
  sharp.concurrency(1);
  sharp.cache(false);
  const parts = ppocrFiles(filesOf("ppocr", await pathsIn(folder)));
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads that wait by spinning take the processors from whoever else works on this machine.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  // As bytes: the recogniser's may hold the list of its characters.
  const graph = async (file: string) => {
    if ((await stat(join(folder, file))).size > MOST_BYTES) throw new Error(`its ${file} is too large`);
    return readFile(join(folder, file));
  };
  const [detection, recognition] = [await graph(parts.detector), await graph(parts.recogniser)];
  const detector = new Detector(await InferenceSession.create(detection, options));
  const characters = await charactersOf(folder, parts.characters, recognition);
  const recogniser = await Recogniser.create(await InferenceSession.create(recognition, options), characters);
  await detector.tryOut();
  return {
    about: { characters: characters.length },
    async answer({ picture }) {
      const decoded = await pixelsOf(picture, 3, LONG_SIDE).catch((error: unknown) => ({
        unreadable: (error as Error).message,
      }));
      if ("unreadable" in decoded) return decoded;
      return { lines: await readLines(decoded, detector, recogniser) };
    },
  };
}
