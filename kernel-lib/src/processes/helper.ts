/** What programs of processes that compute for a parent have in common; those of figloom's bundles, not of its users. */
import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { errorText } from "../errors.js";

const LOOK_MS = 500;

/**
 * Answers the parent's messages for as long as the parent lives. A process that computes without a break hears nothing,
 * not even that its parent is gone: a thread of its own looks after that, and after memory, which is no JavaScript heap
 * where libraries in C take it. Where the machine's memory runs out, Linux ends this process before any other.
 * @param answer what goes back; it does not throw
 * @param bytes of memory with which this process is ended. @default no limit
 */
export function answerParent<Message, Reply extends object>(
  answer: (message: Message) => Promise<Reply>,
  { bytes = Infinity }: { bytes?: number } = {},
): void {
  process.on("message", (message: Message) => {
    answer(message)
      .then((reply) => process.send!(reply))
      .catch(() => process.exit(1));
  });
  process.on("disconnect", () => process.exit());
  const watch = `
    const { parent, bytes } = require("node:worker_threads").workerData;
    setInterval(() => {
      if (process.ppid !== parent || process.memoryUsage.rss() > bytes) process.kill(process.pid, "SIGKILL");
    }, ${LOOK_MS});`;
  new Worker(watch, {
    eval: true,
    workerData: { parent: process.ppid, bytes },
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  }).unref();
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Another system, or one that does not allow it.
  }
}

/** One line about what went wrong, without the stack that libraries append. */
export const inOneLine = (error: unknown): string =>
  errorText(error).replace(/\s+/g, " ").trim().slice(0, 600);
