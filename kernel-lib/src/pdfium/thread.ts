import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Message, Reply, Request } from "./messages.js";
import { pdfiumProgram } from "./program.js";

/**
 * PDFium computes without a break, so it works in a thread of its own that can be stopped; there is one for each
 * process (or worker thread), started when first needed, and those who need it take turns.
 */
export interface Turn {
  /**
   * @throws with the words of PDFium for what it cannot do; the reason of `signal` when that is aborted, after which the
   *   turn is of no more use.
   */
  ask<T extends Reply>(request: Request, signal: AbortSignal): Promise<T>;
}

let queue: Promise<unknown> = Promise.resolve();
let thread: Worker | undefined;

/**
 * Bytes of WebAssembly memory, which grows and never shrinks: a thread that has more of it after its turn is replaced,
 * so that one huge page does not cost its memory for good. A new thread takes about 0.1 s.
 */
const MEMORY_KEPT = 96 * 2 ** 20;

/** Does work with the thread when its turn has come. What the thread held is gone for the next one. */
export function takeTurn<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
  const done = queue.then(() => inThread(work));
  queue = done.catch(() => undefined);
  return done;
}

async function inThread<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
  const worker = (thread ??= startThread());
  worker.ref();
  let [sound, taken] = [true, 0];
  const ask = async <R extends Reply>(request: Request, signal: AbortSignal): Promise<R> => {
    try {
      const { reply, memory } = await answerOf(worker, request, signal);
      taken = memory;
      return reply as R;
    } catch (error) {
      sound &&= error instanceof Refusal;
      throw error;
    }
  };
  try {
    return await work({ ask });
  } finally {
    worker.unref();
    if (!sound || taken > MEMORY_KEPT) {
      thread = undefined;
      await worker.terminate();
    }
  }
}

/**
 * What PDFium could not do. The thread goes on, with a new PDFium where that is needed: Node 20 may end the whole process
 * when threads are stopped often, since a thread's code may still be compiled while it goes (nodejs/node#56312).
 */
class Refusal extends Error {
  constructor(
    message: string,
    readonly code: number | undefined,
  ) {
    super(message);
  }
}

async function answerOf(worker: Worker, request: Request, signal: AbortSignal): Promise<Message> {
  signal.throwIfAborted();
  worker.postMessage(request);
  try {
    const [message] = (await once(worker, "message", { signal })) as [Message];
    const { reply } = message;
    if ("error" in reply) throw new Refusal(reply.error, reply.code);
    return message;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function startThread(): Worker {
  // The program goes along as text, so that it needs no file of its own once the package is bundled.
  const started = new Worker(`(${pdfiumProgram})(require)`, {
    eval: true,
    workerData: createRequire(__filename).resolve("@hyzyla/pdfium"),
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  started.unref();
  return started;
}
