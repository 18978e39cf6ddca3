import type { VisionModel } from "../captions/vision-model.js";
import { inNotebook, markShown } from "../kernel/display.js";
import { kernelSignal } from "../kernel/interrupt.js";
import { reading, type Reader } from "../dataset/query.js";
import type { Progress } from "../stages/stage.js";
import { liveProgress, type LiveProgress } from "./progress.js";
import { count } from "./summary.js";

/** What every verb that takes long can be given. */
export interface WorkOptions {
  /** Cancels the work; what was done is kept. @default the notebook's interrupt */
  signal?: AbortSignal;
  /** Called after every item, beside the display that is shown anyway. */
  onProgress?: (progress: Progress) => void;
}

/** How work listens and reports. */
export interface Work {
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

export interface WorkSetting {
  /** Where to look for what failed. @default the quarantine */
  why?: string;
  /** Models that are asked: what they have to say is shown with the progress. */
  models?: readonly Pick<VisionModel, "onNotice">[];
}

/**
 * Does long work with its progress on display, and points to the quarantine where something failed.
 * @throws {DOMException} named `AbortError` when it was cancelled: says that the same call goes on from there
 */
export async function doWork<T extends { quarantined: number }>(
  { signal = kernelSignal(), onProgress }: WorkOptions,
  work: (work: Work) => Promise<T>,
  { why = "await lab.quarantine()", models = [] }: WorkSetting = {},
): Promise<T> {
  const live = liveProgress();
  const deaf = hear(models, live);
  let passed = 0;
  try {
    const result = await work({
      signal,
      onProgress(progress) {
        passed = progress.done;
        live.report(progress);
        onProgress?.(progress);
      },
    });
    signal.throwIfAborted();
    live.end(result.quarantined > 0 ? `${String(result)} · why: ${why}` : String(result));
    if (inNotebook()) markShown(result);
    return result;
  } catch (error) {
    if (!signal.aborted) {
      live.end("Stopped by an error.");
      throw error;
    }
    const message = `Cancelled. What is done is kept (${count(passed, "new result")}); start the same again to go on.`;
    live.end(message);
    throw new DOMException(message, "AbortError");
  } finally {
    deaf();
  }
}

/** Shows what models have to say beside the progress of work. @returns ends it */
export function hear(
  models: readonly Pick<VisionModel, "onNotice">[],
  live: Pick<LiveProgress, "say">,
): () => void {
  const ends = models.map((model) => model.onNotice?.((text) => live.say(text)));
  return () => {
    for (const end of ends) end?.();
  };
}

/** Asks a dataset for what a verb shows or returns; the notebook's interrupt ends it. */
export function asking<T>(folder: string, work: (reader: Reader) => Promise<T>): Promise<T> {
  return reading(folder, work, kernelSignal());
}
