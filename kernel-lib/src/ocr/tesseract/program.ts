/** The process that holds Tesseract, see process.ts: reads one picture at a time. */
import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { createWorker, PSM, type Worker as Tesseract } from "tesseract.js";
import { errorText } from "../../errors.js";
import type { Grey } from "../components.js";
import type { Reply, Request } from "./messages.js";
import { readPicture } from "./recognise.js";
import type { Row } from "./words.js";

let tesseract: Promise<Tesseract> | undefined;

async function start(data: string): Promise<Tesseract> {
  // The data lies on this disk: nothing is fetched, and nothing written.
  const worker = await createWorker("eng", undefined, { langPath: data, cacheMethod: "none", gzip: true });
  await worker.setParameters({ tessedit_pageseg_mode: PSM.SPARSE_TEXT });
  return worker;
}

async function recognise(worker: Tesseract, picture: Grey): Promise<Row[]> {
  const { data } = await worker.recognize(pgm(picture), {}, { text: false, blocks: true });
  const lines = data.blocks?.flatMap(({ paragraphs }) => paragraphs.flatMap((paragraph) => paragraph.lines));
  return (lines ?? []).map(({ words }) =>
    words.map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
      text,
      confidence: confidence / 100,
      box: [x0, y0, x1, y1] as const,
    })),
  );
}

/** A picture of grey levels as a file (Netpbm P5). */
const pgm = ({ width, height, data }: Grey): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, "latin1"), data]);

async function answer({ picture, data }: Request): Promise<Reply> {
  const worker = await (tesseract ??= start(data));
  return { lines: await readPicture(picture, (sheet) => recognise(worker, sheet)) };
}

process.on("message", (request: Request) => {
  answer(request)
    .catch((error: unknown): Reply => ({ error: errorText(error).replace(/\s+/g, " ").slice(0, 400) }))
    .then((reply) => process.send!(reply))
    .catch(() => process.exit(1));
});

// Tesseract's memory is no JavaScript heap, and only a thread of its own sees in time how much it takes, and that the
// parent is gone.
const watch = `
  const { parent, bytes } = require("node:worker_threads").workerData;
  setInterval(() => {
    if (process.ppid !== parent || process.memoryUsage.rss() > bytes) process.kill(process.pid, "SIGKILL");
  }, 500);`;
new Worker(watch, {
  eval: true,
  workerData: { parent: process.ppid, bytes: 1536 * 2 ** 20 },
  resourceLimits: { maxOldGenerationSizeMb: 16 },
}).unref();
process.on("disconnect", () => process.exit());

try {
  // Where memory runs out, Linux ends this process before any other.
  writeFileSync("/proc/self/oom_score_adj", "1000");
} catch {
  // Another system, or one that does not allow it.
}
