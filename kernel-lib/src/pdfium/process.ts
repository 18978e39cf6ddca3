import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { startHelper } from "../processes/start-helper.js";
import type { Message, Reply, Request } from "./messages.js";
import { pdfiumProgram } from "./program.js";

/**
 * PDFium computes without a break, so it works in a process of its own that can be ended at any moment; there is one
 * for each process (or worker thread) of ours, started when first needed, and those who need it take turns. A thread
 * would do but for Node 20, which may end everything with it when it is stopped while its WebAssembly is still being
 * compiled (nodejs/node#56312).
 */
export interface Turn {
  /**
   * @throws with the words of PDFium for what it cannot do; the reason of `signal` when that is aborted, after which the
   *   turn is of no more use.
   */
  ask<T extends Reply>(request: Request, signal: AbortSignal): Promise<T>;
}

let queue: Promise<unknown> = Promise.resolve();
let current: ChildProcess | undefined;

/**
 * Bytes of WebAssembly memory, which grows and never shrinks: a process that has more of it after its turn is replaced,
 * so that one huge page does not cost its memory for good. A new one takes about 0.2 s.
 */
const MEMORY_KEPT = 96 * 2 ** 20;

/** Does work with PDFium when its turn has come. What it held is gone for the next one. */
export function takeTurn<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
  const done = queue.then(() => inProcess(work));
  queue = done.catch(() => undefined);
  return done;
}

async function inProcess<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
  const child = (current ??= startProcess());
  child.ref();
  child.channel?.ref();
  let [sound, taken] = [true, 0];
  const ask = async <R extends Reply>(request: Request, signal: AbortSignal): Promise<R> => {
    try {
      const { reply, memory } = await answerOf(child, request, signal);
      if ("error" in reply) throw new Refusal(reply.error, reply.code);
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
    child.unref();
    child.channel?.unref();
    if (!sound || taken > MEMORY_KEPT) {
      current = undefined;
      child.kill("SIGKILL");
    }
  }
}

/** What PDFium could not do; its process goes on. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly code: number | undefined,
  ) {
    super(message);
  }
}

function answerOf(child: ChildProcess, request: Request, signal: AbortSignal): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      signal.removeEventListener("abort", onAbort);
      done();
    };
    const onMessage = (message: Message) => settle(() => resolve(message));
    const onExit = (code: number | null, ended: string | null) =>
      settle(() => reject(new Error(`PDFium's process ended (${ended ?? `exit code ${code}`})`)));
    const onError = (error: Error) => settle(() => reject(error));
    const onAbort = () => settle(() => reject(signal.reason as Error));
    if (signal.aborted) return reject(signal.reason as Error);
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode);
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    signal.addEventListener("abort", onAbort);
    child.send(request, (error) => error && onError(error));
  });
}

function startProcess(): ChildProcess {
  const library = createRequire(__filename).resolve("@hyzyla/pdfium");
  // The program goes along as text, so that it needs no file of its own once the package is bundled.
  const program = `(${pdfiumProgram})(require)`;
  const started = startHelper(["--max-old-space-size=512", "-e", program, library]);
  // Who waits for an answer is told; between turns the next one finds it ended.
  started.on("error", () => undefined);
  started.on("exit", () => {
    if (current === started) current = undefined;
  });
  return started;
}
