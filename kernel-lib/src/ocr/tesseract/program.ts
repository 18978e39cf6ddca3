/** The process that holds Tesseract, see process.ts: reads one picture at a time. */
import { createWorker, PSM, type Worker as Tesseract } from "tesseract.js";
import { answerParent, inOneLine } from "../../processes/helper.js";
import type { Grey } from "../components.js";
import type { Reply, Request } from "./messages.js";
import { readPicture } from "./recognise.js";
import type { Row } from "./words.js";

/** Tesseract's memory grows with what is on a picture. */
const MOST_BYTES = 1536 * 2 ** 20;

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

answerParent<Request, Reply>(
  (request) => answer(request).catch((error: unknown): Reply => ({ error: inOneLine(error) })),
  { bytes: MOST_BYTES },
);
