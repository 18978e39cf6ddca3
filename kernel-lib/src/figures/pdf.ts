import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import sharp from "sharp";
import { withDeadline } from "./deadline.js";
import { pixelsPerPoint, toPicture, type Picture, type Size } from "./picture.js";

/** What the thread is asked for: the first page's size, then that page drawn. */
type Request = { size: Uint8Array } | { draw: Size };
type Reply = { size: Size } | { pixels: Uint8Array } | { error: string };

/**
 * Draws the first page of a PDF (its crop box, turned as the page says, on white) with `longSide` pixels on its long
 * side, or fewer for a tiny page. About 40 ms for a common figure.
 *
 * PDFium computes without a break, so it works in a thread of its own that can be stopped; there is one for each
 * process (or worker thread), started when first needed, and the documents of several callers take turns.
 * @throws for a file that is no PDF, is encrypted or broken; the reason of the signal when aborted, a `TimeoutError`
 *   after `seconds` (counted from its turn).
 */
export function drawPdf(
  bytes: Buffer,
  longSide: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Picture> {
  const drawing = queue.then(() =>
    withDeadline(seconds, signal, (deadline) => drawInThread(bytes, longSide, deadline)),
  );
  queue = drawing.catch(() => undefined);
  return drawing;
}

let queue: Promise<unknown> = Promise.resolve();
let thread: Worker | undefined;
let drawn = 0;

/** WebAssembly memory grows and never shrinks, so that the thread is replaced now and then. */
const DOCUMENTS_PER_THREAD = 200;

async function drawInThread(bytes: Buffer, longSide: number, signal: AbortSignal): Promise<Picture> {
  const worker = (thread ??= startThread());
  worker.ref();
  let sound = false;
  try {
    const { size: points } = (await ask(worker, { size: bytes }, signal)) as { size: Size };
    if (!(points.width > 0 && points.height > 0)) throw new Error("its first page has no size");
    const scale = pixelsPerPoint(points, longSide);
    const size = {
      width: Math.max(1, Math.round(points.width * scale)),
      height: Math.max(1, Math.round(points.height * scale)),
    };
    const { pixels } = (await ask(worker, { draw: size }, signal)) as { pixels: Uint8Array };
    sound = true;
    return await toPicture(sharp(pixels, { raw: { ...size, channels: 4 } }));
  } finally {
    worker.unref();
    if (!sound || ++drawn % DOCUMENTS_PER_THREAD === 0) {
      thread = undefined;
      await worker.terminate();
    }
  }
}

async function ask(worker: Worker, request: Request, signal: AbortSignal): Promise<Reply> {
  worker.postMessage(request);
  try {
    const [reply] = (await once(worker, "message", { signal })) as [Reply];
    if ("error" in reply) throw new Error(reply.error);
    return reply;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function startThread(): Worker {
  // The program goes along as text, so that it needs no file of its own once the package is bundled.
  const started = new Worker(`(${pdfiumThread})(require)`, {
    eval: true,
    workerData: createRequire(__filename).resolve("@hyzyla/pdfium"),
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  started.unref();
  return started;
}

/** The thread's program. It may use nothing from outside its braces. */
function pdfiumThread(require: NodeJS.Require): void {
  const { parentPort, workerData } = require("node:worker_threads") as typeof import("node:worker_threads");
  const { PDFiumLibrary } = require(workerData as string) as typeof import("@hyzyla/pdfium");
  const library = PDFiumLibrary.init();
  let document: import("@hyzyla/pdfium").PDFiumDocument | undefined;
  let page: import("@hyzyla/pdfium").PDFiumPage | undefined;

  const open = async (bytes: Uint8Array): Promise<Reply> => {
    document = await (await library).loadDocument(bytes);
    if (document.getPageCount() === 0) throw new Error("it has no pages");
    page = document.getPage(0);
    const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
    return { size: { width, height } };
  };
  const draw = async ({ width, height }: Size): Promise<Reply> => {
    const { data } = await page!.render({ width, height });
    document!.destroy();
    return { pixels: data };
  };

  parentPort!.on("message", (request: Request) => {
    const reply = "size" in request ? open(request.size) : draw(request.draw);
    reply.then(
      (answer) => parentPort!.postMessage(answer),
      (error) => parentPort!.postMessage({ error: String(error) }),
    );
  });
}
