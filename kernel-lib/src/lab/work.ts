import type { Prices } from "../captions/cost.js";
import type { VisionModel } from "../captions/vision-model.js";
import { errorText } from "../errors.js";
import { inNotebook, markShown } from "../kernel/display.js";
import { kernelSignal } from "../kernel/interrupt.js";
import { reading, type Reader } from "../dataset/query.js";
import type { RunStageOptions } from "../stages/run-stage.js";
import type { Progress } from "../stages/stage.js";
import { madeBy } from "../views/run-wording.js";
import { LiveRun } from "../work/live-run.js";
import { liveProgress, type LiveProgress } from "./progress.js";
import { showLiveRun } from "./run-display.js";
import { count } from "./summary.js";

/** What every verb that takes long can be given. */
export interface WorkOptions {
  /** Cancels the work; what was done is kept. @default the notebook's interrupt */
  signal?: AbortSignal;
  /** Called after every item, beside the display that is shown anyway. */
  onProgress?: (progress: Progress) => void;
}

/** How work listens and reports: to be given to `runStage`. */
export type Work = Required<Pick<RunStageOptions<never, never>, "signal" | "onProgress">> &
  Pick<RunStageOptions<never, never>, "gate" | "onFailure">;

/** What work is, for those who watch it. */
export interface WorkAbout {
  /** What is done: `recaption`. */
  verb: string;
  /** For people. @default the verb */
  title?: string;
  /** The dataset's folder. @default none: then nothing of it is written down */
  dataset?: string;
  /** Where to look for what failed. @default the quarantine */
  why?: string;
  /** What is said when it was cancelled. @default that what is done is kept */
  cancelled?: string;
  /** Models that are asked: what they have to say, their servers and tokens are shown. */
  models?: readonly VisionModel[];
  /** What the models cost. */
  prices?: Prices;
  /** Whether somebody else shows how it goes. @default false */
  silent?: boolean;
}

/**
 * Does long work as a run that can be watched, paused and cancelled, with its progress on display, and points to the
 * quarantine where something failed.
 * @throws {DOMException} named `AbortError` when it was cancelled: says that the same call goes on from there
 */
export async function doWork<T extends { quarantined: number }>(
  options: WorkOptions,
  work: (work: Work) => Promise<T>,
  about: WorkAbout,
): Promise<T> {
  const { why = "await lab.quarantine()", models = [] } = about;
  const run = startRun(about, options.signal ?? kernelSignal());
  const display = about.silent ? SILENCE : displayOf(run);
  const ends = models.map((model) =>
    model.onNotice?.((text) => {
      run.say(text);
      display.say(text);
    }),
  );
  try {
    const result = await work({
      signal: run.signal,
      gate: run.gate,
      onFailure: (line) => run.fail(line),
      onProgress(progress) {
        run.report(progress);
        display.report(progress);
        options.onProgress?.(progress);
      },
    });
    run.signal.throwIfAborted();
    const text = result.quarantined > 0 ? `${String(result)} · why: ${why}` : String(result);
    await run.end("finished", text, { trace: hasTrace(run) });
    if (inNotebook()) markShown(result);
    return result;
  } catch (error) {
    if (!run.signal.aborted) {
      await run.end("failed", `Stopped by an error. ${errorText(error)}`);
      throw error;
    }
    const message =
      about.cancelled ??
      `Cancelled. What is done is kept (${count(madeBy(run.settle()), "new result")}); start the same again to go on.`;
    await run.end("cancelled", message);
    throw new DOMException(message, "AbortError");
  } finally {
    for (const end of ends) end?.();
    display.end();
  }
}

function startRun(about: WorkAbout, signal: AbortSignal): LiveRun {
  const { verb, title = verb, dataset = null, models = [], prices = {} } = about;
  return new LiveRun({ verb, title, dataset, models, prices, signal });
}

const SILENCE: LiveProgress = { report: () => undefined, say: () => undefined, end: () => undefined };

/** A view in a notebook, a line elsewhere. */
function displayOf(run: LiveRun): LiveProgress {
  if (inNotebook()) return { ...SILENCE, end: showLiveRun(run) };
  return liveProgress();
}

/** Work that found everything done leaves no trace. */
const hasTrace = (run: LiveRun): boolean =>
  run.settle().parts.some(({ done, failed, failedBefore }) => done + failed - failedBefore > 0);

/** Asks a dataset for what a verb shows or returns; the notebook's interrupt ends it. */
export function asking<T>(folder: string, work: (reader: Reader) => Promise<T>): Promise<T> {
  return reading(folder, work, kernelSignal());
}
