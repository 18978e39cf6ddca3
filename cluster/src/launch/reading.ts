import { vllm, type LaunchOptions } from "figloom";
import { readerOf, readerSpec, type ReaderSpec, type VisionModel } from "figloom/stages";
import type { Reading } from "./plan.js";
import { modelOf, servingOf } from "./serving.js";

/**
 * What reads the text on figures. It is looked for here, so that nobody waits in a queue for data or a model that is not
 * there, and all workers read with the same.
 * @throws {ConfigurationError} for a reader that there is not, or that misses something
 */
export async function readingOf(dataset: string, options: LaunchOptions): Promise<Reading> {
  const asked = readerSpec(options.ocr ?? "tesseract");
  if (asked.kind !== "vllm") {
    const id = await idOf(dataset, asked);
    return { reader: asked, id, serving: null, computes: asked.kind === "ppocr" };
  }
  const { endpoints, model = options.model } = asked;
  const whom = {
    model,
    ...(endpoints ? { endpoints } : { endpoints: options.endpoints, serve: options.serve }),
  };
  const serving = servingOf(whom);
  const reader = { kind: asked.kind, model: await modelOf(whom, serving) };
  // It has its name, and need not answer.
  const id = await idOf(dataset, reader, vllm({ model: reader.model, endpoints: [] }));
  return { reader, id, serving, computes: false };
}

async function idOf(folder: string, spec: ReaderSpec, on?: VisionModel): Promise<string> {
  const reader = readerOf(spec, { on });
  const where = { folder, signal: AbortSignal.timeout(IDENTIFY_MS) };
  try {
    await (reader.identify ? reader.identify(where) : reader.ready?.(where));
    return reader.id;
  } finally {
    await reader.close();
    await on?.close();
  }
}

/** All of a model's bytes are read where they are new, on a slow disk at times. */
const IDENTIFY_MS = 15 * 60_000;
