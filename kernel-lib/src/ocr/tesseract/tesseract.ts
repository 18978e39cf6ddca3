import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { withDeadline } from "../../deadline.js";
import { ConfigurationError, errorText, ItemError } from "../../errors.js";
import type { TextLine } from "../../model.js";
import { pixelsOf } from "../pixels.js";
import type { PixelReader } from "../reader.js";
import { Refusal, TesseractProcess } from "./process.js";

export interface TesseractOptions {
  /** Pictures read at the same time, each in a process of its own of some 200 MiB. @default as many as there are processors */
  jobs?: number | undefined;
  /** Seconds that one picture may take. @default 120 */
  seconds?: number;
  /** Its program's bundle. @default the package's own */
  program?: string;
}

/** Which of the packaged data is used: integer models made of the best ones. */
const DATA = "4.0.0_best_int";

/** Pixels of the long side that is read. */
const LONG_SIDE = 2400;
/** How much a smaller picture is enlarged at most: letters of some 10 pixels are read badly. */
const ENLARGED = 3;

/**
 * Tesseract with its packaged English data: without a network, without a GPU, upright text and text turned by a quarter,
 * see docs/ocr.md. About a second a picture.
 */
export function tesseract(options: TesseractOptions = {}): PixelReader {
  const { jobs = availableParallelism(), seconds = 120, program } = options;
  if (!(Number.isInteger(jobs) && jobs >= 1))
    throw new ConfigurationError(`jobs is ${jobs}: give a whole number of at least 1.`);
  const idle: TesseractProcess[] = [];
  const all = new Set<TesseractProcess>();
  const start = () => {
    const started = new TesseractProcess(program);
    all.add(started);
    return started;
  };
  const end = (process: TesseractProcess) => {
    all.delete(process);
    process.end();
  };

  /** A process that failed over a picture is replaced for the next one. */
  async function inProcess(work: (process: TesseractProcess) => Promise<TextLine[]>): Promise<TextLine[]> {
    const process = idle.pop() ?? start();
    try {
      const lines = await work(process);
      idle.push(process);
      return lines;
    } catch (error) {
      if (error instanceof Refusal) idle.push(process);
      else end(process);
      throw error;
    }
  }

  return {
    id: `tesseract-eng@${DATA}`,
    version: 1,
    concurrency: jobs,
    runsOn: { unit: "processor", units: jobs },
    ready: () => Promise.resolve(void dataFolder()),
    async read(picture, { signal }) {
      const data = dataFolder();
      try {
        const { scale, ...grey } = await pixelsOf(picture, 1, LONG_SIDE, ENLARGED);
        const lines = await withDeadline(seconds, signal, (stop) =>
          inProcess((process) => process.read({ picture: grey, data }, stop)),
        );
        return lines.map((line) => ({ ...line, box: scaled(line.box, 1 / scale) }));
      } catch (error) {
        signal.throwIfAborted();
        throw unreadable(error, seconds);
      }
    },
    close() {
      for (const process of all) end(process);
      idle.length = 0;
      return Promise.resolve();
    },
  };
}

/** The folder of the packaged data. */
function dataFolder(): string {
  try {
    const found = createRequire(__filename).resolve("@tesseract.js-data/eng/package.json");
    const folder = join(dirname(found), DATA);
    if (existsSync(join(folder, "eng.traineddata.gz"))) return folder;
  } catch {
    // Told below.
  }
  throw new ConfigurationError(
    "Tesseract's English data is missing: install figloom again, or the package @tesseract.js-data/eng beside it.",
  );
}

const scaled = (box: TextLine["box"], by: number): TextLine["box"] =>
  box && [tenth(box[0] * by), tenth(box[1] * by), tenth(box[2] * by), tenth(box[3] * by)];

const tenth = (value: number): number => Math.round(value * 10) / 10;

function unreadable(error: unknown, seconds: number): ItemError {
  const slow = error instanceof Error && error.name === "TimeoutError";
  return new ItemError({
    reason: slow ? "picture-too-slow" : "picture-unreadable",
    message: slow
      ? `Its text was given up after ${seconds} s.`
      : `Its text cannot be read: ${errorText(error).replace(/\.$/, "")}.`,
    wayOut: "Look at the picture; leave it out where there is nothing to read.",
    cause: error,
  });
}
