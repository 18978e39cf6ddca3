/** The process that computes with a model, see process.ts: loads one and answers questions about it. */
import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { loadPpocr } from "../../ocr/ppocr/load.js";
import { loadClip } from "./clip.js";
import { loadMaskedLm } from "./masked-lm.js";
import type { Computed, FromProgram, Loaded, LoadOrder, Talk, ToProgram } from "./messages.js";

/** How a model of each kind is loaded. */
const LOADERS: { [K in Computed]: (order: LoadOrder<K>) => Promise<Loaded<K>> } = {
  clip: loadClip,
  "masked-lm": loadMaskedLm,
  ppocr: loadPpocr,
};

let loaded: Promise<Loaded<Computed>> | undefined;

async function obey(message: ToProgram): Promise<Talk[Computed]["about"] | Talk[Computed]["reply"]> {
  if ("load" in message) {
    loaded = LOADERS[message.load.kind](message.load as never) as Promise<Loaded<Computed>>;
    return (await loaded).about;
  }
  if (!loaded) throw new Error("no model was loaded");
  return (await loaded).answer(message.ask);
}

process.on("message", (message: ToProgram) => {
  const { id } = message;
  obey(message)
    .then((answer): FromProgram => ({ id, answer }))
    .catch((error: unknown): FromProgram => ({ id, error: inWords(error) }))
    .then((reply) => process.send!(reply))
    .catch(() => process.exit(1));
});

/** One line, without the stack that ONNX Runtime may append. */
function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s+/g, " ").trim().slice(0, 600);
}

// While a model computes, nothing here hears that the parent is gone: a thread looks after it.
const watch = `
  const { parent } = require("node:worker_threads").workerData;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGKILL"), 1000);`;
new Worker(watch, {
  eval: true,
  workerData: { parent: process.ppid },
  resourceLimits: { maxOldGenerationSizeMb: 16 },
}).unref();
process.on("disconnect", () => process.exit());

try {
  // Where memory runs out, Linux ends this process before any other.
  writeFileSync("/proc/self/oom_score_adj", "1000");
} catch {
  // Another system, or one that does not allow it.
}
